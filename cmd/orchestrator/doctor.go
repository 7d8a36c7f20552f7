package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"benchcell/internal/bench"
	"benchcell/internal/machine"
	"benchcell/internal/sandbox"
)

// diagnosis is what doctor finds.
type diagnosis struct {
	Machine      bench.Machine          `json:"machine"`
	Backends     []sandbox.Capabilities `json:"backends"`
	Disturbances []bench.Disturbance    `json:"disturbances"`
}

func doctorCommand() *cobra.Command {
	var config string
	var asJSON, attack bool
	var test selftest
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine can enforce and measure, and what mends the rest",
		Long: "Say for each isolation what this machine can enforce and measure, by what mechanism, and which\n" +
			"command mends what is missing. It changes nothing.\n\n" +
			"With --selftest it runs the shipped hostile programs against each isolation instead, behind a guard\n" +
			"that bounds them all, and says for each whether it met what it must. That takes a minute or two.",
		Example: "  orchestrator doctor\n  orchestrator doctor --json\n  orchestrator doctor --selftest\n" +
			"  orchestrator doctor --selftest --backend container --case fork-bomb",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := commandConfig(cmd, config)
			if err != nil {
				return err
			}
			if test.config = c; attack {
				return test.report(cmd, asJSON)
			}
			if len(test.only)+len(test.backends) > 0 {
				return usageError{errors.New("--case and --backend are for --selftest")}
			}
			d, err := diagnose(cmd.Context(), c)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), d)
			}
			printDiagnosis(cmd.OutOrStdout(), d)
			return nil
		},
	}
	cmd.Flags().StringVar(&config, "config", os.Getenv("BENCHCELL_CONFIG"), "configuration file")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	cmd.Flags().StringVar(&test.data, "data", "", "data folder, where the result of a self-test is kept")
	cmd.Flags().BoolVar(&attack, "selftest", false, "run the shipped hostile programs")
	cmd.Flags().StringSliceVar(&test.only, "case", nil, "run this case alone, and whatever others are named")
	cmd.Flags().StringSliceVar(&test.backends, "backend", nil, "in-process, process, process-sandboxed or container: attack it alone")
	return cmd
}

// diagnose probes backends that are made for this alone, in a folder that goes.
func diagnose(ctx context.Context, c *Config) (*diagnosis, error) {
	dir, remove, err := tempFolder("doctor", c.clearProbes)
	if err != nil {
		return nil, err
	}
	defer func() { _ = remove() }()
	data, err := openData(probeData(dir), owner{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = data.close() }()
	e := &engine{config: c, data: data, log: slog.New(slog.DiscardHandler)}
	backends, err := e.backends(0)
	if err != nil {
		return nil, err
	}
	return &diagnosis{machine.Describe(e.process.CgroupMode()), probe(ctx, backends), disturbances()}, nil
}

func printDiagnosis(w io.Writer, d *diagnosis) {
	m := d.Machine
	fmt.Fprintf(w, "%s: %s %s, %d processors (%s), cgroups %s\n", bold(m.Hostname), m.OS, m.Kernel, m.Cores, m.CPU, m.Cgroup)
	for _, b := range d.Backends {
		printBackend(w, b)
	}
	printDisturbances(w, d.Disturbances)
}

func printBackend(w io.Writer, b sandbox.Capabilities) {
	state := good("available")
	if !b.Available {
		state = bad("not available") + ": " + b.Reason
	}
	fmt.Fprintf(w, "\n%s %s\n", bold(string(b.Backend)), state)
	if b.Remedy != "" {
		fmt.Fprintf(w, "  to mend it: %s\n", b.Remedy)
	}
	printDetails(w, "enforces", b.Details, func(d sandbox.Detail) bool { return !d.Measured })
	printDetails(w, "measures", b.Details, func(d sandbox.Detail) bool { return d.Measured })
}

func printDetails(w io.Writer, what string, list []sandbox.Detail, belongs func(sandbox.Detail) bool) {
	for _, d := range list {
		if !belongs(d) {
			continue
		}
		if what != "" { // above the first
			fmt.Fprintf(w, " %s\n", what)
			what = ""
		}
		if d.Available {
			fmt.Fprintf(w, "  %s %-12s %s\n", good("yes"), d.Name, faint(d.Mechanism))
		} else {
			fmt.Fprintf(w, "  %s  %-12s %s\n", bad("no"), d.Name, d.Remedy)
		}
	}
}

func printDisturbances(w io.Writer, list []bench.Disturbance) {
	if len(list) == 0 {
		fmt.Fprintf(w, "\n%s\n", good("nothing found that disturbs measurements"))
		return
	}
	fmt.Fprintf(w, "\n%s\n", bold("what disturbs measurements here"))
	for _, d := range list {
		fmt.Fprintf(w, "  %s: %s. %s\n    %s\n", d.Name, d.State, d.Effect, faint("mend it: "+d.Remedy))
	}
}
