package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"benchcell/internal/api"
	"benchcell/internal/bench"
)

func tokenCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Make, list and revoke the tokens that clients come in with",
		Long: "Make, list and revoke the tokens that clients come in with. A viewer reads; a runner also starts and cancels\n" +
			"runs; an admin does all. While there is any token, every client is asked for one.",
		Example: "  orchestrator token create --role runner --name ci --expires 90d\n  orchestrator token list\n  orchestrator token revoke 01JB…",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(tokenCreateCommand(), tokenListCommand(), tokenRevokeCommand())
	return cmd
}

func tokenCreateCommand() *cobra.Command {
	var config, data, name, role, expires string
	cmd := &cobra.Command{
		Use:     "create --role ROLE --name NAME",
		Short:   "Make a token and print it, this once",
		Example: "  orchestrator token create --role runner --name ci --expires 90d",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			request := api.TokenRequest{Name: name, Role: bench.Role(role)}
			if expires != "" {
				d, err := parseAge(expires)
				if err != nil {
					return usageError{err}
				}
				request.Expires = float64(d / time.Millisecond)
			}
			if err := oneOf("role", role, string(bench.Viewer), string(bench.Runner), string(bench.Admin)); err != nil {
				return err
			}
			if name == "" {
				return usageError{errors.New("--name is missing: it is what the audit log calls the token's bearer")}
			}
			return withClient(cmd, config, data, func(ctx context.Context, c *client) error {
				var made api.NewToken
				if err := c.call(ctx, http.MethodPost, api.TokensPath, request, &made); err != nil {
					return err
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "%s, a %s's, id %s. It is shown this once:\n", made.Name, made.Role, made.ID)
				_, err := fmt.Fprintln(cmd.OutOrStdout(), made.Text)
				return err
			})
		},
	}
	addConfigFlags(cmd, &config, &data)
	cmd.Flags().StringVar(&name, "name", "", "what the audit log calls its bearer")
	cmd.Flags().StringVar(&role, "role", "", "viewer, runner or admin")
	cmd.Flags().StringVar(&expires, "expires", "", "how long it holds, like 12h or 90d (default: until it is revoked)")
	return cmd
}

// parseAge reads a duration that may be in days.
func parseAge(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		d = time.Duration(min(max(n, 0), maxDays+1)) * 24 * time.Hour
	}
	if err != nil || d < time.Second || d > maxDays*24*time.Hour {
		return 0, fmt.Errorf("--expires %q must be like 12h or 90d, 1s to %dd", text, maxDays)
	}
	return d, nil
}

const maxDays = 3650

func tokenListCommand() *cobra.Command {
	var config, data string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the tokens, without their texts",
		Example: "  orchestrator token list",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var list api.TokenList
			if err := ask(cmd, config, data, api.TokensPath, &list); err != nil {
				return err
			}
			return printTokens(cmd.OutOrStdout(), list.Tokens)
		},
	}
	addConfigFlags(cmd, &config, &data)
	return cmd
}

func printTokens(out io.Writer, list []bench.Token) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(out, "No tokens.")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tROLE\tCREATED\tEXPIRES\tLAST USED")
	for i := range list {
		t := &list[i]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Role, minute(&t.CreatedAt), minute(t.ExpiresAt), minute(t.LastUsedAt))
	}
	return w.Flush()
}

// minute is a time for people.
func minute(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return t.Local().Format("2006-01-02 15:04")
}

func tokenRevokeCommand() *cobra.Command {
	var config, data string
	cmd := &cobra.Command{
		Use:     "revoke ID",
		Short:   "End a token, and every login by it",
		Example: "  orchestrator token revoke 01JB…",
		Args:    oneArg("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withClient(cmd, config, data, func(ctx context.Context, c *client) error {
				return c.call(ctx, http.MethodDelete, api.TokensPath+"/"+url.PathEscape(args[0]), nil, nil)
			})
		},
	}
	addConfigFlags(cmd, &config, &data)
	return cmd
}
