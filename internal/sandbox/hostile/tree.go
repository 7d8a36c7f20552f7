package hostile

import (
	"fmt"
	"time"

	"benchcell/internal/bench"
)

var treeCases = []Case{
	{
		Name: "fork-bomb", Does: "has every process double, ten generations deep", On: every, Groups: true, Bomb: true,
		Limits: bench.Limits{Pids: 64}, Timeout: 2 * time.Second, Verdicts: ends(bench.PidsLimit),
		Defence: "pids", Judge: all(pidsRefused, pidsWithin(64)), Look: true,
	},
	{
		Name: "many-and-small", Does: "runs out of memory by many children, each smaller than the runner", On: every, Groups: true, Bomb: true,
		Args: []string{"100"}, Limits: bench.Limits{Memory: 32 << 20}, Timeout: 3 * time.Second, Verdicts: ends(bench.OOM),
		Defence: "oom-score", Judge: all(oomKilled, hasFigures),
	},
	{
		// In a container it may write to its own files in /proc, and so have the kernel
		// take the runner first: it loses its figures by that, and nothing else.
		Name: "hide-from-oom", Does: "has the runner taken in its place where memory runs out, which it then does", On: enclosed, Groups: true, Bomb: true,
		Args: []string{"100"}, Limits: bench.Limits{Memory: 32 << 20}, Timeout: 3 * time.Second, Verdicts: ends(bench.OOM), Defence: "memory",
	},
	{
		Name: "daemon", Does: "leaves a child in a session of its own that holds standard output", On: every,
		Timeout: 8 * time.Second, Verdicts: ends(bench.OK),
		Defence: "tree", Judge: all(leftover, cpuAtLeast(280*time.Millisecond)),
	},
	{
		Name: "writes-later", Does: "leaves an orphan of an orphan that goes on writing", On: every,
		Timeout: 8 * time.Second, Then: "watch-writer", After: Continued, Verdicts: ends(bench.OK),
		Defence: "tree", Judge: all(leftover, thenSays("written later", "0")),
	},
	{
		Name: "leave-headless", Does: "leaves a child behind whose first thread has ended, and another has not", On: every,
		Timeout: 8 * time.Second, Verdicts: ends(bench.OK), Defence: "tree", Judge: leftover,
	},
	{
		Name: "kill-the-runner", Does: "sends every signal to its parent, also in the kernel's name", On: enclosed, Verdicts: ends(bench.NonzeroExit),
		// In a sandbox the runner has another user, which stops them first.
		Defence: "signals", Instead: map[Boundary]string{Sandboxed: "signals,user"}, Judge: exitedWith(7),
	},
	{
		Name: "kill-everybody", Does: "kills everything that its user may kill", On: enclosed, Bomb: true, Verdicts: ends(bench.NonzeroExit),
		// In a container the runner is the first process, which this signal leaves out.
		// In a sandbox that can be taken away with the namespace of processes alone,
		// and then it would kill for real: "own-processes" proves that one.
		Defence: "init", Instead: map[Boundary]string{Sandboxed: ""}, Judge: exitedWith(7),
	},
}

func pidsRefused(t *Trial) error {
	if above(t.Outcome.Evidence.PidsRefused) < 1 {
		return fmt.Errorf("the kernel has refused it no process")
	}
	return nil
}

// pidsWithin counts from outside how many processes there were at a time.
func pidsWithin(limit int) func(*Trial) error {
	return func(t *Trial) error {
		if t.Most > limit+1 { // the runner's own start counts too
			return fmt.Errorf("%d processes were seen at a time, and %d were allowed", t.Most, limit)
		}
		return nil
	}
}

func leftover(t *Trial) error {
	if above(t.Outcome.Evidence.Leftovers) < 1 {
		return fmt.Errorf("what it left behind was not seen")
	}
	return nil
}

func exitedWith(code int) func(*Trial) error {
	return func(t *Trial) error {
		if got := t.Outcome.Death.Code; got == nil || *got != code {
			return fmt.Errorf("its end was not told as it was: %+v, and it has exited with %d", t.Outcome.Death, code)
		}
		return nil
	}
}
