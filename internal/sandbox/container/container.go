package container

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/runner"
	"benchcell/internal/sandbox/weaken"
)

// Config is what the backend needs to know.
type Config struct {
	Runner, Builtin *io.SectionReader // our programs, for the architecture of the engine
	Image           string            // for benchmarks that name none; "" is the image of our own programs
	Allowed         []string          // images that strangers may name
	Runtime         string            // OCI runtime of the engine, "" for its default, and runsc for strangers' code if there is one
	Minimum         bench.Minimum     // the least that strangers' code may run with
	Warm            int               // most containers that wait, started
	Reuse           bool              // trusted runs may use a container again
	Owner           string            // names the data folder; containers bear it
	CgroupParent    string            // control group that containers are made below, "" for the engine's own
	Kinds           []Kind            // what runs are expected to need, most wanted first
	ReadInside      bool              // figures through the runner even where the files are at hand
	Log             *slog.Logger
}

// Backend implements sandbox.Backend.
type Backend struct {
	config Config
	engine *engine
	broken error // why there is no client
	images *images
	pool   runner.Pool[kind, *box]
	serial atomic.Int64

	// making is held by those who create containers against those who sweep.
	making sync.RWMutex
	mu     sync.Mutex
	live   map[string]*box // by container id
}

// kind says what containers are alike, so that one can stand in for another.
type kind struct {
	image   string // as asked for
	runtime string // of the engine
	limits  bench.Limits
	used    bool // has run trusted code, and may run more of it
}

// New readies the backend. A machine without an engine shows in Probe and Open.
func New(config Config) *Backend {
	b := &Backend{config: config, live: map[string]*box{}}
	b.engine, b.broken = newEngine()
	b.images = &images{
		engine: b.engine, runner: config.Runner, builtin: config.Builtin,
		allowed: append([]string{config.Image}, config.Allowed...), ready: map[string]string{},
	}
	if weaken.Off("one-use") {
		config.Warm = 1
	}
	b.pool = runner.Pool[kind, *box]{
		Make: b.make, Destroy: b.destroy, Waits: func(x *box) bool { return x.conn.Waits() }, Want: b.wanted, Keep: config.Warm, Log: config.Log,
	}
	return b
}

// Name implements sandbox.Backend.
func (*Backend) Name() bench.Isolation { return bench.Container }

// Run sweeps what an earlier life of the same owner left, then keeps containers
// warm until ctx ends.
func (b *Backend) Run(ctx context.Context) error {
	if b.broken != nil {
		return nil //nolint:nilerr // Probe and Open tell of it, and the server goes on without
	}
	watching, stop := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { b.watchEngine(watching) })
	err := b.pool.Run(ctx)
	stop()
	watch.Wait()
	return err
}

// Kind is what an expected run needs of its container.
type Kind struct {
	Image   string // "" is the image of our own programs
	Limits  bench.Limits
	Trusted bool
}

// wanted is what to have warm.
func (b *Backend) wanted() []kind {
	kinds := b.kinds()
	return kinds[:min(len(kinds), b.config.Warm)]
}

// kinds are the different containers that are expected.
func (b *Backend) kinds() []kind {
	var kinds []kind
	for _, expected := range b.config.Kinds {
		k := kind{image: expected.Image, runtime: b.recentRuntime(expected.Trusted), limits: withoutTime(expected.Limits)}
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Open implements sandbox.Backend.
func (b *Backend) Open(ctx context.Context, spec sandbox.Spec) (sandbox.Session, error) {
	if b.broken != nil {
		return nil, sandbox.Unavailable("", "%w", b.broken)
	}
	image := spec.Image
	if image == "" && !spec.Builtin {
		image = b.config.Image
	}
	if !spec.Trusted && !b.images.permitted(image) {
		return nil, bench.Errorf(bench.CodeInvalid, "image %q is not among those that the configuration allows", image).
			WithHint("add it to isolation.container.allowed")
	}
	k := kind{image: image, runtime: b.recentRuntime(spec.Trusted), limits: withoutTime(spec.Limits)}
	if !spec.Trusted {
		if err := b.demand(k.runtime); err != nil {
			return nil, err
		}
	}
	taken, warm, err := b.take(ctx, k, spec)
	if err != nil {
		return nil, b.unavailable(err)
	}
	s := newSession(b, taken, spec, k, warm)
	if err := s.prepare(ctx); err != nil {
		s.lost = true // it is not as asked for, or files may be there already
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Waiting counts the containers that are ready for a run.
func (b *Backend) Waiting() int { return b.pool.Waiting() }

// Left names the containers of this owner that exist, in any state.
func (b *Backend) Left(ctx context.Context) ([]string, error) {
	if b.broken != nil {
		return nil, b.broken
	}
	return b.engine.list(ctx, b.label())
}

// Settle returns when no container is being made or destroyed any more.
func (b *Backend) Settle() { b.pool.Settle() }

// withoutTime leaves out what the runner enforces by itself, job by job.
func withoutTime(l bench.Limits) bench.Limits {
	l.CPUTime, l.Output = 0, 0
	return l
}

// take prefers a container that trusted code has used, if this is trusted too.
func (b *Backend) take(ctx context.Context, k kind, spec sandbox.Spec) (*box, bool, error) {
	if used := k; spec.Trusted && b.config.Reuse || weaken.Off("one-use") {
		used.used = true
		if spec.Measured {
			b.pool.Settle() // what the run before has used may be ready again
		}
		if b.pool.Ready(used) > 0 {
			return b.pool.Take(ctx, used, spec.Measured)
		}
	}
	return b.pool.Take(ctx, k, spec.Measured)
}

func (b *Backend) unavailable(err error) error {
	var known *bench.Error
	if errors.As(err, &known) {
		return err
	}
	if b.engine.gone(err) {
		return b.engine.unreachable(err)
	}
	return sandbox.Unavailable("see 'orchestrator doctor'", "the container could not be started: %w", err)
}

func (b *Backend) forget(x *box) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.live, x.id)
}

func (b *Backend) tracked(id string) *box {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.live[id]
}

const ownerLabel = "benchcell.owner"

func (b *Backend) label() string { return ownerLabel + "=" + b.config.Owner }

// Sweep removes the containers that a dead process of the same owner has left.
func (b *Backend) Sweep(ctx context.Context) error {
	if b.broken != nil {
		return b.broken
	}
	return b.sweep(ctx)
}

// sweep removes the containers of an earlier life of the same owner, and those
// of this one that could not be removed when the engine was away.
func (b *Backend) sweep(ctx context.Context) error {
	b.making.Lock()
	defer b.making.Unlock()
	ids, err := b.engine.list(ctx, b.label())
	if err != nil {
		return err
	}
	var errs []error
	for _, id := range ids {
		if b.tracked(id) == nil {
			errs = append(errs, b.engine.remove(ctx, id))
			b.config.Log.Info("removed a container that was left", "container", fmt.Sprintf("%.12s", id))
		}
	}
	return errors.Join(errs...)
}
