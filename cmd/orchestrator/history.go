package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"benchcell/internal/api"
	"benchcell/internal/bench"
)

func historyCommand() *cobra.Command {
	var config, data, baseline string
	var limit int
	cmd := &cobra.Command{
		Use:     "history NAME",
		Short:   "Show how a benchmark went, and where its level changed",
		Example: "  orchestrator history sort-a-million-lines\n  orchestrator history parser --baseline branch-point",
		Args:    oneArg("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			query := url.Values{"limit": {fmt.Sprint(limit)}}
			if baseline != "" {
				query.Set("baseline", baseline)
			}
			var t bench.Trend
			path := api.BenchmarksPath + url.PathEscape(bench.Slug(args[0])) + "/trend?" + query.Encode()
			if err := ask(cmd, config, data, path, &t); err != nil {
				return err
			}
			return printTrend(cmd.OutOrStdout(), &t)
		},
	}
	addConfigFlags(cmd, &config, &data)
	numberVar(cmd.Flags(), &limit, "limit", 1, 20_000, 30, "newest runs to show")
	cmd.Flags().StringVar(&baseline, "baseline", "", "compare with previous, branch-point (where the branch began), branch:NAME (its latest run), or a named baseline")
	return cmd
}

func alertsCommand() *cobra.Command {
	var config, data string
	cmd := &cobra.Command{
		Use:     "alerts",
		Short:   "List the benchmarks that left their band",
		Example: "  orchestrator alerts",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var list api.AlertList
			if err := ask(cmd, config, data, api.AlertsPath, &list); err != nil {
				return err
			}
			return printAlerts(cmd.OutOrStdout(), list.Alerts)
		},
	}
	addConfigFlags(cmd, &config, &data)
	return cmd
}

// ask reads something from whoever owns the data folder.
func ask(cmd *cobra.Command, config, data, path string, answer any) error {
	return withClient(cmd, config, data, func(ctx context.Context, client *client) error {
		return client.call(ctx, http.MethodGet, path, nil, answer)
	})
}

func printTrend(out io.Writer, t *bench.Trend) error {
	changes := map[string]bench.ChangePoint{}
	for _, c := range t.ChangePoints {
		changes[c.Run] = c
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TIME\tRUN\tCOMMIT\tMEDIAN\tINTERVAL\t")
	for _, p := range t.Points {
		commit, median, interval, mark := "", string(p.Verdict), "", ""
		if p.Commit != nil {
			commit = (*p.Commit)[:min(len(*p.Commit), 10)]
		}
		if p.Median != nil {
			median = millis(*p.Median)
		}
		if p.Low != nil && p.High != nil {
			interval = millis(*p.Low) + " to " + millis(*p.High)
		}
		if c, ok := changes[p.Run]; ok {
			mark = fmt.Sprintf("<- changed %+.1f %%", 100*c.Change)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", p.At.Format("2006-01-02 15:04"), p.Run, commit, median, interval, mark)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "\n"+bandWords(t.Band)+selfWords(t.SelfChecks)+baselineWords(t.Baseline))
	return err
}

// bandWords says where the latest run lies, in a sentence.
func bandWords(b bench.Band) string {
	if b.Median == nil {
		return fmt.Sprintf("Learning: %d runs of the 8 that a band needs.", b.N)
	}
	return fmt.Sprintf("The latest run is %s the band of %s to %s, of %d runs. Noise %.1f %%; a change of %.1f %% can be seen.",
		b.Place, millis(*b.Low), millis(*b.High), b.N, 100**b.Noise, 100**b.Detectable)
}

// selfWords says what comparisons of the benchmark with itself found.
func selfWords(c bench.SelfChecks) string {
	if c.Floor == nil {
		return ""
	}
	words := fmt.Sprintf("\nAgainst itself, %d times: %.1f %% apart", c.N, 100**c.Floor)
	if c.Detectable != nil {
		words += fmt.Sprintf("; such a comparison shows a difference of %.1f %%", 100**c.Detectable)
	}
	if c.Alarms > 0 {
		words += fmt.Sprintf("; %d false alarms", c.Alarms)
	}
	return words + "."
}

func baselineWords(b *bench.Baseline) string {
	if b == nil || b.Change == nil {
		return ""
	}
	words := fmt.Sprintf("\nAgainst %s (run %s): %+.1f %%.", b.Name, b.Run, 100**b.Change)
	for _, d := range b.Differs {
		words += " Its " + d + " is another."
	}
	return words
}

func printAlerts(out io.Writer, list []bench.Alert) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(out, "No alerts.")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TIME\tSTATE\tBENCHMARK\tCHANGE\tRUN\tID\tNOTE")
	for i := range list {
		a := &list[i]
		name := a.Benchmark
		if a.OfMachine() {
			name = "(the machine changed)"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%+.1f %%\t%s\t%s\t%s\n", a.CreatedAt.Format("2006-01-02 15:04"), a.State, name, 100*a.Change, a.Run, a.ID, printable(a.Note))
	}
	return w.Flush()
}
