package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"benchcell/internal/bench"
	"benchcell/internal/report"
)

type importFlags struct{ config, data, name, format string }

func importCommand() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Store what another benchmark tool reported; - is standard input",
		Long: "Store a report of another benchmark tool whole: every metric, every unit, every sample. It is read as\n" +
			strings.Join(report.Formats, ", ") + "; which of them is told by the content.",
		Example: "  go test -bench . -count 10 ./... | orchestrator import -\n  orchestrator import --name nightly results.json",
		Args:    oneArg("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			content, err := readReport(cmd.Context(), cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			if f.name == "" && args[0] != "-" {
				f.name = filepath.Base(args[0])
			}
			return withClient(cmd, f.config, f.data, func(ctx context.Context, c *client) error {
				info, err := c.importReport(ctx, f.name, f.format, content)
				if err == nil {
					fmt.Fprintf(cmd.OutOrStdout(), "%s: %d benchmarks, %d metrics, read as %s\n", info.ID, info.Results, info.Metrics, info.Format)
				}
				return err
			})
		},
	}
	addConfigFlags(cmd, &f.config, &f.data)
	cmd.Flags().StringVar(&f.name, "name", "", "name of the report (default: that of the file)")
	cmd.Flags().StringVar(&f.format, "format", "", "one of "+strings.Join(report.Formats, ", ")+" (default: told by the content)")
	return cmd
}

func exportCommand() *cobra.Command {
	var config, data, format string
	cmd := &cobra.Command{
		Use:   "export ID",
		Short: "Print a run or an imported report for other tools",
		Example: "  orchestrator export 01JB… --format csv\n" +
			"  orchestrator export 01JB… --format benchfmt | benchstat /dev/stdin",
		Args: oneArg("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, report.Outputs...); err != nil {
				return err
			}
			return withClient(cmd, config, data, func(ctx context.Context, c *client) error {
				return c.export(ctx, args[0], format, cmd.OutOrStdout())
			})
		},
	}
	addConfigFlags(cmd, &config, &data)
	cmd.Flags().StringVar(&format, "format", report.JSON, "one of "+strings.Join(report.Outputs, ", "))
	return cmd
}

func oneArg(name string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{fmt.Errorf("it takes one argument, %s, and got %d", name, len(args))}
		}
		return nil
	}
}

// readReport reads as much as a report may have, and a byte more: what is too
// large is told so by whoever reads it.
func readReport(ctx context.Context, stdin io.Reader, path string) (content []byte, err error) {
	read := make(chan struct{})
	go func() { // a pipe gives nothing for as long as nobody writes
		defer close(read)
		content, err = readWhole(stdin, path)
	}()
	select {
	case <-read:
		return content, err
	case <-ctx.Done():
		return nil, errors.New("told to stop before the whole report was there: nothing was stored")
	}
}

func readWhole(stdin io.Reader, path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(io.LimitReader(stdin, report.MaxSize+1))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, usageError{err}
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, report.MaxSize+1))
}

func (c *client) importReport(ctx context.Context, name, format string, content []byte) (*bench.ReportInfo, error) {
	query := url.Values{"name": {name}}
	if format != "" {
		query.Set("format", format)
	}
	var info bench.ReportInfo
	return &info, c.exchange(ctx, "application/octet-stream", http.MethodPost, "/api/v1/reports?"+query.Encode(), bytes.NewReader(content), &info)
}

// export looks for a run and then for an imported report of the id.
func (c *client) export(ctx context.Context, id, format string, to io.Writer) error {
	if strings.ContainsAny(id, "/?#") {
		return usageError{fmt.Errorf("%q is no id", id)}
	}
	var last error
	for _, path := range []string{"/api/v1/runs/" + id + "/report", "/api/v1/reports/" + id} {
		response, err := c.send(ctx, http.MethodGet, path+"?format="+url.QueryEscape(format), nil)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode == http.StatusOK {
			_, err = io.Copy(to, response.Body)
			return err
		}
		if last = readProblem(response); bench.CodeOf(last) != bench.CodeNotFound {
			return last
		}
	}
	return last
}
