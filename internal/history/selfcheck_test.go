package history

import (
	"context"
	"fmt"
	"testing"
	"time"

	"benchcell/internal/bench"
)

// pair ends two runs that took turns, with such samples.
func (b *bed) pair(plans [2]*bench.Plan, walls [2]float64, v bench.Verdict) (ids [2]string) {
	b.t.Helper()
	var runs [2]bench.Run
	for i, plan := range plans {
		b.n++
		runs[i] = bench.NewRun(fmt.Sprintf("run-%05d", b.n), plan, nil, time.Now().UTC())
		ids[i] = runs[i].ID
	}
	bench.PairRuns(&runs[0], &runs[1])
	if err := b.store.Submit(b.t.Context(), []bench.Submission{{Run: runs[0], Plan: *plans[0]}, {Run: runs[1], Plan: *plans[1]}}, nil); err != nil {
		b.t.Fatal(err)
	}
	for i := range runs {
		take := runs[i].Take(time.Now().UTC())
		if err := b.store.Apply(b.t.Context(), take); err != nil {
			b.t.Fatal(err)
		}
		process, machine, m := bench.Process, "host", &bench.Measurement{Verdict: v, Ended: time.Now().UTC()}
		for n := range 2 * bench.LeastBlocks {
			m.Samples = append(m.Samples, bench.Sample{Index: n, Wall: walls[i] + float64(n%7)/100})
		}
		m.Effective = &process
		end := take.Run.Record(m)
		end.Run.Machine, end.Run.Time.Median, end.Run.Time.N = &machine, &walls[i], len(m.Samples)
		if err := b.store.Apply(b.t.Context(), end); err != nil {
			b.t.Fatal(err)
		}
	}
	return ids
}

func TestAComparisonWithItselfTellsTheNoise(t *testing.T) {
	b := open(t)
	same, other := planOf("sort", true), planOf("sort", true)
	other.Command = []string{"false"} // another definition
	first := b.pair([2]*bench.Plan{same, same}, [2]float64{10, 10.1}, bench.OK)
	b.pair([2]*bench.Plan{same, other}, [2]float64{10, 12}, bench.OK)
	b.pair([2]*bench.Plan{same, same}, [2]float64{10, 12}, bench.NonzeroExit)
	b.look()
	q := bench.TrendQuery{Series: bench.Series{Definition: same.Hash()}}
	checks := b.trend(q).SelfChecks
	if checks.N != 1 || checks.Alarms != 0 || checks.Last.Comparison != first[0] || checks.Detectable == nil {
		t.Fatalf("%+v", checks)
	}
	if f := *checks.Floor; f < 0.009 || f > 0.011 {
		t.Errorf("the floor is %v", f)
	}
	b.pair([2]*bench.Plan{same, same}, [2]float64{10, 12}, bench.OK)
	b.restart()
	b.look()
	if checks = b.trend(q).SelfChecks; checks.N != 2 || checks.Alarms != 1 || !checks.Last.Different {
		t.Errorf("%+v, %+v", checks, checks.Last)
	}
}

// queue notes which benchmarks are paired.
type queue []string

func (q *queue) SubmitPair(_ context.Context, plans [2]bench.Plan) ([]bench.Run, error) {
	*q = append(*q, plans[0].Slug+plans[1].Slug)
	return nil, nil
}

func TestEachBenchmarkIsCheckedInItsTurn(t *testing.T) {
	b := open(t)
	b.pair([2]*bench.Plan{planOf("a", true), planOf("a", true)}, [2]float64{1, 1}, bench.OK)
	var asked queue
	s := SelfChecking{Every: time.Hour, Pairs: &asked, Plans: func() []bench.Plan {
		return []bench.Plan{*planOf("a", true), *planOf("b", true), *planOf("c", true)}
	}}
	tried := map[string]time.Time{}
	check := func() {
		t.Helper()
		if err := b.checkNext(t.Context(), s, tried); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		check()
	}
	if fmt.Sprint(asked) != "[bb cc]" {
		t.Errorf("asked for %v: a is not due, and b and c once", asked)
	}
	tried["a"] = time.Now().Add(-2 * time.Hour)
	check()
	if fmt.Sprint(asked) != "[bb cc aa]" {
		t.Errorf("asked for %v", asked)
	}
}
