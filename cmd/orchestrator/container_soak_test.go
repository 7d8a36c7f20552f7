package main

import (
	"bufio"
	"flag"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/sandboxtest"
)

var soak = flag.Duration("soak", 0, "how long TestSoak runs; without it the test is skipped")

// load is what is run over and over: every isolation, every way to end.
func load(t *testing.T) map[bench.Verdict][]bench.Definition {
	limited := func(change func(*bench.Limits), args ...string) bench.Definition {
		d := guestDefinition(t, args...)
		change(&d.Limits)
		return d
	}
	slow := guestDefinition(t, "ignore-term")
	slow.Timeout = 200
	return map[bench.Verdict][]bench.Definition{
		bench.OK:          {guestDefinition(t, "ok"), guestDefinition(t, "daemon", "sleep", "60000"), guestDefinition(t, "touch", "32")},
		bench.NonzeroExit: {guestDefinition(t, "exit", "3")},
		bench.Timeout:     {slow},
		bench.OOM:         {limited(func(l *bench.Limits) { l.Memory = 32 << 20 }, "touch", "64")},
		bench.OutputLimit: {guestDefinition(t, "flood")},
		bench.DiskLimit:   {limited(func(l *bench.Limits) { l.Disk = 4 << 20 }, "fill", "5")},
		bench.PidsLimit:   {limited(func(l *bench.Limits) { l.Pids = 20 }, "bomb")},
		bench.StartFailed: {once(bench.Definition{Name: "none", Command: []string{"no-such-program"}})},
	}
}

const soaked = `
[isolation]
grace = "200ms"
[[benchmarks]]
name = "quick"
command = ["true"]
iterations = 2
[[benchmarks]]
name = "boxed"
command = ["true"]
isolation = "container"
iterations = 2
[[benchmarks]]
name = "inside"
kind = "builtin"
builtin = "json-encode"
isolation = "in-process"
iterations = 2
[[benchmarks]]
name = "test"
kind = "tests"
isolation = "container"
command = ["true"]
`

// mayGrow says by how much: a figure that does not settle passes it in time.
var mayGrow = map[string]float64{"go_goroutines": 20, "process_open_fds": 40, "process_resident_memory_bytes": 64 << 20}

// Hours of runs leave nothing: no container, group, process or file, and a server
// no larger than it was after the first of them.
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("it takes as long as -soak says: 'make test-all' runs it")
	}
	sandboxtest.NeedRoot(t)
	temp := t.TempDir()
	s := containerServer(t, soaked, "TMPDIR="+temp)
	s.round(load(t))
	before := s.figures()
	rounds := 0
	for begun := time.Now(); time.Since(begun) < *soak; rounds++ {
		s.round(load(t))
	}
	after := s.figures()
	t.Logf("%d rounds; before %v, after %v", rounds, before, after)
	for name, more := range mayGrow {
		if after[name] > before[name]+more {
			t.Errorf("%s grew from %v to %v", name, before[name], after[name])
		}
	}
	s.stop(syscall.SIGTERM)
	wantNoContainer(t, s.data)
	owner := (&dataFolder{path: s.data}).name()
	for _, pattern := range []string{temp + "/*", s.data + "/tmp/*", "/sys/fs/cgroup/*/benchcell/" + owner + "-*", "/sys/fs/cgroup/benchcell/" + owner + "-*"} {
		if left, _ := filepath.Glob(pattern); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}

// round runs all of it at once, cancels one more, and waits for the lot.
func (s *server) round(load map[bench.Verdict][]bench.Definition) {
	s.t.Helper()
	var wg sync.WaitGroup
	for want, definitions := range load {
		for _, d := range definitions {
			queued := s.submit(d)
			wg.Go(func() { wantVerdict(s.t, s.wait(queued.ID), want) })
		}
	}
	for _, slug := range []string{"quick", "boxed", "inside", "test"} {
		queued := s.start(slug)
		wg.Go(func() { wantVerdict(s.t, s.wait(queued.ID), bench.OK) })
	}
	cancelled := s.submit(guestDefinition(s.t, "sleep", "60000"))
	s.call("POST", "/runs/"+cancelled.ID+"/cancel", "", http.StatusAccepted, nil)
	wg.Go(func() { wantVerdict(s.t, s.wait(cancelled.ID), bench.Cancelled) })
	wg.Wait()
}

// figures are what the server says of itself.
func (s *server) figures() map[string]float64 {
	s.t.Helper()
	response, err := http.Get(s.url + "/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	figures := map[string]float64{}
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if _, wanted := mayGrow[name]; wanted {
			if figures[name], err = strconv.ParseFloat(value, 64); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	if len(figures) != len(mayGrow) {
		s.t.Fatalf("the server says only %v of itself", figures)
	}
	return figures
}
