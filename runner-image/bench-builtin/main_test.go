package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"benchcell/internal/builtin"
)

// TestMain makes the test binary the program itself where a test starts it.
func TestMain(m *testing.M) {
	if os.Getenv("BENCH_BUILTIN_TEST_MAIN") == "1" {
		main()
	}
	os.Exit(m.Run())
}

func TestRun(t *testing.T) {
	const config = `{"name":"demo","iterations":3,"warmup":1}`
	tests := []struct {
		name, args, stdin string
		code              int
		stdout, stderr    string // each must be part of it; "" means empty
	}{
		{"measures", "channel-ping-pong", config, 0, `{"name":"demo","samples":[`, ""},
		{"list", "-list", "", 0, "profile-query-single\n", ""},
		{"help", "-h", "", 0, "", "usage: bench-builtin NAME"},
		{"no name", "", config, 2, "", "usage: bench-builtin NAME"},
		{"two names", "sha256 gzip", config, 2, "", "usage: bench-builtin NAME"},
		{"list and name", "-list sha256", config, 2, "", "usage: bench-builtin NAME"},
		{"unknown flag", "-fast", config, 2, "", "-fast"},
		{"unknown function", "nothing", config, 1, "", `no builtin function is called "nothing"`},
		{"bad config", "sha256", `{"iterations":0}`, 1, "", "bench-builtin: iterations is 0"},
		{"empty config", "sha256", "", 1, "", "the config is empty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), strings.Fields(test.args), strings.NewReader(test.stdin), &stdout, &stderr)
			if code != test.code {
				t.Errorf("exit code %d, it must be %d", code, test.code)
			}
			checkText(t, "stdout", stdout.String(), test.stdout)
			checkText(t, "stderr", stderr.String(), test.stderr)
		})
	}
}

func checkText(t *testing.T, stream, got, want string) {
	t.Helper()
	if (want == "") != (got == "") || !strings.Contains(got, want) {
		t.Errorf("%s is %q, it must hold %q", stream, got, want)
	}
}

func TestListNamesAll(t *testing.T) {
	var stdout, stderr bytes.Buffer
	run(t.Context(), []string{"-list"}, strings.NewReader(""), &stdout, &stderr)
	names := strings.Fields(stdout.String())
	if len(names) != len(builtin.All()) {
		t.Fatalf("%d names of %d", len(names), len(builtin.All()))
	}
	for i, f := range builtin.All() {
		if names[i] != f.Name {
			t.Errorf("name %d is %q, it must be %q", i, names[i], f.Name)
		}
	}
}

// SIGTERM has no handler: whoever sent it sees that it was the end.
func TestSIGTERMEndsIt(t *testing.T) {
	program := exec.CommandContext(t.Context(), os.Args[0], "sha256")
	program.Env = append(os.Environ(), "BENCH_BUILTIN_TEST_MAIN=1")
	stdin, err := program.StdinPipe() // kept open, so that it waits
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	if err := program.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := program.Wait(); !errors.As(err, &exit) {
		t.Fatalf("it ended with %v", err)
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() || status.Signal() != syscall.SIGTERM {
		t.Errorf("it ended with %v", exit)
	}
	_ = stdin.Close() // Wait has closed it
}
