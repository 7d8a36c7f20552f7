package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"benchcell/internal/api"
	"benchcell/internal/bench"
)

func auditCommand() *cobra.Command {
	var config, data string
	var limit int
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "audit",
		Short:   "List who did what, and who was refused, newest first",
		Example: "  orchestrator audit --limit 20\n  orchestrator audit --json | jq '.entries[] | select(.outcome == \"refused\")'",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var page api.AuditLog
			if err := ask(cmd, config, data, fmt.Sprintf("%s?limit=%d", api.AuditPath, limit), &page); err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(page)
			}
			return printAudit(cmd.OutOrStdout(), page.Entries)
		},
	}
	addConfigFlags(cmd, &config, &data)
	numberVar(cmd.Flags(), &limit, "limit", 1, 500, 50, "newest lines to show, 1 to 500")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printAudit(out io.Writer, list []bench.AuditEntry) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(out, "Nothing was done yet.")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TIME\tWHO\tDOOR\tFROM\tOUTCOME\tACTION\tTARGET")
	for i := range list {
		e := &list[i]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.At.Local().Format("2006-01-02 15:04:05"), e.Who, e.Door, e.Address, e.Outcome, e.Action, printable(e.Target))
	}
	return w.Flush()
}
