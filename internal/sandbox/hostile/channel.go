package hostile

import (
	"encoding/hex"
	"fmt"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/runner/frame"
)

var channelCases = []Case{
	{
		Name: "forge-frames", Does: "reports in the runner's language that it ended well and in no time", On: enclosed,
		Args: []string{forged()}, Verdicts: ends(bench.NonzeroExit),
		Defence: "descriptors", Judge: all(exitedWith(7), tookAtLeast(200*time.Millisecond)),
	},
	{
		// Those who run at the same time could see one another's: what is measured
		// never does, and strangers' code always is.
		Name: "locks", Does: "locks files that boundaries share, for the next run to see", On: enclosed,
		Program: "lock", Then: "look-for-locks", After: Renewed, Verdicts: ends(bench.OK), Defence: "tree",
		Judge: all(leftover, thenSays("locked", "0")),
	},
	{
		Name: "spy", Does: "reads the runner's memory, environment and descriptors", On: enclosed,
		Verdicts: ends(bench.OK), Defence: "dumpable", Instead: map[Boundary]string{Sandboxed: "dumpable,user"}, Judge: refused(20, "EACCES", "EPERM", "ENOENT"),
	},
}

// forged is a result as the runner sends it, of a program that ended well at once.
func forged() string {
	return hex.EncodeToString(frame.AppendResult(nil, &frame.Result{Status: frame.Exited, Wall: 1, ExitedAt: 1, EmptyAt: 1, SigtermAt: -1, SigkillAt: -1}))
}

func tookAtLeast(want time.Duration) func(*Trial) error {
	return func(t *Trial) error {
		if t.Outcome.Wall < want {
			return fmt.Errorf("it is said to have taken %v, and slept for %v", t.Outcome.Wall, want)
		}
		return nil
	}
}
