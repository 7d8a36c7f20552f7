package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/sandboxtest"
)

var soak = flag.Int("soak", 0, "how many runs TestSoak makes at least; without it the test is skipped")

// ending is a way to end, that every boundary outside the server knows.
type ending struct {
	name, script string
	limits, toml string // the same, as requests and as the configuration have them
	want         bench.Verdict
}

var endings = []ending{
	{"ok", "echo fine", "{}", "{}", bench.OK},
	{"daemon", "setsid sleep 60 &", "{}", "{}", bench.OK},
	{"nonzero", "exit 3", "{}", "{}", bench.NonzeroExit},
	{"signaled", "kill -KILL $$", "{}", "{}", bench.Signaled},
	{"timeout", "trap '' TERM; sleep 60", "{}", "{}", bench.Timeout},
	{"cpu", "while :; do :; done", `{"cpuTime":100}`, `{ cpu_time = "100ms" }`, bench.CPULimit},
	{"oom", "head -c 67108864 /dev/zero | tail -n 1", `{"memory":25165824}`, "{ memory = 25165824 }", bench.OOM},
	{"pids", "i=0; while [ $i -lt 60 ]; do sleep 9 & i=$((i+1)); done; wait", `{"pids":20}`, "{ pids = 20 }", bench.PidsLimit},
	{"output", "yes", `{"output":65536}`, "{ output = 65536 }", bench.OutputLimit},
	{"disk", "exec head -c 8388608 /dev/zero > $TMPDIR/f", "{}", "{}", bench.DiskLimit},
	{"cancelled", "sleep 60", "{}", "{}", bench.Cancelled},
}

// soakTimeout bounds an execution, in milliseconds: only those that are meant to
// take it do, and those that are cancelled have a minute.
func (e *ending) timeout() int {
	switch e.want {
	case bench.Timeout:
		return 200
	case bench.Cancelled:
		return 60_000
	}
	return 10_000
}

// soakConfig has every ending as a trusted process and as a container that is used
// again, what ends otherwise, and one in the server itself.
func soakConfig(group string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `
[server]
rate = 0.0
[isolation]
grace = "100ms"
fallback = false
timeout = "60s"
[isolation.process]
cgroup_parent = %q
[isolation.container]
reuse = true
[limits]
disk = "4MiB" # of all, so that all find a boundary that waits
[[benchmarks]]
name = "inside"
kind = "builtin"
builtin = "json-encode"
isolation = "in-process"
iterations = 2
[[benchmarks]]
name = "nonsense"
kind = "protocol"
command = ["echo", "nonsense"]
[[benchmarks]]
name = "tests"
kind = "tests"
isolation = "container"
command = ["true"]
[[benchmarks]]
name = "files"
command = ["true"]
files = [{ path = "x", content = "" }]
[[benchmarks]]
name = "huge"
command = ["true"]
isolation = "container"
limits = { memory = "900GiB" }
`, group)
	for _, isolation := range []bench.Isolation{bench.Process, bench.Container} {
		for _, e := range endings {
			fmt.Fprintf(&b, "[[benchmarks]]\nname = \"%s %s\"\nisolation = %q\niterations = 1\nwarmup = 0\ntimeout = \"%dms\"\nlimits = %s\ncommand = [\"sh\", \"-c\", %q]\n",
				isolation, e.name, isolation, e.timeout(), e.toml, e.script)
		}
	}
	return b.String()
}

// order is one run to ask for, and how it must end.
type order struct {
	body string
	want bench.Verdict
	late bool // it is cancelled once it runs, not in the queue
}

// orders are one round: every verdict at every boundary, but interrupted, which
// takes the server's own death and has tests of its own.
func orders(engine bool) []order {
	configured := func(slug string, want bench.Verdict) order {
		return order{body: fmt.Sprintf(`{"benchmark":%q}`, slug), want: want}
	}
	list := []order{
		configured("inside", bench.OK), configured("nonsense", bench.InternalError),
		configured("files", bench.IsolationUnavailable),
		{body: strangers("in-process", &endings[0]), want: bench.IsolationUnavailable},
	}
	places := []bench.Isolation{bench.Process}
	if engine {
		places = append(places, bench.Container)
		list = append(list, configured("tests", bench.OK), configured("huge", bench.IsolationUnavailable))
	}
	for _, isolation := range places {
		list = append(list,
			order{body: fmt.Sprintf(`{"isolation":%q,"definition":{"name":"x","command":["no-such-program"]}}`, isolation), want: bench.StartFailed})
		for i := range endings {
			e := &endings[i]
			for _, one := range []order{configured(fmt.Sprintf("%s-%s", isolation, e.name), e.want), {body: strangers(isolation, e), want: e.want}} {
				list = append(list, one)
				if one.want == bench.Cancelled {
					one.late = true
					list = append(list, one)
				}
			}
		}
	}
	return list
}

// strangers is an ending as untrusted code: sandboxed, or in a container that is
// used once.
func strangers(isolation bench.Isolation, e *ending) string {
	script, _ := json.Marshal(e.script) // a string
	return fmt.Sprintf(`{"isolation":%q,"definition":{"name":"x","iterations":1,"warmup":0,"timeout":%d,"limits":%s,"command":["sh","-c",%s]}}`,
		isolation, e.timeout(), e.limits, script)
}

// round asks for all of it at once and waits for the lot.
func (s *server) round(list []order, l *lookout) {
	s.t.Helper()
	var wg sync.WaitGroup
	var mu sync.Mutex
	for _, o := range list {
		var queued bench.Run
		s.call("POST", "/runs", o.body, http.StatusAccepted, &queued)
		if o.want == bench.Cancelled && !o.late {
			s.cancel(queued.ID)
		}
		wg.Go(func() {
			if o.late {
				s.until(queued.ID, bench.Running)
				s.cancel(queued.ID)
			}
			r := s.until(queued.ID, bench.Finished)
			if *r.Verdict != o.want {
				s.t.Errorf("%s", o.body)
			}
			wantVerdict(s.t, r, o.want)
			mu.Lock()
			defer mu.Unlock()
			for _, line := range r.Isolation.Receipt {
				if id, ok := line.Effective.(string); ok && line.Limit == "container" {
					l.remember(id)
				}
			}
		})
	}
	wg.Wait()
	s.closeRound(l.engine)
}

// closeRound ends a round by a good run in each boundary that may wait to be used
// again: whether one waits depends on how the last run in it ended, and runs that
// are cancelled halfway end in no certain order.
func (s *server) closeRound(engine bool) {
	s.t.Helper()
	last := []string{"process-ok"}
	if engine {
		last = append(last, "container-ok")
	}
	for _, slug := range last {
		var queued bench.Run
		s.call("POST", "/runs", fmt.Sprintf(`{"benchmark":%q}`, slug), http.StatusAccepted, &queued)
		wantVerdict(s.t, s.until(queued.ID, bench.Finished), bench.OK)
	}
}

func (s *server) cancel(id string) {
	s.call("POST", "/runs/"+id+"/cancel", "", http.StatusAccepted, nil)
}

// until waits until a run has come so far.
func (s *server) until(id string, state bench.State) bench.Run {
	s.t.Helper()
	for {
		var r bench.Run
		s.call("GET", "/runs/"+id, "", http.StatusOK, &r)
		if r.State == state || r.State == bench.Finished {
			return r
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// state is what there is at one moment.
type state struct {
	residue
	goroutines, resident float64
}

// settled waits until nothing runs and nothing changes any more: boundaries that
// were used are gone, those that wait are there, idle connections are closed.
func (l *lookout) settled() state {
	l.t.Helper()
	const still, most = 32, 480 // looks, four a second
	var last state
	for same, looks := 0, 0; same < still; looks++ {
		if looks == most {
			l.t.Error("the server does not come to rest")
			return last
		}
		time.Sleep(250 * time.Millisecond)
		figures := l.server.figures()
		now := state{l.look(), figures["go_goroutines"], figures["process_resident_memory_bytes"]}
		busy := figures[`benchcell_runs{state="queued"}`]+figures[`benchcell_runs{state="running"}`] > 0
		if same++; busy || now.goroutines != last.goroutines || !now.same(last.residue) {
			same = 0
		}
		last = now
	}
	return last
}

// mayGrow is how much larger a server may be after it has done the same again, in
// bytes. The heap may double between two collections, and what is free goes back
// to the kernel within minutes only; a run that were kept, with its samples and its
// output, would be 16 KiB at the least and pass this with 2,000 of them.
const mayGrow = 32 << 20

// However many runs there were, and however they ended, nothing is left of them:
// there is as much of everything as after the first few.
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("it counts what the whole machine has, so it runs alone: 'make test' does so with -soak")
	}
	sandboxtest.NeedRoot(t)
	engine := false
	t.Run("containers", func(t *testing.T) { sandboxtest.NeedImage(t, toolsImage); engine = true })
	group, temp, data := groupOf(t), t.TempDir(), t.TempDir()
	l := &lookout{t: t, group: group, temp: []string{temp, data + "/tmp"}, boxes: map[string]bool{}, others: map[string]string{}, engine: engine}
	s := startServer(t, data, write(t, "config.toml", soakConfig(group)), "TMPDIR="+temp)
	l.server = s
	list := orders(engine)
	s.round(list, l)
	before, runs := l.settled(), 0
	for runs < *soak {
		s.round(list, l)
		runs += len(list)
	}
	after := l.settled()
	s.stop(syscall.SIGTERM)
	t.Logf("%d runs with %d verdicts\n%s", runs, verdicts(list), l.compare(before, after, l.look()))
}

func verdicts(list []order) int {
	seen := map[bench.Verdict]bool{}
	for _, o := range list {
		seen[o.want] = true
	}
	return len(seen)
}
