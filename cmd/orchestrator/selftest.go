package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"benchcell/internal/api"
	"benchcell/internal/bench"
	"benchcell/internal/machine"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/cgroup"
	"benchcell/internal/sandbox/hostile"
	"benchcell/internal/store"
	runnerimage "benchcell/runner-image"
)

// guardLimits bound all hostile programs of a self-test together: a sandbox that
// fails can't take more of the machine than this.
var guardLimits = bench.Limits{Memory: 1536 << 20, Pids: 1500}

// selftest runs hostile programs against what this machine has to put them behind.
type selftest struct {
	config   *Config
	data     string   // flag: where the result is kept
	only     []string // cases, none for all
	backends []string // boundaries, none for all
	told     func(done, of int, now bench.SelfTestCase)
}

// run works in a folder and below a control group that are made for it alone and
// go with it. The error of an interrupted one comes with what was done.
func (s *selftest) run(ctx context.Context) (result *bench.SelfTest, err error) {
	if runnerimage.Hostile().Size() == 0 {
		return nil, sandbox.Unavailable("make build", "the hostile programs were not built into this binary")
	}
	cases, err := s.cases()
	if err != nil {
		return nil, err
	}
	dir, remove, err := tempFolder("selftest", s.config.clearProbes)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	data, err := openData(probeData(dir), owner{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = data.close() }()
	guard, noGuard := cgroup.NewGuard(s.config.Isolation.Process.CgroupParent, guardName(data), guardLimits)
	if noGuard == nil {
		defer func() { err = errors.Join(err, wrap("remove the guard", guard.Close())) }()
	}
	return s.attack(ctx, cases, data, guard, noGuard)
}

// probeData is the data folder of backends that are made for a look alone.
func probeData(dir string) string { return filepath.Join(dir, "data") }

func guardName(d *dataFolder) string { return "selftest-" + d.name() }

// clearProbes removes what such backends have outside of their folder.
func (c *Config) clearProbes(dir string) {
	data := &dataFolder{path: probeData(dir)}
	_ = cgroup.Clear(c.Isolation.Process.CgroupParent, guardName(data), data.name()+"-") // what can't be removed stays
	if engine, err := containerBackend(c, data.name(), "", 0, slog.New(slog.DiscardHandler)); err == nil {
		_ = engine.Sweep(context.Background())
	}
}

// report runs the test and shows it.
func (s *selftest) report(cmd *cobra.Command, asJSON bool) error {
	p := &selftestPrinter{out: cmd.OutOrStdout(), errors: cmd.ErrOrStderr(), json: asJSON}
	s.told = p.told
	result, err := s.run(cmd.Context())
	if err != nil {
		return err
	}
	if err := p.summary(result); err != nil {
		return err
	}
	if whole := len(s.only)+len(s.backends) == 0; whole {
		if err := s.store(cmd.Context(), result); err != nil {
			fmt.Fprintf(cmd.ErrOrStderr(), "The result was not stored: %v\n", err)
		}
	}
	if result.Count(bench.Failed) > 0 {
		return errNotOK
	}
	return nil
}

func (s *selftest) attack(ctx context.Context, cases []hostile.Case, data *dataFolder, guard *cgroup.Guard, noGuard error) (*bench.SelfTest, error) {
	alone := *s.config
	alone.Server.Parallel = 1 // no boundary is kept for a neighbour
	e := &engine{config: &alone, data: data, log: slog.New(slog.DiscardHandler)}
	c := hostile.Config{
		Programs: runnerimage.Hostile(), Temp: filepath.Join(data.path, "tmp"), Work: filepath.Dir(data.path), Told: s.told,
	}
	if noGuard == nil {
		c.Guard, e.below = guard, guard.Path()
	} else {
		c.NoGuard = noGuard.Error()
	}
	backends, err := e.backends(0)
	if err != nil {
		return nil, err
	}
	targets, err := s.targets(ctx, e, backends)
	if err != nil {
		return nil, err
	}
	suite, err := hostile.New(c)
	if err != nil {
		return nil, err
	}
	result := &bench.SelfTest{Version: version, Machine: machine.Describe(e.process.CgroupMode()).ID, StartedAt: utcNow()}
	result.Cases = suite.Run(ctx, cases, targets)
	result.FinishedAt = utcNow()
	e.settle()
	return result, errors.Join(ctx.Err(), suite.Close())
}

func utcNow() *time.Time {
	now := time.Now().UTC()
	return &now
}

// settle ends what backends keep or are about to remove, without ever having run.
func (e *engine) settle() {
	ended, stop := context.WithCancel(context.Background())
	stop()
	_ = e.process.Run(ended)
	_ = e.container.Run(ended)
}

// store keeps the result where the server shows it: a server that owns the data
// folder is handed it.
func (s *selftest) store(ctx context.Context, result *bench.SelfTest) error {
	path, err := dataPath(s.data, s.config)
	if err != nil {
		return err
	}
	data, err := waitForData(ctx, path, func(error) {})
	var owned *errOwned
	if errors.As(err, &owned) {
		dial := func(ctx context.Context) (net.Conn, error) { return dialOperator(ctx, path) }
		return newClient(dial).call(ctx, http.MethodPut, api.SelfTestPath, result, nil)
	}
	if err != nil {
		return err
	}
	kept, err := store.Open(ctx, store.Options{Dir: data.path, Log: slog.New(slog.DiscardHandler)})
	if err == nil {
		err = errors.Join(kept.SaveSelfTest(ctx, result), kept.Close())
	}
	return errors.Join(err, data.close())
}

func (s *selftest) cases() ([]hostile.Case, error) {
	all := hostile.All()
	if len(s.only) == 0 {
		return all, nil
	}
	var chosen []hostile.Case
	for _, name := range s.only {
		i := slices.IndexFunc(all, func(c hostile.Case) bool { return c.Name == name })
		if i < 0 {
			return nil, usageError{fmt.Errorf("--case %s: there is no such case; 'orchestrator doctor --selftest' lists them", name)}
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// targets are the boundaries that this machine has, or why it has not.
func (s *selftest) targets(ctx context.Context, e *engine, backends map[bench.Isolation]sandbox.Backend) ([]hostile.Target, error) {
	programs, err := e.data.install("hostile", runnerimage.Hostile())
	if err != nil {
		return nil, err
	}
	process := backends[bench.Process].Probe(ctx)
	engine := backends[bench.Container].Probe(ctx)
	all := []hostile.Target{
		{Boundary: hostile.InProcess, Backend: backends[bench.InProcess]},
		{Boundary: hostile.Plain, Backend: backends[bench.Process], Path: programs, Missing: missing(process), Groups: limits(process), Settle: e.process.Settle},
		{Boundary: hostile.Sandboxed, Backend: backends[bench.Process], Missing: missing(process), Groups: limits(process), Settle: e.process.Settle},
		{Boundary: hostile.Container, Backend: backends[bench.Container], Missing: missing(engine), Groups: true, Left: e.container.Left, Settle: e.container.Settle},
	}
	if !process.Untrusted && process.Available {
		all[2].Missing = "processes can't be sandboxed on this machine: see 'orchestrator doctor'"
	}
	for _, name := range s.backends {
		if !slices.ContainsFunc(all, func(t hostile.Target) bool { return string(t.Boundary) == name }) {
			return nil, usageError{fmt.Errorf("--backend %s: it must be in-process, process, process-sandboxed or container", name)}
		}
	}
	return slices.DeleteFunc(all, func(t hostile.Target) bool {
		return len(s.backends) > 0 && !slices.Contains(s.backends, string(t.Boundary))
	}), nil
}

func missing(c sandbox.Capabilities) string {
	if c.Available {
		return ""
	}
	return strings.TrimSuffix("not available here: "+c.Reason+"; "+c.Remedy, "; ")
}

// limits says whether control groups limit what a backend runs.
func limits(c sandbox.Capabilities) bool {
	return slices.ContainsFunc(c.Details, func(d sandbox.Detail) bool { return d.Name == bench.LimitMemory && d.Available })
}

// printer of a self-test: each result as it comes, by boundary.
type selftestPrinter struct {
	out, errors io.Writer
	json        bool
	boundary    string
}

func (p *selftestPrinter) told(done, of int, now bench.SelfTestCase) {
	if !p.json {
		if now.Backend != p.boundary {
			p.boundary = now.Backend
			fmt.Fprintf(p.out, "%s\n", bold(now.Backend))
		}
		fmt.Fprintf(p.out, "  %s %-18s %s\n", marks[now.Result], now.Case, faint(now.Reason))
	}
	if isTerminal(p.errors) {
		fmt.Fprintf(p.errors, "\r\033[K%s\r", faint(fmt.Sprintf("%d of %d", done, of)))
		if done == of {
			fmt.Fprint(p.errors, "\r\033[K")
		}
	}
}

var marks = map[bench.SelfTestMark]string{
	bench.Passed: good("pass"), bench.Failed: bad("fail"), bench.NotApplicable: faint("n/a "),
}

func (p *selftestPrinter) summary(r *bench.SelfTest) error {
	if p.json {
		return printJSON(p.out, r)
	}
	fmt.Fprintf(p.out, "\n%d passed, %d failed, %d not applicable, in %.0f s\n", r.Count(bench.Passed), r.Count(bench.Failed),
		r.Count(bench.NotApplicable), r.FinishedAt.Sub(*r.StartedAt).Seconds())
	return nil
}
