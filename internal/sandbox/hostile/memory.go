package hostile

import (
	"fmt"
	"time"

	"benchcell/internal/bench"
)

var memoryCases = []Case{
	{
		Name: "touch", Does: "touches twice the memory that it was given", On: every, Groups: true, Bomb: true,
		Args: []string{"128"}, Limits: bench.Limits{Memory: 64 << 20}, Verdicts: ends(bench.OOM),
		Defence: "memory", Judge: all(oomKilled, peakWithin(64<<20)),
	},
	{
		Name: "child-runs-out", Does: "does well while its child runs out of memory", On: every, Groups: true, Bomb: true,
		Args: []string{"128"}, Limits: bench.Limits{Memory: 64 << 20}, Verdicts: ends(bench.OOM),
		Defence: "memory", Judge: all(oomKilled, exitedWith(0)),
	},
	{
		Name: "slow-leak", Does: "keeps a MiB more every two milliseconds", On: every, Groups: true, Bomb: true,
		Limits: bench.Limits{Memory: 64 << 20}, Verdicts: ends(bench.OOM),
		Defence: "memory", Judge: oomKilled,
	},
	{
		Name: "stack-overflow", Does: "calls itself without end", On: every, Groups: true, Bomb: true,
		Limits: bench.Limits{Memory: 64 << 20}, Verdicts: ends(bench.OOM),
		Defence: "memory", Judge: oomKilled,
	},
	{
		Name: "fill-tmp", Does: "hides memory in files of /tmp", On: enclosed, Groups: true, Bomb: true,
		Limits: bench.Limits{Memory: 24 << 20}, Verdicts: ends(bench.OOM, bench.DiskLimit),
		Defence: "memory", Judge: peakWithin(24 << 20),
	},
	{
		Name: "fill-shm", Does: "hides memory in /dev/shm", On: enclosed, Bomb: true,
		Verdicts: ends(bench.NonzeroExit, bench.DiskLimit, bench.OOM), Defence: "shm", Judge: wroteAtMost(8 << 20),
	},
	{
		// What can't be had makes connections slow, or ends the program.
		Name: "fill-sockets", Does: "hides memory in connections to itself", On: every, Groups: true, Bomb: true,
		Limits: bench.Limits{Memory: 32 << 20}, Timeout: 3 * time.Second, Verdicts: ends(bench.OK, bench.OOM, bench.Timeout),
		Defence: "memory", Judge: heldAtMost(96 << 20),
	},
	{
		Name: "open-files", Does: "opens files until it can't", On: every,
		Timeout: 8 * time.Second, Verdicts: ends(bench.OK), Defence: "open-files", Judge: all(says("stopped by", "EMFILE"), says("highest", "4095")),
	},
}

func oomKilled(t *Trial) error {
	if above(t.Outcome.Evidence.OOMKills) < 1 {
		return fmt.Errorf("the kernel has counted no kill for memory")
	}
	return nil
}

// hasFigures says whether the runner lived to tell.
func hasFigures(t *Trial) error {
	if t.Outcome.CPU == nil {
		return fmt.Errorf("the runner was taken along: %s", t.Outcome.Reason)
	}
	return nil
}

// peakWithin believes the control group's own peak.
func peakWithin(limit int64) func(*Trial) error {
	return func(t *Trial) error {
		if peak := t.Outcome.TreePeak; peak != nil && *peak > limit+limit/20 {
			return fmt.Errorf("the control group's peak is %d bytes, and %d were allowed", *peak, limit)
		}
		return nil
	}
}

func wroteAtMost(limit int64) func(*Trial) error {
	return func(t *Trial) error {
		if n := t.number("written"); n < 0 || n > limit {
			return fmt.Errorf("it has written %d bytes, and %d were allowed", n, limit)
		}
		return nil
	}
}

// heldAtMost allows for the little that the kernel grants to any socket.
func heldAtMost(limit int64) func(*Trial) error {
	return func(t *Trial) error {
		if n := t.number("held"); n > limit {
			return fmt.Errorf("its sockets held %d bytes, and %d were the most", n, limit)
		}
		return nil
	}
}
