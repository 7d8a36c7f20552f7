package main

import (
	"context"
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
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine can enforce and measure, and what mends the rest",
		Long: "Say for each isolation what this machine can enforce and measure, by what mechanism, and which\n" +
			"command mends what is missing. It changes nothing.",
		Example: "  orchestrator doctor\n  orchestrator doctor --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := commandConfig(cmd, config)
			if err != nil {
				return err
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
	return cmd
}

// diagnose probes backends that are made for this alone, in a folder that goes.
func diagnose(ctx context.Context, c *Config) (*diagnosis, error) {
	dir, err := os.MkdirTemp("", "benchcell-doctor-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	data, err := openData(dir, owner{})
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
	for _, detail := range b.Details {
		if detail.Available {
			fmt.Fprintf(w, "  %s %-12s %s\n", good("yes"), detail.Name, faint(detail.Mechanism))
		} else {
			fmt.Fprintf(w, "  %s  %-12s %s\n", bad("no"), detail.Name, detail.Remedy)
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
