// Command bench-builtin runs one of the built-in benchmark functions as a
// program of its own: it reads a config as JSON on standard input and answers
// the result as JSON on standard output. To the runner it is one more program.
//
// It installs no signal handler: SIGTERM ends it at once, as it does most
// programs, and its parent sees which signal it was.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"benchcell/internal/builtin"
)

const usage = `usage: bench-builtin NAME   config as JSON on stdin, result as JSON on stdout
       bench-builtin -list  names of the functions

example: echo '{"name":"demo","iterations":10}' | bench-builtin sha256
`

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run answers the exit code: 0, 1 for a benchmark that failed, 2 for bad usage.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench-builtin", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, usage) }
	list := flags.Bool("list", false, "print the names of the functions")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	var err error
	switch {
	case *list && flags.NArg() == 0:
		err = printNames(stdout)
	case !*list && flags.NArg() == 1:
		err = builtin.Serve(ctx, flags.Arg(0), stdin, stdout)
	default:
		flags.Usage()
		return 2
	}
	if err != nil {
		fmt.Fprintln(stderr, "bench-builtin:", err)
		return 1
	}
	return 0
}

func printNames(out io.Writer) error {
	for _, f := range builtin.All() {
		if _, err := fmt.Fprintln(out, f.Name); err != nil {
			return err
		}
	}
	return nil
}
