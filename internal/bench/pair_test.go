package bench

import (
	"strings"
	"testing"
)

func TestPair(t *testing.T) {
	plans := [2]Plan{{Benchmark: command()}, {Benchmark: command()}}
	plans[0].Iterations, plans[0].Sampling = 0, Sampling{Precision: 0.01}
	plans[1].Kind, plans[1].Iterations = KindProtocol, 7
	got, err := Pair(plans, 15)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Samples() != (Sampling{Min: 30, Max: 30}) || got[0].Blocks != 15 {
		t.Errorf("a command takes %+v in %d blocks", got[0].Samples(), got[0].Blocks)
	}
	if got[1].Samples().Min != 7 || got[1].Blocks != 15 {
		t.Errorf("a program that times itself is asked for %d in %d blocks", got[1].Samples().Min, got[1].Blocks)
	}
	if plans[0].Blocks != 0 {
		t.Error("the caller's plans have changed")
	}
	for want, change := range map[string]func(*[2]Plan) int{
		"blocks is 2: it must be 3 to 1000": func(*[2]Plan) int { return MinBlocks - 1 },
		"blocks is 1001":                    func(*[2]Plan) int { return MaxBlocks + 1 },
		"kind tests, which has no time":     func(p *[2]Plan) int { p[1].Kind = KindTests; return 15 },
	} {
		changed := plans
		blocks := change(&changed)
		if _, err := Pair(changed, blocks); err == nil || CodeOf(err) != CodeInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
