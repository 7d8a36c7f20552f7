package hostile

import (
	"fmt"
	"time"

	"benchcell/internal/bench"
)

var fileCases = []Case{
	{
		Name: "disk-fill", Does: "writes many files until there is no room", On: enclosed, Bomb: true,
		Limits: bench.Limits{Disk: 16 << 20}, Verdicts: ends(bench.DiskLimit), Defence: "disk", Judge: wroteAtMost(16 << 20),
	},
	{
		Name: "large-file", Does: "writes one file that is too large", On: every, Bomb: true,
		Limits: bench.Limits{Disk: 8 << 20}, Verdicts: ends(bench.DiskLimit), Defence: "disk",
	},
	{
		Name: "sparse-file", Does: "makes a file of a tebibyte without writing it", On: every,
		Limits: bench.Limits{Disk: 8 << 20}, Verdicts: ends(bench.DiskLimit), Defence: "disk",
	},
	{
		Name: "many-files", Does: "makes empty files until it can't", On: enclosed, Bomb: true,
		Timeout: 8 * time.Second, Verdicts: ends(bench.OK), Defence: "inodes", Judge: says("stopped by", "ENOSPC"),
	},
	{
		Name: "read-only", Does: "writes to folders of the system and files of the kernel", On: enclosed,
		Verdicts: ends(bench.OK), Defence: "user,root", Judge: refused(25, "EROFS", "EACCES", "EPERM", "ENOENT", "ETXTBSY", "ENXIO", "EIO"),
	},
	{
		Name: "between-samples", Does: "leaves files for the next sample", On: enclosed,
		Program: "leave", Then: "look", After: Restored, Verdicts: ends(bench.OK), Defence: "restore", Judge: foundNothing,
	},
	{
		Name: "between-runs", Does: "leaves files for the next run", On: enclosed,
		Program: "leave", Then: "look", After: Renewed, Verdicts: ends(bench.OK), Defence: "one-use", Judge: foundNothing,
	},
	{
		Name: "busy-executable", Does: "leaves an orphan that holds an executable open, which the next program wants to start", On: every,
		Program: "hold-executable", Then: "run-executables", After: Continued, Timeout: 10 * time.Second, Verdicts: ends(bench.OK), Defence: "tree",
		Judge: all(leftover, thenSays("held", "done"), thenSays("copies", "100")),
	},
	{
		Name: "traps", Does: "lays links to the host, closed and deep folders, strange names and objects in no folder for whoever clears up", On: every,
		Args: []string{"{canary}"}, Then: "look", After: Restored, Verdicts: ends(bench.OK), Defence: "restore", Judge: foundNothing,
	},
}

// foundNothing lets the second program see itself alone.
func foundNothing(t *Trial) error {
	if t.Then == nil || t.Then.Verdict != bench.OK {
		return fmt.Errorf("the program after it did not run well")
	}
	for _, f := range findings(t.Then) {
		if f.name != "looked" && f.answer != programName {
			return fmt.Errorf("the program after it found %s: %s", f.name, f.answer)
		}
	}
	return t.says(t.Then, "looked", "yes")
}
