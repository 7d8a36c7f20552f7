package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"benchcell/internal/api"
	"benchcell/internal/bench"
)

type runFlags struct {
	config, data, category, isolation, image string
	all, untrusted, json, failSlow           bool
	iterations, warmup, parallel             int
	timeout                                  time.Duration
	sampling                                 samplingFlags
	revision                                 revisionFlags
}

func runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run [NAME…] [flags] [-- COMMAND ARG…]",
		Short: "Run benchmarks, or any command, without a server",
		Long: "Run configured benchmarks by name, or any command behind --. The results go to the same store as\n" +
			"a server's; if a server owns the data folder, the work is handed to it.\n\n" +
			"The exit code is 0 if every verdict is ok, 1 if some is not, 2 for bad usage.",
		Example: "  orchestrator run --all --isolation process\n" +
			"  orchestrator run profile-query-single --iterations 50\n" +
			"  orchestrator run --precision 1% --prepare 'cp before.db work.db' -- ./migrate work.db\n" +
			"  orchestrator run --timeout 2s --json -- sort -n numbers.txt",
		RunE: func(cmd *cobra.Command, args []string) error {
			names, command := splitAtDash(cmd, args)
			return runBenchmarks(cmd, f, names, command)
		},
	}
	addConfigFlags(cmd, &f.config, &f.data)
	flags := cmd.Flags()
	flags.BoolVar(&f.all, "all", false, "run every configured benchmark")
	flags.StringVar(&f.category, "category", "", "run the benchmarks of this category")
	flags.StringVar(&f.isolation, "isolation", "", "in-process, process or container")
	flags.BoolVar(&f.untrusted, "untrusted", false, "apply the rules for strangers' code")
	numberVar(flags, &f.iterations, "iterations", 1, bench.MaxIterations, 0, "timed samples of each benchmark (default: as configured)")
	numberVar(flags, &f.warmup, "warmup", 0, bench.MaxWarmup, 0, "untimed executions first (default: as configured)")
	f.sampling.add(cmd)
	f.revision.add(cmd)
	timeVar(flags, &f.timeout, "timeout", "for one execution (default: as configured)")
	flags.StringVar(&f.image, "image", "", "image for container isolation")
	numberVar(flags, &f.parallel, "parallel", 1, 1024, 1, "most tests at a time; measured runs stay one at a time")
	flags.BoolVar(&f.json, "json", false, "print the runs as a JSON array")
	flags.BoolVar(&f.failSlow, "fail-slow", false, "exit with 1 if a benchmark is rated slow")
	return cmd
}

// splitAtDash takes apart what stands before -- and behind it: nil without one.
func splitAtDash(cmd *cobra.Command, args []string) (names, command []string) {
	if at := cmd.ArgsLenAtDash(); at >= 0 {
		return args[:at], args[at:]
	}
	return args, nil
}

func runBenchmarks(cmd *cobra.Command, f runFlags, names, command []string) error {
	c, err := commandConfig(cmd, f.config)
	if err != nil {
		return err
	}
	orders, err := makeOrders(cmd, c, f, names, command)
	if err != nil {
		return usageError{err}
	}
	path, err := dataPath(f.data, c)
	if err != nil {
		return err
	}
	printer := newPrinter(cmd.OutOrStdout(), cmd.ErrOrStderr(), f.json)
	var runs []*bench.Run
	err = withServer(cmd.Context(), c, path, engineOptions{}, printer, func(ctx context.Context, client *client) (err error) {
		runs, err = follow(ctx, client, orders, printer)
		return err
	})
	if err != nil {
		return err
	}
	if err := printer.finish(runs); err != nil {
		return err
	}
	return verdictOf(runs, f.failSlow)
}

func verdictOf(runs []*bench.Run, failSlow bool) error {
	for _, r := range runs {
		slow := r.Rating != nil && *r.Rating == bench.Slow
		if *r.Verdict != bench.OK || (failSlow && slow) {
			return errNotOK
		}
	}
	return nil
}

// makeOrders says what to run and what the flags change about it.
func makeOrders(cmd *cobra.Command, c *Config, f runFlags, names, command []string) (api.OrderRequest, error) {
	request := api.OrderRequest{Parallel: f.parallel}
	chosen, err := chooseBenchmarks(c, f, names, command)
	if err != nil {
		return request, err
	}
	overrides, err := makeOverrides(cmd, f)
	if err != nil {
		return request, err
	}
	if f.untrusted && f.revision.stated() {
		return request, errors.New("--commit, --branch and --tag exclude --untrusted: strangers' code has no history")
	}
	revisions := newRevisions(f.revision, os.Getenv, func(format string, args ...any) {
		fmt.Fprintf(cmd.ErrOrStderr(), "warning: "+format+"\n", args...)
	})
	for _, b := range chosen {
		if err := f.sampling.apply(cmd, &b); err != nil {
			return request, fmt.Errorf("%s: %w", b.Name, err)
		}
		order, err := makeOrder(b, overrides, f.untrusted)
		if err != nil {
			return request, err
		}
		if !f.untrusted {
			if order.Overrides.Revision, err = revisions.of(cmd.Context(), order.Benchmark.Dir); err != nil {
				return request, err
			}
		}
		request.Orders = append(request.Orders, order)
	}
	return request, nil
}

// makeOrder says where a benchmark runs that does not: where its caller is.
func makeOrder(b bench.Benchmark, o bench.Overrides, untrusted bool) (api.Order, error) {
	dir, err := os.Getwd()
	if b.Dir == "" {
		b.Dir = dir
	} else if !filepath.IsAbs(b.Dir) {
		b.Dir = filepath.Join(dir, b.Dir)
	}
	if untrusted {
		b.Trusted, b.Dir = false, ""
	}
	return api.Order{Benchmark: b, Overrides: o, Host: hostEnvironment()}, err
}

func makeOverrides(cmd *cobra.Command, f runFlags) (o bench.Overrides, err error) {
	o = bench.Overrides{ByOperator: true, Iterations: f.iterations, Timeout: Duration(f.timeout).Millis(), Image: f.image}
	if f.isolation != "" {
		if o.Isolation, err = bench.ParseIsolation(f.isolation); err != nil {
			return o, fmt.Errorf("--isolation: %w", err)
		}
	}
	if cmd.Flags().Changed("warmup") {
		o.Warmup = &f.warmup
	}
	return o, nil
}

func chooseBenchmarks(c *Config, f runFlags, names, command []string) ([]bench.Benchmark, error) {
	all, err := c.benchmarks()
	if err != nil {
		return nil, err
	}
	ways := 0
	for _, used := range []bool{f.all, f.category != "", len(names) > 0, command != nil} {
		if used {
			ways++
		}
	}
	switch {
	case ways == 0:
		return nil, errors.New("nothing to run: name benchmarks, or use --all, --category, or a command behind --")
	case ways > 1:
		return nil, errors.New("names, --all, --category and a command behind -- exclude each other")
	case command != nil:
		return commandBenchmark(command)
	case len(names) > 0:
		return find(all, names)
	}
	var chosen []bench.Benchmark
	for _, b := range all {
		if f.all || b.Category == f.category {
			chosen = append(chosen, b)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no benchmark has the category %q", f.category)
	}
	return chosen, nil
}

// commandBenchmark is a command from the command line: trusted as its typist.
func commandBenchmark(command []string) ([]bench.Benchmark, error) {
	if len(command) == 0 {
		return nil, errors.New("there is no command behind --")
	}
	name := filepath.Base(command[0])
	b := bench.Benchmark{
		Definition: bench.Definition{Name: name, Command: command},
		Slug:       bench.Slug(name), Category: "command line", Kind: bench.KindCommand, Trusted: true,
	}
	if b.Slug == "" {
		b.Slug = "command"
	}
	return []bench.Benchmark{b}, b.Validate()
}

// withServer calls do with a client of whoever owns the data folder: a server
// that runs there, or one inside this process that lives as long as do.
func withServer(caller context.Context, c *Config, path string, o engineOptions, p *printer,
	do func(context.Context, *client) error,
) error {
	data, err := waitForData(caller, path, func(reason error) { p.note("waiting: %v", reason) })
	var taken *errOwned
	if errors.As(err, &taken) {
		p.note("handing the work to the server of process %d, %s", taken.Pid, taken.URL)
		return do(caller, newClient(func(ctx context.Context) (net.Conn, error) { return dialOperator(ctx, path) }))
	}
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(p.errors, &slog.HandlerOptions{Level: slog.LevelWarn}))
	// The engine outlives a Ctrl-C: it has runs to end and to record.
	engineContext, stop := context.WithCancel(context.WithoutCancel(caller))
	defer stop()
	o.waiting = func(holder string) { p.note("waiting for %s to finish measuring on this host", holder) }
	e, err := newEngine(engineContext, c, data, o, log)
	if err != nil {
		return errors.Join(err, data.close())
	}
	var failed error
	err = e.run(engineContext, func(ctx context.Context) error {
		defer stop()
		inside := newMemoryListener()
		serving, stopServing := context.WithCancel(ctx)
		served := make(chan error, 1)
		go func() { served <- serveHTTP(serving, log, map[net.Listener]http.Handler{inside: e.api.Operator()}) }()
		failed = do(caller, newClient(inside.dial))
		stopServing()
		return <-served
	})
	return errors.Join(failed, err)
}

// withClient is withServer for what starts no run.
func withClient(cmd *cobra.Command, config, data string, do func(context.Context, *client) error) error {
	c, err := commandConfig(cmd, config)
	if err != nil {
		return err
	}
	path, err := dataPath(data, c)
	if err != nil {
		return err
	}
	printer := newPrinter(cmd.OutOrStdout(), cmd.ErrOrStderr(), false)
	return withServer(cmd.Context(), c, path, engineOptions{reading: true}, printer, do)
}

// follow submits, shows what happens and waits for all. At Ctrl-C it cancels
// what is left and still waits, so that nothing runs on unseen.
func follow(ctx context.Context, client *client, orders api.OrderRequest, p *printer) ([]*bench.Run, error) {
	always := context.WithoutCancel(ctx)
	queued, err := client.submit(always, orders)
	if err != nil {
		return nil, err
	}
	defer watch(ctx, client, queued, p)()
	runs := make([]*bench.Run, 0, len(queued))
	for i := range queued {
		p.running(&queued[i], i, len(queued))
		run, err := client.await(always, queued[i].ID)
		if err != nil {
			return runs, err
		}
		runs = append(runs, run)
		p.run(run)
	}
	return runs, nil
}

// watch shows how runs get on, and cancels them at Ctrl-C, until it is told to stop.
func watch(ctx context.Context, client *client, queued []bench.Run, p *printer) (stop func()) {
	always := context.WithoutCancel(ctx)
	stopCancel := context.AfterFunc(ctx, func() {
		p.note("ending what runs; press Ctrl-C again to leave at once")
		for _, r := range queued {
			_ = client.cancel(always, r.ID) // whoever waits sees how it went
		}
	})
	watching, stopWatching := context.WithCancel(always)
	if p.live {
		go func() { _ = client.progress(watching, p.progress) }() // a decoration
	}
	return func() {
		stopCancel()
		stopWatching()
	}
}

func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
