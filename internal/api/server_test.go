package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"benchcell/internal/access"
	"benchcell/internal/bench"
	"benchcell/internal/machine"
	"benchcell/internal/sandbox"
	"benchcell/internal/scheduler"
	"benchcell/internal/store"
)

// The store makes some of its parts at their first use: not inside a test's
// bubble, where no other test could use them.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "benchcell-api-")
	if err != nil {
		panic(err)
	}
	s, err := store.Open(context.Background(), store.Options{Dir: dir})
	if err != nil {
		panic(err)
	}
	run := bench.NewRun("none", &bench.Plan{}, nil, time.Now())
	_ = s.Apply(context.Background(), run.Record(&bench.Measurement{Output: bench.Output{Stdout: []byte("x")}}))
	_ = s.Close()
	_ = os.RemoveAll(dir)
	os.Exit(m.Run())
}

// work is a fake worker: what a run does, told of to Live.
type work func(ctx context.Context, live *Live, run *bench.Run) *bench.Measurement

type worker struct {
	live *Live
	work work
}

func (w *worker) Execute(ctx context.Context, run *bench.Run, _ *bench.Plan) *bench.Measurement {
	defer w.live.Done(run.ID)
	m := w.work(ctx, w.live, run)
	m.Ended = time.Now().UTC()
	return m
}

func (w *worker) ExecutePair(ctx context.Context, runs [2]*bench.Run, plans [2]*bench.Plan) [2]*bench.Measurement {
	return [2]*bench.Measurement{w.Execute(ctx, runs[0], plans[0]), w.Execute(ctx, runs[1], plans[1])}
}

// succeed ends at once with samples and output.
func succeed(context.Context, *Live, *bench.Run) *bench.Measurement {
	process := bench.Process
	return &bench.Measurement{
		Verdict: bench.OK, Effective: &process, TimeSource: bench.TimeByRunner,
		Samples: []bench.Sample{{Wall: 3, Warmup: true}, {Wall: 1}, {Index: 1, Wall: 2}},
		Output:  bench.Output{Stdout: []byte("out\x00\xff\n"), Stderr: []byte("<script>alert(1)</script>")}, Produced: [2]int64{6, 25},
	}
}

// last runs until a time is over, or it is cancelled.
func last(d time.Duration) work {
	return func(ctx context.Context, _ *Live, _ *bench.Run) *bench.Measurement {
		select {
		case <-time.After(d):
			return &bench.Measurement{Verdict: bench.OK}
		case <-ctx.Done():
			return &bench.Measurement{Verdict: bench.Cancelled}
		}
	}
}

// site is a whole service but for its sandboxes.
type site struct {
	*API
	t         testing.TB
	client    *http.Client
	base      string
	store     *store.Store
	scheduler *scheduler.Scheduler
	log       *logged
}

// logged is a log to be read back.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}
func (l *logged) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.text.String() }

// choices are what a test wants to be different.
type choices struct {
	work     work
	queue    int   // its bound
	events   int64 // how many are kept
	idle     bool
	change   func(*Config)
	operator bool
	token    string // the configured one
	session  time.Duration
	rate     float64
}

var files = fstest.MapFS{
	"index.html":         {Data: []byte("<!doctype html><title>benchcell</title>")},
	"assets/app-1a2b.js": {Data: []byte("console.log('hello')")},
	"assets/big-3c4d.js": {Data: []byte("plain")}, "assets/big-3c4d.js.gz": {Data: []byte("gzip")}, "assets/big-3c4d.js.br": {Data: []byte("br")},
	"favicon.svg": {Data: []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")},
}

// configured are the operator's benchmarks.
func configured() []bench.Benchmark {
	target := 5.0
	return []bench.Benchmark{
		{
			Definition: bench.Definition{Name: "Sort lines", Command: []string{"sort"}, Target: &target, Iterations: 2},
			Slug:       "sort-lines", Category: "cpu", Kind: bench.KindCommand, Trusted: true,
		},
		{
			Definition: bench.Definition{Name: "Unit tests", Command: []string{"true"}},
			Slug:       "unit-tests", Category: "tests", Kind: bench.KindTests, Trusted: true,
		},
	}
}

// build wires a site on a data folder; it works until the test ends.
func build(t testing.TB, dir string, c choices) *site {
	t.Helper()
	s := &site{t: t, log: &logged{}, base: "http://localhost"}
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	if s.store, err = store.Open(t.Context(), store.Options{Dir: dir, MaxQueue: c.queue, KeepEvents: c.events}); err != nil {
		t.Fatal(err)
	}
	if c.work == nil {
		c.work = succeed
	}
	live := NewLive()
	s.scheduler = scheduler.New(scheduler.Config{
		Store: s.store, Worker: &worker{live, c.work}, Lock: machine.NewLock(filepath.Join(dir, "lock")),
		Machine: "host", Capacity: 4, Log: log,
	})
	config := Config{
		Store: s.store, Scheduler: s.scheduler, History: course{}, Benchmarks: configured(), Policy: bench.Policy{Backend: bench.Process},
		Capabilities: func(context.Context) []sandbox.Capabilities {
			return []sandbox.Capabilities{{Backend: bench.Process, Available: true}}
		},
		Machine: bench.Machine{ID: "host", Hostname: "box"}, Disturbances: func() []bench.Disturbance { return []bench.Disturbance{} }, Live: live, Static: fs.FS(files), Version: "test", Log: log,
		Metrics: NewMetrics(s.store.Counts).Handler(),
	}
	if c.change != nil {
		c.change(&config)
	}
	if config.Access, err = access.New(t.Context(), access.Config{
		Store: s.store, Token: c.token, Alone: !config.Plain && len(config.Proxies) == 0, Session: cmp.Or(c.session, time.Hour), Rate: c.rate,
	}); err != nil {
		t.Fatal(err)
	}
	s.API = New(config)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		if c.idle {
			<-ctx.Done()
			done <- nil
			return
		}
		done <- s.scheduler.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// open serves a site on a real socket.
func open(t testing.TB, c choices) *site {
	t.Helper()
	s := build(t, t.TempDir(), c)
	handler := s.Public()
	if c.operator {
		handler = s.Operator()
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s.base, s.client = server.URL, server.Client()
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s
}

// reply is an answer, read whole.
type reply struct {
	*http.Response
	body []byte
}

// ask sends a request; headers are "Name: value".
func (s *site) ask(method, path, body string, headers ...string) reply {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, ok := strings.Cut(h, ": ")
		if !ok {
			continue
		}
		request.Header.Set(name, value)
		if name == "Host" {
			request.Host = value
		}
	}
	response, err := s.client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{response, text}
}

// into decodes an answer that must have a status.
func (s *site) into(v any, status int, r reply) reply {
	s.t.Helper()
	if r.StatusCode != status || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		s.t.Fatalf("%s %s: %s %s", r.Request.Method, r.Request.URL, r.Status, r.body)
	}
	if err := json.Unmarshal(r.body, v); err != nil {
		s.t.Fatal(err)
	}
	return r
}

// isProblem checks an error as every error must be.
func (s *site) isProblem(r reply, status int, code bench.Code, mention string) {
	s.t.Helper()
	var p Problem
	where := r.Request.Method + " " + r.Request.URL.String()
	if err := json.Unmarshal(r.body, &p); err != nil || r.Header.Get("Content-Type") != "application/problem+json" {
		s.t.Errorf("%.100s: %s is no problem but %s: %.200s", where, r.Status, r.Header.Get("Content-Type"), r.body)
		return
	}
	if r.StatusCode != status || p.Status != status || p.Code != code || p.Title == "" || !strings.Contains(p.Detail, mention) {
		s.t.Errorf("%.100s: %s, %.500s; want %d %s that mentions %q", where, r.Status, r.body, status, code, mention)
	}
}

// run posts a run of the command and returns it.
func (s *site) run(query string) (run bench.Run) {
	s.t.Helper()
	s.into(&run, http.StatusAccepted, s.ask("POST", "/api/v1/runs"+query, `{"benchmark":"sort-lines"}`))
	return run
}
