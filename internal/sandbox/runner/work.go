package runner

import (
	"context"
	"fmt"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/runner/frame"
)

// OpenFiles is the RLIMIT_NOFILE of every program.
const OpenFiles = 4096

// Swept folders are emptied between samples, in a boundary that has them for itself,
// and with Work between sessions.
var (
	Swept      = []string{"/tmp", "/dev/shm"}
	AllFolders = append(Swept[:len(Swept):len(Swept)], "/work")
)

// Work keeps the /work of one boundary the same for every sample of a session.
type Work struct {
	Conn  *Conn
	Files []bench.File
	// Build executes a build, under limits of its own.
	Build func(context.Context, sandbox.Exec) (*sandbox.Outcome, error)

	builds []sandbox.Exec // what made /work from the files, to make it again
	used   bool           // something has run
}

// Put writes the files: an empty folder is what a runner begins with.
func (w *Work) Put(ctx context.Context) error {
	if len(w.Files) == 0 {
		return nil
	}
	return w.Conn.PutFiles(ctx, w.Files)
}

// Ready makes the boundary what it was before the first sample, unless the
// execution is to find what the one before has left.
func (w *Work) Ready(ctx context.Context, exec sandbox.Exec) error {
	again := w.used && !exec.Continue
	w.used = true
	if exec.Build {
		defer func() { w.builds = append(w.builds, exec) }()
	}
	if !again {
		return nil
	}
	emptied, err := w.Conn.Restore(ctx, Swept)
	if err != nil || !emptied {
		return err
	}
	if err := w.Conn.PutFiles(ctx, w.Files); err != nil {
		return err
	}
	return w.rebuild(ctx)
}

func (w *Work) rebuild(ctx context.Context) error {
	for _, build := range w.builds {
		o, err := w.Build(ctx, build)
		if err == nil && o.Verdict != bench.OK {
			err = fmt.Errorf("%q ended %s when it was repeated, because a sample had changed what it made in /work", build.Argv, o.Verdict)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Clear empties the boundary for its next session.
func (w *Work) Clear(ctx context.Context) error {
	_, err := w.Conn.Restore(ctx, AllFolders)
	return err
}

// NewJob states an execution in a runner's terms. Where it runs and with what
// environment is the boundary's to add.
func NewJob(spec *sandbox.Spec, exec *sandbox.Exec, argv []string) *frame.Job {
	return &frame.Job{
		Argv: argv, Timeout: int64(exec.Timeout), Grace: int64(exec.Grace),
		CPUTime: int64(spec.Limits.CPUTime * float64(time.Millisecond)),
		Output:  spec.Limits.Output, StrictOutput: spec.Strict[bench.LimitOutput],
		OpenFiles: OpenFiles, FileSize: spec.Limits.Disk,
		Stdin: len(spec.Stdin) > 0 && !exec.Aside,
	}
}
