package hostile

import (
	"fmt"
	"time"

	"benchcell/internal/bench"
)

const keep = 256 << 10

var outputCases = []Case{
	{
		Name: "flood", Does: "writes to standard output without end", On: every, Bomb: true,
		Limits: bench.Limits{Output: keep}, Timeout: 2 * time.Second, Verdicts: ends(bench.OutputLimit),
		Defence: "output", Judge: keptExactly,
	},
	{
		Name: "flood-err", Does: "writes to standard error without end", On: every, Bomb: true,
		Limits: bench.Limits{Output: keep}, Timeout: 2 * time.Second, Verdicts: ends(bench.OutputLimit),
		Defence: "output", Judge: keptExactly,
	},
	{
		Name: "much-to-say", Does: "writes past what is kept and expects to be read", On: every,
		Limits: bench.Limits{Output: keep}, Lenient: []string{bench.LimitOutput}, Timeout: 3 * time.Second, Verdicts: ends(bench.OK),
		Defence: "drain", Judge: all(keptExactly, droppedRest),
	},
}

func keptExactly(t *Trial) error {
	if n := len(t.Outcome.Output.Stdout) + len(t.Outcome.Output.Stderr); n != keep {
		return fmt.Errorf("%d bytes were kept, and %d are the limit", n, keep)
	}
	return nil
}

func droppedRest(t *Trial) error {
	if n := t.Outcome.Evidence.StdoutDropped; n != 8<<20-keep {
		return fmt.Errorf("%d bytes are counted as dropped, of %d", n, 8<<20-keep)
	}
	return nil
}
