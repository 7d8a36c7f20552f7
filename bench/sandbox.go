//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	words "benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/process"
	runnerimage "benchcell/runner-image"
)

// sandboxer is another program that keeps one apart, and what we mean to be against it.
type sandboxer struct {
	name string
	run  func() error
	goal float64 // of its added time
	text string
}

// sandboxed: what a sandboxed process costs beyond the program, beside the tools
// that make a sandbox for each run.
func (b *bench) sandboxed() error {
	dir, err := os.MkdirTemp("/usr/local", "benchcell-bench-") // which every sandbox shows
	if err != nil {
		return skip("sandboxed", err.Error())
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	small, err := writeSmallest(dir)
	if err != nil {
		return err
	}
	if err := os.Chmod(small, 0o755); err != nil { //nolint:gosec // another user is to start it
		return err
	}
	peers := peersFor(dir, small)
	return withSandbox(func(ctx context.Context, backend *process.Backend) error {
		session, err := backend.Open(ctx, spec)
		if err != nil {
			return err
		}
		inOpen := func() error { return runIn(ctx, session, small) }
		err = b.addSandboxed("a sample in a sandboxed process, added", small, func() error { return nil }, inOpen, peers)
		if err = errors.Join(err, session.Close()); err != nil {
			return err
		}
		strangers := spec
		strangers.Trusted = false
		return b.addSandboxed("a sandbox used once, opened to closed, added", small, func() error { return waiting(ctx, backend) }, func() error {
			s, err := backend.Open(ctx, strangers)
			if err != nil {
				return err
			}
			return errors.Join(runIn(ctx, s, small), s.Close())
		}, peers)
	})
}

// addSandboxed compares what something of ours costs with the peers, in turns.
func (b *bench) addSandboxed(what, program string, ready, ours func() error, peers []sandboxer) error {
	variants := []func() error{func() error { return bare(program) }, ours}
	for _, p := range peers {
		variants = append(variants, p.run)
	}
	medians, err := interleaveBefore(min(b.n, 200), ready, variants...)
	if err != nil {
		return err
	}
	added := medians[1] - medians[0]
	for i, p := range peers {
		theirs := medians[i+2] - medians[0]
		ratio := float64(added) / float64(theirs)
		b.add(what, micros(added), micros(theirs)+" "+p.name, fmt.Sprintf("1/%.0f", 1/ratio), ratio, p.goal, p.text)
	}
	return nil
}

// waiting returns when a sandbox waits for its run and nothing else is made or
// destroyed.
func waiting(ctx context.Context, backend *process.Backend) error {
	for range 1000 {
		if pool := backend.Probe(ctx).Pool; pool != nil && pool.Ready >= pool.Most {
			backend.Settle()
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return errors.New("no sandbox got warm")
}

func runIn(ctx context.Context, s sandbox.Session, argv ...string) error {
	o, err := s.Run(ctx, execution(argv...))
	if err == nil && o.Verdict != words.OK {
		err = fmt.Errorf("verdict %s: %s", o.Verdict, o.Reason)
	}
	return err
}

// withSandbox is withBackend for a backend that sandboxes all it runs.
func withSandbox(do func(context.Context, *process.Backend) error) error {
	temp, err := os.MkdirTemp("", "benchcell-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	backend := process.New(process.Config{
		Runner: runnerimage.Runner(), Owner: "bench", Temp: temp, Keep: 1, Warm: 1, Log: slog.New(slog.DiscardHandler),
		Sandbox: true, System: process.DefaultSystem, Size: words.DefaultLimits().Disk, Minimum: words.MinimumSandbox,
	})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- backend.Run(ctx) }()
	err = do(ctx, backend)
	stop()
	return errors.Join(err, <-done)
}

// peersFor are those of the tools that this machine has; the others are named.
func peersFor(dir, program string) []sandboxer {
	var list []sandboxer
	if path, err := exec.LookPath("bwrap"); err == nil {
		list = append(list, sandboxer{"bwrap --unshare-all", func() error {
			return bare(path, "--unshare-all", "--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", program)
		}, 1.0 / 8, "≤ 1/8"})
	} else {
		_ = skip("bwrap", "it is not installed: apt-get install bubblewrap")
	}
	if path, err := exec.LookPath("runc"); err == nil {
		bundle, err := writeBundle(dir, program)
		if err == nil {
			serial := 0
			list = append(list, sandboxer{"runc run", func() error {
				serial++
				return bare(path, "--root", filepath.Join(dir, "runc"), "run", "--bundle", bundle, fmt.Sprintf("benchcell-bench-%d", serial))
			}, 1.0 / 40, "≤ 1/40"})
			return list
		}
		_ = skip("runc", err.Error())
		return list
	}
	_ = skip("runc", "it is not installed: apt-get install runc")
	return list
}

func skip(what, why string) error {
	fmt.Fprintf(os.Stderr, "skipped: %s: %s\n", what, why)
	return nil
}

// writeBundle is what runc makes a container of: runc's own defaults, with the
// program in a root of its own and no terminal.
func writeBundle(dir, program string) (string, error) {
	bundle := filepath.Join(dir, "bundle")
	if err := os.MkdirAll(filepath.Join(bundle, "rootfs"), 0o755); err != nil {
		return "", err
	}
	if err := copyProgram(program, filepath.Join(bundle, "rootfs", "smallest")); err != nil {
		return "", err
	}
	return bundle, os.WriteFile(filepath.Join(bundle, "config.json"), []byte(bundleConfig), 0o600)
}

func copyProgram(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// bundleConfig asks of runc what our sandbox gives, but for the system calls.
const bundleConfig = `{"ociVersion":"1.0.2",
"process":{"args":["/smallest"],"cwd":"/","user":{"uid":65534,"gid":65534},"noNewPrivileges":true,"capabilities":{}},
"root":{"path":"rootfs","readonly":true},"hostname":"bench",
"mounts":[{"destination":"/proc","type":"proc","source":"proc"},
{"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","strictatime","mode=755","size=65536k"]}],
"linux":{"namespaces":[{"type":"pid"},{"type":"network"},{"type":"ipc"},{"type":"uts"},{"type":"mount"}],
"resources":{"memory":{"limit":536870912},"cpu":{"quota":100000,"period":100000},"pids":{"limit":128}}}}`
