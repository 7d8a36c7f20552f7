//go:build linux

// Package process runs a benchmark as a child process: in a session of its
// own, under a lean runner, with limits by control group where the machine
// gives one. Code that the operator trusts sees the machine as its user does,
// unless the configuration wants it sandboxed; any other always is: in
// namespaces and a root of its own, without privileges, or not at all.
package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/cgroup"
	"benchcell/internal/sandbox/runner"
	"benchcell/internal/sandbox/weaken"
)

// Config is what the backend needs to know.
type Config struct {
	Runner       *io.SectionReader // the runner's executable
	Builtin      string            // path of the program with the registered functions, "" without
	CgroupParent string            // "" chooses
	Owner        string            // names the data folder; groups of an earlier life bear it
	Temp         string            // folder for the TMPDIRs
	Keep         int               // most runners that wait at a time
	Sandbox      bool              // trusted code is sandboxed too
	Warm         int               // most sandboxed runners to have ready
	Size         int64             // bytes of /work and /tmp that most runs ask for
	System       []string          // files and folders of the machine to show in a sandbox
	Minimum      bench.Minimum     // the least that strangers' code may run with
	Log          *slog.Logger
}

// Backend implements sandbox.Backend.
type Backend struct {
	config  Config
	program *runner.Program
	broken  error // why no runner can be started
	place   *cgroup.Place
	noGroup error // why there are no control groups
	pool    runner.Pool[kind, *worker]
	serial  atomic.Int64

	mu    sync.Mutex
	proof *proof // of the last sandbox that was made
}

// kind says what runners are alike, so that one can stand in for another. One
// that has lowered its hard limit on the size of files for a program can't raise
// it again, unless it is root; a sandboxed one has its folders of that size.
type kind struct {
	size      fileSize
	sandboxed bool
	dir       string // of the host, that the sandbox shows
	used      bool   // trusted code has run in the sandbox, and may again
}

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
	b.pool = runner.Pool[kind, *worker]{
		Make: b.start, Destroy: (*worker).destroy, Waits: func(w *worker) bool { return w.conn.Waits() }, Renew: b.renew, Keep: b.kept() + config.Warm, Log: config.Log,
		Want: b.wanted,
	}
	return b
}

// wanted is what to have warm.
func (b *Backend) wanted() []kind {
	var list []kind
	if !b.config.Sandbox { // else nothing runs without
		list = append(list, kind{size: unlimited})
	}
	if b.config.Minimum == bench.MinimumSandbox || b.config.Sandbox {
		list = append(list, slices.Repeat([]kind{b.fresh()}, b.config.Warm)...)
	}
	return list
}

// kept is how many runners may wait, beside the fresh sandboxes.
func (b *Backend) kept() int { return max(b.config.Keep, 1) }

// hasRoom for one more used runner: fresh sandboxes have places of their own.
func (b *Backend) hasRoom() bool { return b.pool.Waiting()-b.pool.Ready(b.fresh()) < b.kept() }

// fresh is a sandbox with the default limits, fit for anybody's next run.
func (b *Backend) fresh() kind { return kind{size: fileSize(b.config.Size), sandboxed: true} }

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
	if spec.Measured {
		b.pool.Settle() // what the run before has used may be ready again
	}
	k, err := b.kind(&spec)
	if err != nil {
		return nil, err
	}
	w, warm, err := b.pool.Take(ctx, k, spec.Measured)
	if err != nil {
		if k.sandboxed {
			return nil, unavailable(err)
		}
		return nil, sandbox.Unavailable("", "the runner could not be started: %w", err)
	}
	s := newSession(b, w, spec, k, warm)
	if err := s.prepare(ctx); err != nil {
		s.lost = k.sandboxed // files may be there already
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// kind is what a run needs, preferring what waits.
func (b *Backend) kind(spec *sandbox.Spec) (kind, error) {
	k := kind{size: fileSize(spec.Limits.Disk), sandboxed: !spec.Trusted || b.config.Sandbox}
	switch {
	case !spec.Trusted && b.config.Minimum != bench.MinimumSandbox:
		return k, sandbox.Unavailable("use container isolation, or change untrusted.minimum",
			"untrusted.minimum asks for more than a sandboxed process: %s", b.config.Minimum)
	case b.broken != nil:
		return k, sandbox.Unavailable("", "%w", b.broken)
	case !k.sandboxed && len(spec.Files) > 0: // and so has nothing to build
		return k, sandbox.Unavailable("use container isolation, or isolation.process.sandbox", "a plain process has no /work to put files into")
	case !k.sandboxed && b.pool.Ready(k) == 0:
		k.size = unlimited
	case k.sandboxed && (spec.Trusted || weaken.Off("one-use")):
		k.dir = spec.Dir
		if used := (kind{k.size, true, k.dir, true}); b.pool.Ready(used) > 0 {
			k = used
		}
		return k, checkDir(k.dir)
	}
	return k, nil
}

// renew readies a used runner for its next session.
func (b *Backend) renew(w *worker) error {
	switch {
	case weaken.Off("one-use"):
		return nil
	case w.kind.sandboxed:
		return (&runner.Work{Conn: w.conn}).Clear(context.Background())
	}
	return b.newTemp(w)
}

// Settle returns when no runner is being made, readied again or destroyed any more.
func (b *Backend) Settle() { b.pool.Settle() }

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
