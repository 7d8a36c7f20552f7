// Command orchestrator is benchcell: a server with a dashboard that runs
// benchmarks in isolation, and the same from the command line. This package
// reads configuration, wires the parts and owns their lifecycle; it is the only
// one that knows all of them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set by the release build.
var version = "development"

// Exit codes.
const (
	exitOK    = 0
	exitNotOK = 1 // some verdict was not ok, or the program failed
	exitUsage = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal asks to end in order; the second ends at once.
	context.AfterFunc(ctx, stop)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program; tests call it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:   "orchestrator",
		Short: "Run benchmarks in isolation and trust the numbers",
		Long: "benchcell runs benchmarks in isolation (in-process, process, container), measures time, memory and CPU,\n" +
			"and shows which limits were really enforced.",
		Example:       "  orchestrator serve\n  orchestrator run --all\n  orchestrator run -- sh -c 'echo hello'",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(serveCommand(), runCommand(), compareCommand(), historyCommand(), alertsCommand(), importCommand(), exportCommand(),
		tokenCommand(), auditCommand(),
		doctorCommand(), imageCommand(), versionCommand(), openapiCommand())
	cmd, err := root.ExecuteContextC(ctx)
	return exitCode(cmd, err, stderr)
}

// usageError is the caller's mistake, as against ours.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// errNotOK says that the work was done and its result is not ok. It has been
// reported already.
var errNotOK = errors.New("not ok")

func exitCode(cmd *cobra.Command, err error, stderr io.Writer) int {
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errNotOK):
		return exitNotOK
	}
	fmt.Fprintln(stderr, "orchestrator:", err)
	if errors.As(err, &usage) || isCobraUsage(err) {
		fmt.Fprintf(stderr, "See '%s --help'.\n", cmd.CommandPath())
		return exitUsage
	}
	return exitNotOK
}

// isCobraUsage knows the one usage error that cobra does not let us mark: a
// command that does not exist. It has no type, only its text.
func isCobraUsage(err error) bool {
	const unknown = "unknown command"
	return len(err.Error()) >= len(unknown) && err.Error()[:len(unknown)] == unknown
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  orchestrator version",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			fmt.Fprintln(cmd.OutOrStdout(), "benchcell", version)
			return nil
		},
	}
}

func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("it takes no argument, and got %q", args[0])}
	}
	return nil
}
