//go:build linux

// Package process runs a benchmark as a child process: in a session of its
// own, under a lean runner, with limits by control group where the machine
// gives one. It is for code that the operator trusts: nothing here hides the
// machine from the program, and Open refuses anything else.
package process

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/cgroup"
	"benchcell/internal/sandbox/runner"
)

// Config is what the backend needs to know.
type Config struct {
	Runner       *io.SectionReader // the runner's executable
	Builtin      string            // path of the program with the registered functions, "" without
	CgroupParent string            // "" chooses
	Owner        string            // names the data folder; groups of an earlier life bear it
	Temp         string            // folder for the TMPDIRs
	Keep         int               // most runners that wait at a time
	Log          *slog.Logger
}

// Backend implements sandbox.Backend.
type Backend struct {
	config  Config
	program *runner.Program
	broken  error // why no runner can be started
	place   *cgroup.Place
	noGroup error // why there are no control groups
	pool    runner.Pool[fileSize, *worker]
	serial  atomic.Int64
}

// fileSize tells runners apart: one that has lowered its hard limit on the size
// of files for a program can't raise it again, unless it is root.
type fileSize int64

const unlimited fileSize = 0 // no program was started yet

// New readies the backend and clears what an earlier life of the same owner
// left. A machine that can't run it shows in Probe and Open.
func New(config Config) *Backend {
	b := &Backend{config: config}
	b.program, b.broken = runner.NewProgram("benchcell-runner", config.Runner)
	b.place, b.noGroup = cgroup.Find(config.CgroupParent)
	if b.noGroup == nil {
		if n, err := b.place.Sweep(config.Owner + "-"); err != nil || n > 0 {
			config.Log.Info("swept control groups of an earlier run", "groups", n, "error", err)
		}
	} else {
		b.place = nil
	}
	b.sweepTemp()
	b.pool = runner.Pool[fileSize, *worker]{
		Make: b.start, Destroy: (*worker).destroy, Renew: b.newTemp, Keep: max(config.Keep, 1), Log: config.Log,
		Want: func() []fileSize { return []fileSize{unlimited} },
	}
	return b
}

// Run keeps a runner warm until ctx ends.
func (b *Backend) Run(ctx context.Context) error {
	if b.broken != nil {
		return nil //nolint:nilerr // Probe and Open tell of it, and the server goes on without
	}
	return b.pool.Run(ctx)
}

// Name implements sandbox.Backend.
func (*Backend) Name() bench.Isolation { return bench.Process }

func (b *Backend) sweepTemp() {
	left, _ := filepath.Glob(filepath.Join(b.config.Temp, "run-*"))
	for _, dir := range left {
		if err := os.RemoveAll(dir); err != nil {
			b.config.Log.Warn("could not remove a left-over temporary folder", "error", err)
		}
	}
}

// Open implements sandbox.Backend.
func (b *Backend) Open(ctx context.Context, spec sandbox.Spec) (sandbox.Session, error) {
	if !spec.Trusted {
		return nil, sandbox.Unavailable("use container isolation", "a plain process is not fit for untrusted code")
	}
	if b.broken != nil {
		return nil, sandbox.Unavailable("", "%w", b.broken)
	}
	if len(spec.Files) > 0 { // and so has nothing to build
		return nil, sandbox.Unavailable("use container isolation", "a plain process has no /work to put files into")
	}
	size := fileSize(spec.Limits.Disk)
	if b.pool.Ready(size) == 0 {
		size = unlimited
	}
	w, _, err := b.pool.Take(ctx, size, spec.Measured)
	if err != nil {
		return nil, sandbox.Unavailable("", "the runner could not be started: %w", err)
	}
	s := &session{backend: b, worker: w, spec: spec}
	if err := s.prepare(); err != nil {
		b.pool.Give(size, w, false)
		return nil, err
	}
	return s, nil
}

// newTemp makes the TMPDIR of a worker's next session and removes that of its
// last one.
func (b *Backend) newTemp(w *worker) error {
	if err := w.removeTemp(); err != nil {
		return err
	}
	dir := filepath.Join(b.config.Temp, fmt.Sprintf("run-%d-%d", os.Getpid(), b.serial.Add(1)))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("make the program's temporary folder: %w", err)
	}
	w.temp = dir
	return nil
}
