//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// goJudge is the peer that runs strangers' programs behind HTTP, at a version that
// this was written for.
const goJudge = "github.com/criyle/go-judge@v1.12.2"

// judged: a sandboxed process over HTTP, beside go-judge, which stores nothing.
func (b *bench) judged() error {
	path, err := buildJudge()
	if err != nil {
		return skip("go-judge", err.Error())
	}
	dir, err := os.MkdirTemp("/usr/local", "benchcell-bench-") // which both show to their programs
	if err != nil {
		return skip("go-judge", err.Error())
	}
	defer os.RemoveAll(dir)
	small, err := writeSmallest(dir)
	if err != nil {
		return err
	}
	if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(small, 0o755)); err != nil { //nolint:gosec // another user is to start it
		return err
	}
	theirs, err := startJudge(path, dir)
	if err != nil {
		return skip("go-judge", err.Error())
	}
	defer theirs.stop()
	ours, err := startServerWith(fmt.Sprintf(sandboxedConfig, small, dir))
	if err != nil {
		return err
	}
	defer ours.stop()
	if err := warmUp(func() error { return ours.run("sandboxed") }, func() error { return theirs.run(small) }); err != nil {
		return err
	}
	return errors.Join(b.addJudged(ours, theirs, small, "", 0, 1.0/4, "≤ 1/4"),
		b.addJudged(ours, theirs, small, ", after 50 ms of rest", 50*time.Millisecond, 1.0/15, "≤ 1/15"),
		b.addJudgedRate(ours, theirs, small))
}

const sandboxedConfig = `
[server]
parallel = 8
[isolation.process]
sandbox = "on"
[[benchmarks]]
name = "sandboxed"
command = [%[1]q]
dir = %[2]q
iterations = 1
warmup = 0
[[benchmarks]]
name = "sandboxed test"
kind = "tests"
command = [%[1]q]
dir = %[2]q
`

func warmUp(each ...func() error) error {
	for range 20 {
		for _, do := range each {
			if err := do(); err != nil {
				return err
			}
		}
	}
	return nil
}

// addJudged compares what a run adds to the program, with a rest before each.
func (b *bench) addJudged(ours *server, theirs *judge, program, how string, rest time.Duration, goal float64, text string) error {
	pause := func() error {
		time.Sleep(rest)
		return nil
	}
	medians, err := interleaveBefore(min(b.n, 200), pause,
		func() error { return bare(program) },
		func() error { return ours.run("sandboxed") },
		func() error { return theirs.run(program) },
	)
	if err != nil {
		return err
	}
	added, peer := medians[1]-medians[0], medians[2]-medians[0]
	ratio := float64(added) / float64(peer)
	b.add("a sandboxed process over HTTP, durable, added"+how, micros(added), micros(peer)+" go-judge", fmt.Sprintf("1/%.1f", 1/ratio), ratio, goal, text)
	return nil
}

// addJudgedRate compares how many a second are sustained, in turns of two seconds.
func (b *bench) addJudgedRate(ours *server, theirs *judge, program string) error {
	const turns, each = 3, 2 * time.Second
	var rates [2]float64
	for range turns {
		for i, run := range []func() error{func() error { return ours.run("sandboxed-test") }, func() error { return theirs.run(program) }} {
			rate, err := perSecond(8, each, run)
			if err != nil {
				return err
			}
			rates[i] += rate / turns
		}
	}
	ratio := rates[1] / rates[0]
	b.add("sandboxed tests a second over HTTP, 8 in flight, durable", fmt.Sprintf("%.0f", rates[0]), fmt.Sprintf("%.0f go-judge", rates[1]),
		fmt.Sprintf("%.1f", 1/ratio), ratio, 1.0/4, "≥ 4")
	return nil
}

// perSecond is how many are done a second by so many at once.
func perSecond(inFlight int, during time.Duration, run func() error) (float64, error) {
	var done atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, inFlight)
	begun := time.Now()
	for i := range inFlight {
		wg.Go(func() {
			for time.Since(begun) < during && errs[i] == nil {
				errs[i] = run()
				done.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(done.Load()) / time.Since(begun).Seconds(), errors.Join(errs...)
}

// buildJudge builds go-judge once, in a module of its own.
func buildJudge() (string, error) {
	tools, err := filepath.Abs("bin/tools")
	if err != nil {
		return "", err
	}
	path := filepath.Join(tools, "go-judge")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	module, err := os.MkdirTemp("", "benchcell-bench-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(module)
	name, _, _ := strings.Cut(goJudge, "@")
	for _, args := range [][]string{{"mod", "init", "peer"}, {"get", goJudge}, {"build", "-o", path, name + "/cmd/go-judge"}} {
		cmd := exec.Command("go", args...)
		cmd.Dir, cmd.Env = module, append(os.Environ(), "GOFLAGS=-mod=mod")
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("go %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(out))
		}
	}
	return path, nil
}

// judge is a go-judge at work.
type judge struct {
	cmd *exec.Cmd
	url string
}

func startJudge(path, dir string) (*judge, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	_ = listener.Close() // it has no way to say which port it got
	j := &judge{url: "http://" + address, cmd: exec.Command(path, "-http-addr", address, "-dir", filepath.Join(dir, "judge"), "-parallelism", "8", "-pre-fork", "8", "-silent")}
	if err := os.Mkdir(filepath.Join(dir, "judge"), 0o700); err != nil {
		return nil, err
	}
	if err := j.cmd.Start(); err != nil {
		return nil, err
	}
	for range 100 {
		if response, err := http.Get(j.url + "/version"); err == nil {
			return j, response.Body.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	j.stop()
	return nil, errors.New("it does not answer")
}

func (j *judge) stop() {
	_ = j.cmd.Process.Signal(syscall.SIGTERM)
	_ = j.cmd.Wait()
}

// run has it run a program and waits for the result.
func (j *judge) run(program string) error {
	body := fmt.Sprintf(`{"cmd":[{"args":[%q],"env":[],"files":[{"content":""},{"name":"stdout","max":65536},{"name":"stderr","max":65536}],`+
		`"cpuLimit":10000000000,"memoryLimit":536870912,"procLimit":128}]}`, program)
	response, err := http.Post(j.url+"/run", "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return wantAnswer(response, `"status":"Accepted"`)
}
