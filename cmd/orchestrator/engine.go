package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"benchcell/internal/access"
	"benchcell/internal/api"
	"benchcell/internal/bench"
	"benchcell/internal/builtin"
	"benchcell/internal/history"
	"benchcell/internal/machine"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/container"
	"benchcell/internal/sandbox/inprocess"
	"benchcell/internal/sandbox/process"
	"benchcell/internal/scheduler"
	"benchcell/internal/store"
	"benchcell/internal/worker"
	runnerimage "benchcell/runner-image"
	"benchcell/web"
)

// engine is everything that works, wired: the same under a server and under a
// single run.
type engine struct {
	options   engineOptions
	config    *Config
	data      *dataFolder
	store     *store.Store
	process   *process.Backend
	container *container.Backend
	scheduler *scheduler.Scheduler
	history   *history.History
	access    *access.Access
	api       *api.API
	below     string // control group that boundaries are made below, "" for the configured
	log       *slog.Logger
}

// engineOptions are what a server and a run want differently.
type engineOptions struct {
	grace   time.Duration // for what runs when we are told to stop
	warm    int           // most containers to keep started
	reading bool          // what is queued stays so: somebody only looks
	judging bool          // what is out of its band is repeated, and alerts are raised
	waiting func(holder string)
	flags   map[string]string // those that were given, by the key that they set
}

// maxQueue is how many runs may wait.
const maxQueue = 10_000

// newEngine opens the store and wires the parts. Nothing runs yet.
func newEngine(ctx context.Context, c *Config, data *dataFolder, o engineOptions, log *slog.Logger) (*engine, error) {
	e := &engine{options: o, config: c, data: data, log: log}
	policy, err := c.policy()
	if err != nil {
		return nil, err
	}
	benchmarks, err := c.benchmarks()
	if err != nil {
		return nil, err
	}
	e.store, err = store.Open(ctx, store.Options{
		Dir: data.path, KeepOutputs: int64(c.Retention.Outputs), KeepSamples: int64(c.Retention.Samples), KeepAudit: int64(c.Retention.Audit),
		MaxQueue: maxQueue, MaxShare: max(1, int(c.Server.QueueShare*maxQueue)), Log: log,
	})
	if err != nil {
		return nil, err
	}
	backends, err := e.backends(o.warm)
	if err != nil {
		return nil, errors.Join(err, e.store.Close())
	}
	host := machine.Describe(e.process.CgroupMode())
	if err := e.store.SaveMachine(ctx, host); err != nil {
		return nil, errors.Join(err, e.store.Close())
	}
	e.access, err = access.New(ctx, access.Config{
		Store: e.store, Token: string(c.Server.Token), Alone: c.Server.alone(), Session: time.Duration(c.Server.Session), Rate: c.Server.Rate,
	})
	if err != nil {
		return nil, errors.Join(err, e.store.Close())
	}
	live, metrics := api.NewLive(), api.NewMetrics(e.store.Counts)
	lock := machine.NewLock("")
	lock.Waiting = o.waiting
	e.scheduler = scheduler.New(scheduler.Config{
		Store: e.store, Lock: lock,
		Worker: &worker.Worker{
			Backends: backends, Observer: live, Retake: time.Duration(c.Measuring.Retake),
			Secrets: secrets(c.Isolation.SecretEnv), Pick: machine.ReadTopology("/").Pick, Watch: watchProcessors(), Calibrate: new(machine.Calibration).Milliseconds,
		},
		Machine: host.ID, Capacity: c.parallel(), Grace: o.grace, Log: log,
		Recorded: func(r *bench.Run) {
			metrics.Record(r)
			e.history.Recorded(r)
		},
	})
	e.history = history.New(e.store, e.scheduler, log)
	proxies, err := c.Server.proxies()
	if err != nil {
		return nil, errors.Join(err, e.store.Close())
	}
	e.api = api.New(api.Config{
		Store: e.store, Scheduler: e.scheduler, History: e.history, Benchmarks: benchmarks, Policy: policy,
		Settings:     c.settings(data.path, o.flags),
		Capabilities: func(ctx context.Context) []sandbox.Capabilities { return probe(ctx, backends) },
		Disturbances: disturbances,
		Machine:      host, Live: live, Static: web.Static(),
		Access: e.access, Proxies: proxies, Plain: c.Server.plain(), Hosts: c.Server.Hosts,
		Version: version, Metrics: c.Server.metrics(metrics), MetricsToken: string(c.Server.MetricsToken), Log: log,
	})
	return e, nil
}

// backends makes what can isolate. A new backend is three lines here.
func (e *engine) backends(warm int) (map[bench.Isolation]sandbox.Backend, error) {
	program, err := e.data.install("bench-builtin", runnerimage.BenchBuiltin())
	if err != nil {
		return nil, err
	}
	if e.process, err = e.processBackend(program, warm); err != nil {
		return nil, err
	}
	if e.container, err = containerBackend(e.config, e.data.name(), e.below, warm, e.log); err != nil {
		return nil, err
	}
	return map[bench.Isolation]sandbox.Backend{
		bench.InProcess: inprocess.New(builtin.Serve, e.log),
		bench.Process:   e.process,
		bench.Container: e.container,
	}, nil
}

func (e *engine) processBackend(builtin string, warm int) (*process.Backend, error) {
	limits, err := e.config.Limits.limits()
	from := e.config.Isolation.Process
	return process.New(process.Config{
		Runner: faultyRunner(runnerimage.Runner()), Builtin: builtin, CgroupParent: cmp.Or(e.below, from.CgroupParent),
		Owner: e.data.name(), Temp: e.data.path + "/tmp", Keep: e.config.parallel(),
		Sandbox: from.Sandbox == "on", System: from.System, Minimum: bench.Minimum(e.config.Untrusted.Minimum),
		Warm: min(warm, from.Warm), Size: limits.Over(bench.DefaultLimits()).Disk, Log: e.log,
	}), err
}

func containerBackend(c *Config, owner, below string, warm int, log *slog.Logger) (*container.Backend, error) {
	kinds, err := c.containerKinds()
	from := c.Isolation.Container
	return container.New(container.Config{
		Runner: runnerimage.Runner(), Builtin: runnerimage.BenchBuiltin(), Image: from.Image, Allowed: from.Allowed,
		Runtime: from.Runtime, Minimum: bench.Minimum(c.Untrusted.Minimum), Warm: warm, Reuse: from.Reuse, Kinds: kinds, Owner: owner, CgroupParent: below, Log: log,
	}), err
}

// containerKinds are the containers that the configured benchmarks need, and
// definitions that come over the API, those that most of them share first.
func (c *Config) containerKinds() ([]container.Kind, error) {
	limits, err := c.Limits.limits()
	if err != nil {
		return nil, err
	}
	limits = limits.Over(bench.DefaultLimits())
	kinds := []container.Kind{{Image: c.Isolation.Container.Image, Limits: limits}} // definitions, which nobody vouches for
	count := map[container.Kind]int{kinds[0]: 1}
	benchmarks, err := c.benchmarks()
	for i := range benchmarks {
		b := &benchmarks[i]
		k := container.Kind{Image: b.Image, Limits: b.Limits.Over(limits), Trusted: b.Trusted}
		if b.Image == "" && b.Builtin == "" {
			k.Image = c.Isolation.Container.Image
		}
		kinds = append(kinds, k)
		count[k]++
	}
	slices.SortStableFunc(kinds, func(a, b container.Kind) int { return count[b] - count[a] })
	return kinds, err
}

// disturbances is never null, for JSON.
func disturbances() []bench.Disturbance {
	return append([]bench.Disturbance{}, machine.Disturbances("/")...)
}

// watchProcessors looks at processors, nil for all.
func watchProcessors() func(cpus []int) (worker.Watch, int, error) {
	var watches machine.Watches
	return func(cpus []int) (worker.Watch, int, error) {
		w, err := watches.Lend("/", cpus)
		if err != nil {
			return nil, 0, err
		}
		return w, w.Processors(), nil
	}
}

// probe asks every backend, weakest first.
func probe(ctx context.Context, backends map[bench.Isolation]sandbox.Backend) []sandbox.Capabilities {
	var list []sandbox.Capabilities
	for _, isolation := range bench.Isolations {
		if b := backends[isolation]; b != nil {
			list = append(list, b.Probe(ctx))
		}
	}
	return list
}

// run works until ctx ends, then stops in order: no run is taken any more,
// those under way end, the warm runners leave, the store closes.
func (e *engine) run(ctx context.Context, serve func(context.Context) error) error {
	// The parts below the scheduler outlive it: it still records what it ends.
	below, stopBelow := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBelow()
	lower, below := errgroup.WithContext(below)
	lower.Go(func() error {
		return e.store.KeepTidy(below, func() bool { return !e.scheduler.Busy() })
	})
	upper, working := errgroup.WithContext(ctx)
	if !e.options.reading {
		lower.Go(func() error { return e.process.Run(below) })
		lower.Go(func() error { return e.container.Run(below) })
		upper.Go(func() error { return e.scheduler.Run(working) })
	}
	if e.options.judging {
		upper.Go(func() error { return e.history.Run(working) })
		if e.config.Measuring.SelfCheck > 0 {
			upper.Go(func() error { return e.history.CheckSelf(working, e.selfChecking()) })
		}
	}
	upper.Go(func() error { return serve(working) })
	err := upper.Wait()
	stopBelow()
	return errors.Join(err, lower.Wait(), wrap("close the store", e.store.Close()), e.data.close())
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
