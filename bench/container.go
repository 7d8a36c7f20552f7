//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"

	words "benchcell/internal/bench"
	"benchcell/internal/sandbox"
	ours "benchcell/internal/sandbox/container"
	runnerimage "benchcell/runner-image"
)

// peer is the engine used directly, with our limits, as anybody would.
type peer struct {
	client *client.Client
	idle   string // a started container to execute in
}

func newPeer(ctx context.Context) (*peer, error) {
	c, err := client.NewClientWithOpts(client.FromEnv, client.WithAPIVersionNegotiation())
	if err != nil {
		return nil, err
	}
	p := &peer{client: c}
	if err := p.makeImage(ctx); err != nil {
		return nil, err
	}
	if p.idle, err = p.create(ctx, "benchcell/tools", []string{"sleep", "3600"}, false); err != nil {
		return nil, err
	}
	return p, c.ContainerStart(ctx, p.idle, container.StartOptions{})
}

func (p *peer) create(ctx context.Context, image string, argv []string, attach bool) (string, error) {
	l := words.DefaultLimits()
	pids := l.Pids
	made, err := p.client.ContainerCreate(ctx,
		&container.Config{Image: image, Cmd: argv, AttachStdout: attach, AttachStderr: attach, NetworkDisabled: true},
		&container.HostConfig{
			NetworkMode: "none", ReadonlyRootfs: true, CapDrop: []string{"ALL"}, SecurityOpt: []string{"no-new-privileges"},
			LogConfig: container.LogConfig{Type: "none"},
			Resources: container.Resources{Memory: l.Memory, MemorySwap: l.Memory, CPUQuota: 100_000, CPUPeriod: 100_000, PidsLimit: &pids},
		}, nil, nil, "")
	return made.ID, err
}

// wholeLife is create, attach, start, wait, remove.
func (p *peer) wholeLife(ctx context.Context) error {
	id, err := p.create(ctx, smallestImage, []string{"/smallest"}, true)
	if err != nil {
		return err
	}
	attached, err := p.client.ContainerAttach(ctx, id, container.AttachOptions{Stream: true, Stdout: true, Stderr: true})
	if err != nil {
		return err
	}
	defer attached.Close()
	ended, failed := p.client.ContainerWait(ctx, id, container.WaitConditionNextExit)
	if err := p.client.ContainerStart(ctx, id, container.StartOptions{}); err != nil {
		return err
	}
	select {
	case <-ended:
	case err := <-failed:
		return err
	}
	if _, err := io.Copy(io.Discard, attached.Reader); err != nil {
		return err
	}
	return p.client.ContainerRemove(ctx, id, container.RemoveOptions{Force: true})
}

// exec runs the program in the idle container.
func (p *peer) exec(ctx context.Context) error {
	made, err := p.client.ContainerExecCreate(ctx, p.idle, container.ExecOptions{Cmd: []string{"/bin/true"}, AttachStdout: true})
	if err != nil {
		return err
	}
	attached, err := p.client.ContainerExecAttach(ctx, made.ID, container.ExecAttachOptions{})
	if err != nil {
		return err
	}
	defer attached.Close()
	_, err = io.Copy(io.Discard, attached.Reader) // ends with the program
	return err
}

func (p *peer) stats(ctx context.Context) error {
	answer, err := p.client.ContainerStatsOneShot(ctx, p.idle)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}

func (p *peer) close() {
	_ = p.client.ContainerRemove(context.Background(), p.idle, container.RemoveOptions{Force: true})
}

// engine is our backend with a pool of its own.
type engine struct {
	backend *ours.Backend
	stop    func() error
}

func newEngine(owner string, warm int, reuse bool) *engine {
	b := ours.New(ours.Config{
		Runner: runnerimage.Runner(), Builtin: runnerimage.BenchBuiltin(), Image: smallestImage, Warm: warm, Reuse: reuse,
		Owner: owner, Kinds: []ours.Kind{{Image: smallestImage, Limits: words.DefaultLimits()}}, Log: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	return &engine{b, func() error { cancel(); return <-done }}
}

// open opens a session for the program.
func (e *engine) open(ctx context.Context) (sandbox.Session, error) {
	return e.backend.Open(ctx, sandbox.Spec{Trusted: true, Measured: true, Limits: words.DefaultLimits()})
}

// toResult is from opening a session to the result of one sample.
func (e *engine) toResult(ctx context.Context) (sandbox.Session, error) {
	s, err := e.open(ctx)
	if err != nil {
		return nil, err
	}
	o, err := s.Run(ctx, execution("/smallest"))
	if err == nil && o.Verdict != words.OK {
		err = fmt.Errorf("verdict %s: %s", o.Verdict, o.Reason)
	}
	return s, err
}

// waitWarm waits until containers are ready ahead of their run.
func (e *engine) waitWarm(n int) error {
	for range 1000 {
		if e.backend.Waiting() >= n {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.New("no container got warm")
}

// container: what a run in a container costs, against the engine used directly.
func (b *bench) container() error {
	ctx := context.Background()
	p, err := newPeer(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	once, reused, cold := newEngine("bench-once", 1, false), newEngine("bench-reused", 1, true), newEngine("bench-cold", 0, false)
	warmUp, err := reused.toResult(ctx)
	if err != nil {
		return err
	}
	if err := warmUp.Close(); err != nil {
		return err
	}
	rounds := max(b.n/10, 20)
	var left sandbox.Session // of the timed part, to be closed outside of it
	medians, err := interleaveBefore(rounds, func() error {
		if left != nil {
			if err := left.Close(); err != nil {
				return err
			}
			left = nil
		}
		return errors.Join(once.waitWarm(1), reused.waitWarm(1))
	},
		func() error { return p.wholeLife(ctx) },
		func() error { return p.exec(ctx) },
		func() (err error) { left, err = once.toResult(ctx); return err },
		func() (err error) { left, err = reused.toResult(ctx); return err },
		func() error {
			s, err := cold.toResult(ctx)
			if err != nil {
				return err
			}
			err = s.Close()
			cold.backend.Settle()
			return err
		},
	)
	if err != nil {
		return err
	}
	life, execed := medians[0], medians[1]
	b.share("container, warm, used once: opened to result", medians[2], life, "create to remove by the SDK", 200)
	b.share("container, warm, reused", medians[3], life, "create to remove by the SDK", 300)
	b.share("container, warm, reused", medians[3], execed, "docker exec", 60)
	coldRatio := float64(medians[4]) / float64(life)
	b.add("container, cold: opened to removed", millis(medians[4]), millis(life)+" create to remove by the SDK", fmt.Sprintf("%.2f", coldRatio), coldRatio, 1.1, "≤ 1.1")
	if err := b.overHTTP(ctx, p); err != nil {
		return err
	}
	if err := b.figures(ctx, p, once); err != nil {
		return err
	}
	return errors.Join(once.stop(), reused.stop(), cold.stop())
}

// overHTTP: a run of a warm container, used once, through API and store.
func (b *bench) overHTTP(ctx context.Context, p *peer) error {
	s, err := startServer()
	if err != nil {
		return err
	}
	defer s.stop()
	medians, err := interleaveBefore(max(b.n/20, 20), s.waitWarm,
		func() error { return p.wholeLife(ctx) },
		func() error { return s.run("smallest-in-a-container") },
	)
	if err != nil {
		return err
	}
	b.share("container, warm, used once: over HTTP, durable", medians[1], medians[0], "create to remove by the SDK", 40)
	return nil
}

// figures: what reading the figures after a run costs.
func (b *bench) figures(ctx context.Context, p *peer, e *engine) error {
	begun := time.Now()
	if err := p.stats(ctx); err != nil {
		return err
	}
	stats := time.Since(begun)
	s, err := e.open(ctx)
	if err != nil {
		return err
	}
	read, ok := s.(interface{ ReadFigures(context.Context) error })
	if !ok {
		return errors.New("the session reads no figures")
	}
	medians, err := interleave(b.n, func() error { return read.ReadFigures(ctx) })
	if err != nil {
		return err
	}
	b.add("figures after a run in a container", micros(medians[0]), millis(stats)+" by the one-shot stats API",
		fmt.Sprintf("1/%.0f", float64(stats)/float64(medians[0])), float64(medians[0]), 1e6, "< 1 ms")
	return s.Close()
}

// share adds a figure whose goal is a small part of the peer's.
func (b *bench) share(what string, mine, theirs time.Duration, peer string, goal float64) {
	ratio := float64(theirs) / float64(mine)
	b.add(what, millis(mine), millis(theirs)+" "+peer, fmt.Sprintf("1/%.0f", ratio), 1/ratio, 1/goal, fmt.Sprintf("≤ 1/%.0f", goal))
}

func millis(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/1e6) }
