package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"benchcell/internal/api"
	"benchcell/internal/bench"
	"benchcell/internal/report"
)

type compareFlags struct {
	runFlags
	a, b, revA, revB, failFrom string
	format                     string
	imageA, imageB             string
	blocks                     int
	batches                    bool
}

func compareCommand() *cobra.Command {
	f := compareFlags{runFlags: runFlags{parallel: 1}}
	cmd := &cobra.Command{
		Use:   "compare A B [flags] [-- COMMAND ARG…]",
		Short: "Say whether B is slower or faster than A",
		Long: "Run A and B in turns on this machine and say whether B is slower or faster, only if that is no chance:\n" +
			"p under 0.00002 and 3 % at least. Each is the name of a configured benchmark, or else a command, which is\n" +
			"run without a shell; one command may stand behind --. If both are ids of stored runs these are compared\n" +
			"as they are.\n\n" +
			"With --rev-a and --rev-b one benchmark or command is compared at two revisions of the git repository\n" +
			"here. {rev} in its command, folder, environment and hooks is the folder with the revision.\n\n" +
			"The exit code is 0 if both ended well, 1 if not or by --fail-on-regression, 2 for bad usage.",
		Example: "  orchestrator compare --format html old.sh new.sh > comparison.html\n" +
			"  orchestrator compare 'sort numbers.txt' 'sort -n numbers.txt'\n" +
			"  orchestrator compare --blocks 30 json-encode-1-mb json-decode-1-mb\n" +
			"  orchestrator compare --a './old --fast' -- ./new --fast\n" +
			"  orchestrator compare --rev-a main --rev-b HEAD --fail-on-regression 3% -- python3 {rev}/bench.py\n" +
			"  orchestrator compare --image-a python:3.12 --image-b python:3.13 'python3 -c \"sum(range(10**6))\"'\n" +
			"  orchestrator compare 01KBN0WZ6Y6T3V3D3Y2M8W1Q9A 01KBN0X2F4H5J6K7M8N9P0Q1R2",
		RunE: func(cmd *cobra.Command, args []string) error {
			names, command := splitAtDash(cmd, args)
			return compare(cmd, f, names, command)
		},
	}
	addConfigFlags(cmd, &f.config, &f.data)
	flags := cmd.Flags()
	flags.StringVar(&f.a, "a", "", "A as a command, whatever benchmark has that name")
	flags.StringVar(&f.b, "b", "", "B as a command")
	flags.StringVar(&f.revA, "rev-a", "", "git revision for A, as {rev}")
	flags.StringVar(&f.revB, "rev-b", "", "git revision for B, as {rev}")
	flags.StringVar(&f.imageA, "image-a", "", "container image for A; with --image-b one command will do")
	flags.StringVar(&f.imageB, "image-b", "", "container image for B")
	flags.BoolVar(&f.batches, "batches", false, "A and B are ids of stored batches")
	numberVar(flags, &f.blocks, "blocks", bench.MinBlocks, bench.MaxBlocks, 0, "turns, each of two samples of A and two of B (default: 15, and more while noise hides a change of 5 %)")
	flags.StringVar(&f.isolation, "isolation", "", "in-process, process or container, for both")
	numberVar(flags, &f.warmup, "warmup", 0, bench.MaxWarmup, 0, "untimed executions first (default: as configured)")
	timeVar(flags, &f.timeout, "timeout", "for one execution (default: as configured)")
	flags.BoolVar(&f.json, "json", false, "print the comparison as JSON")
	flags.StringVar(&f.format, "format", "", "print the comparison as one of "+strings.Join(report.ComparisonOutputs, ", "))
	flags.StringVar(&f.failFrom, "fail-on-regression", "", "exit with 1 if B is found to be slower by so much, like 3%")
	return cmd
}

func compare(cmd *cobra.Command, f compareFlags, names, command []string) error {
	c, err := commandConfig(cmd, f.config)
	if err != nil {
		return err
	}
	var failFrom Share
	if f.failFrom != "" {
		if err := failFrom.UnmarshalText([]byte(f.failFrom)); err != nil {
			return usageError{fmt.Errorf("--fail-on-regression: %w", err)}
		}
	}
	sides, err := f.sides(cmd, c, names, command)
	if err != nil {
		return usageError{err}
	}
	path, err := dataPath(f.data, c)
	if err != nil {
		return err
	}
	if f.format != "" {
		if err := oneOf("format", f.format, report.ComparisonOutputs...); err != nil {
			return err
		}
	}
	p := newPrinter(cmd.OutOrStdout(), cmd.ErrOrStderr(), f.json)
	p.format = f.format
	var result *bench.Comparison
	err = f.atRevisions(cmd.Context(), &sides, func() error {
		return withServer(cmd.Context(), c, path, engineOptions{}, p, func(ctx context.Context, client *client) (err error) {
			result, err = compareBy(ctx, client, f, sides, p)
			return err
		})
	})
	if err != nil {
		return err
	}
	if err := p.comparison(result, sides); err != nil {
		return err
	}
	return decisionOf(result, f.failFrom != "", float64(failFrom))
}

// compareBy compares what is stored, or has both run in turns.
func compareBy(ctx context.Context, client *client, f compareFlags, sides [2]compareSide, p *printer) (*bench.Comparison, error) {
	a, b := sides[0], sides[1]
	switch {
	case f.batches:
		return client.compare(ctx, api.ComparisonRequest{A: api.ComparisonSide{Batch: a.stored}, B: api.ComparisonSide{Batch: b.stored}})
	case a.stored != "":
		return client.compare(ctx, api.ComparisonRequest{A: api.ComparisonSide{Run: a.stored}, B: api.ComparisonSide{Run: b.stored}})
	}
	always := context.WithoutCancel(ctx)
	queued, err := client.submit(always, api.OrderRequest{Compare: true, Blocks: f.blocks, Orders: []api.Order{a.order, b.order}})
	if err != nil {
		return nil, err
	}
	defer watch(ctx, client, queued, p)()
	p.follow(queued[0].ID, fmt.Sprintf("A: %s, B: %s", a.name, b.name))
	for _, r := range queued {
		run, err := client.await(always, r.ID)
		if err != nil {
			return nil, err
		}
		if *run.Verdict != bench.OK {
			p.run(run)
		}
	}
	return client.comparison(always, queued[0].ID)
}

// decisionOf is the exit code: nothing decided means that something is not ok.
func decisionOf(c *bench.Comparison, fail bool, from float64) error {
	for _, r := range c.Results {
		if r.Decision == nil || (fail && *r.Decision == bench.Slower && *r.Effect >= from) {
			return errNotOK
		}
	}
	return nil
}
