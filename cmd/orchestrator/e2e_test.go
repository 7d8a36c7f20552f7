package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/sandboxtest"
)

// orchestrator is this test binary under the name that makes it the program.
func orchestrator(t *testing.T) string {
	t.Helper()
	needPrograms(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "orchestrator")
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	return link
}

// server is a started server.
type server struct {
	t      *testing.T
	cmd    *exec.Cmd
	url    string
	data   string
	stderr bytes.Buffer
}

// serve starts a server and waits for its URL.
func startServer(t *testing.T, data, config string, env ...string) *server {
	t.Helper()
	cmd := exec.Command(orchestrator(t), "serve", "--listen", "127.0.0.1:0", "--data", data, "--config", config)
	cmd.Env = append(os.Environ(), env...)
	return launch(t, cmd, data)
}

// launch starts a command that is a server.
func launch(t *testing.T, cmd *exec.Cmd, data string) *server {
	t.Helper()
	s := &server{t: t, data: data, cmd: cmd}
	s.cmd.Stderr = &s.stderr
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop(syscall.SIGTERM) })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "benchcell serves on ")
	if err != nil || !ok {
		t.Fatalf("the server said %q, %v", line, err)
	}
	s.url = url
	return s
}

func (s *server) stop(sig syscall.Signal) {
	if s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Signal(sig)
	_ = s.cmd.Wait()
	if sig == syscall.SIGTERM && s.cmd.ProcessState.ExitCode() != 0 {
		s.t.Errorf("the server ended with %v:\n%s", s.cmd.ProcessState, s.stderr.String())
	}
}

// call asks the API and decodes the answer, which must have the status.
func (s *server) call(method, path, body string, status int, out any) http.Header {
	s.t.Helper()
	got, header, text := s.send(method, path, "application/json", strings.NewReader(body))
	if got != status {
		s.t.Fatalf("%s %s: %d: %s", method, path, got, text)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			s.t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return header
}

// send asks the API and reads the answer, whatever it is.
func (s *server) send(method, path, mediaType string, body io.Reader) (status int, header http.Header, text []byte) {
	s.t.Helper()
	request, err := http.NewRequest(method, s.url+"/api/v1"+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", mediaType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if text, err = io.ReadAll(response.Body); err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, response.Header, text
}

func (s *server) start(slug string) bench.Run {
	s.t.Helper()
	var run bench.Run
	s.call("POST", "/runs", fmt.Sprintf(`{"benchmark":%q}`, slug), http.StatusAccepted, &run)
	return run
}

// wait gives the run once it has ended. It may have to wait for what other tests
// measure on this machine meanwhile.
func (s *server) wait(id string) (run bench.Run) {
	s.t.Helper()
	for range 5 {
		if s.call("GET", "/runs/"+id+"?wait=60", "", http.StatusOK, &run); run.State == bench.Finished {
			return run
		}
	}
	s.t.Fatalf("run %s is still %s", id, run.State)
	return run
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const sleepers = `
[[benchmarks]]
name = "sleeper"
command = ["sh", "-c", "echo $$ > pid; sleep 987"]
iterations = 1
warmup = 0
timeout = "60s"
[[benchmarks]]
name = "quick"
command = ["true"]
iterations = 2
`

// waitFor looks until a condition holds.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 1000 {
		if holds() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("waited in vain for: " + what)
}

func alive(pid string) bool {
	_, err := os.Stat("/proc/" + strings.TrimSpace(pid))
	return err == nil && strings.TrimSpace(pid) != ""
}

// A server that is killed in the middle loses nothing: its programs die, the
// run is interrupted, and what was queued runs.
func TestKilledServer(t *testing.T) {
	data, config := t.TempDir(), write(t, "config.toml", sleepers)
	pidFile := filepath.Join(filepath.Dir(config), "pid")
	first := startServer(t, data, config)
	before := first.wait(first.start("quick").ID)
	running := first.start("sleeper")
	queued := []string{first.start("quick").ID, first.start("quick").ID}
	waitFor(t, "the program to start", func() bool { _, err := os.Stat(pidFile); return err == nil })
	pid, _ := os.ReadFile(pidFile)
	first.stop(syscall.SIGKILL)
	waitFor(t, "the program to die", func() bool { return !alive(string(pid)) })

	second := startServer(t, data, config)
	if r := second.wait(running.ID); *r.Verdict != bench.Interrupted || r.Error == nil {
		t.Errorf("the running one ended %s", *r.Verdict)
	}
	for _, id := range queued {
		if r := second.wait(id); *r.Verdict != bench.OK || r.Attempt != 1 {
			t.Errorf("a queued one ended %s at attempt %d", *r.Verdict, r.Attempt)
		}
	}
	if again := second.wait(before.ID); *again.Time.Median != *before.Time.Median {
		t.Error("a stored run has changed")
	}
}

// What is left of a comparison ends with it.
func TestKilledServerEndsBothSides(t *testing.T) {
	data, config := t.TempDir(), write(t, "config.toml", sleepers)
	pidFile := filepath.Join(filepath.Dir(config), "pid")
	first := startServer(t, data, config)
	var running, queued bench.Comparison
	first.call("POST", "/comparisons", `{"a":{"benchmark":"sleeper"},"b":{"benchmark":"quick"}}`, http.StatusAccepted, &running)
	first.call("POST", "/comparisons", `{"a":{"benchmark":"quick"},"b":{"benchmark":"quick"}}`, http.StatusAccepted, &queued)
	waitFor(t, "the program to start", func() bool { _, err := os.Stat(pidFile); return err == nil })
	first.stop(syscall.SIGKILL)

	second := startServer(t, data, config)
	for _, id := range []string{running.Results[0].A.Run, running.Results[0].B.Run} {
		if r := second.wait(id); *r.Verdict != bench.Interrupted || r.Error == nil {
			t.Errorf("a side ended %s", *r.Verdict)
		}
	}
	second.call("GET", "/comparisons/"+*queued.ID+"?wait=60", "", http.StatusOK, &queued)
	if queued.State != bench.Finished || queued.Results[0].Decision == nil {
		t.Errorf("the queued one: %+v", queued)
	}
}

// A server that is told to stop ends what runs within its grace.
func TestStoppedServer(t *testing.T) {
	data, config := t.TempDir(), write(t, "config.toml", sleepers)
	first := startServer(t, data, config)
	running := first.start("sleeper")
	waitFor(t, "the run to start", func() bool {
		var r bench.Run
		first.call("GET", "/runs/"+running.ID, "", http.StatusOK, &r)
		return r.State == bench.Running
	})
	first.stop(syscall.SIGTERM)
	second := startServer(t, data, config)
	if r := second.wait(running.ID); *r.Verdict != bench.Interrupted {
		t.Errorf("it ended %s", *r.Verdict)
	}
}

func TestCancel(t *testing.T) {
	s := startServer(t, t.TempDir(), write(t, "config.toml", sleepers))
	running, queued := s.start("sleeper"), s.start("quick")
	waitFor(t, "the run to start", func() bool {
		var r bench.Run
		s.call("GET", "/runs/"+running.ID, "", http.StatusOK, &r)
		return r.State == bench.Running
	})
	s.call("POST", "/runs/"+queued.ID+"/cancel", "", http.StatusAccepted, nil)
	if r := s.wait(queued.ID); *r.Verdict != bench.Cancelled || r.StartedAt != nil {
		t.Errorf("the queued one: %s, started %v", *r.Verdict, r.StartedAt)
	}
	s.call("POST", "/runs/"+running.ID+"/cancel", "", http.StatusAccepted, nil)
	if r := s.wait(running.ID); *r.Verdict != bench.Cancelled {
		t.Errorf("the running one: %s", *r.Verdict)
	}
}

// orchestrate runs the program to its end.
func orchestrate(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.Command(orchestrator(t), args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if _, ended := err.(*exec.ExitError); err != nil && !ended { //nolint:errorlint // its own
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func runsOf(t *testing.T, text string) []bench.Run {
	t.Helper()
	var runs []bench.Run
	if err := json.Unmarshal([]byte(text), &runs); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return runs
}

// A run hands its work to the server that owns the data folder.
func TestRunThroughServer(t *testing.T) {
	data, config := t.TempDir(), write(t, "config.toml", sleepers)
	s := startServer(t, data, config)
	out, errs, code := orchestrate(t, "run", "--data", data, "--json", "--iterations", "1", "--", "sh", "-c", "echo $HOME; pwd")
	if code != 0 || !strings.Contains(errs, "handing the work to the server") {
		t.Fatalf("code %d, stderr %q", code, errs)
	}
	run := runsOf(t, out)[0]
	dir, _ := os.Getwd()
	if want := os.Getenv("HOME") + "\n" + dir + "\n"; run.Stdout.Tail != want || !run.Trusted {
		t.Errorf("stdout %q, want %q", run.Stdout.Tail, want)
	}
	if r := s.wait(run.ID); *r.Verdict != bench.OK {
		t.Errorf("the server knows it as %s", *r.Verdict)
	}
	if _, errs, code := orchestrate(t, "serve", "--data", data, "--config", config, "--listen", "127.0.0.1:0"); code != 1 || !strings.Contains(errs, "belongs to process") {
		t.Errorf("a second server: code %d, %q", code, errs)
	}
}

// Two runs on one data folder wait for each other and share the history.
func TestRunsShareTheFolder(t *testing.T) {
	data := t.TempDir()
	done := make(chan int)
	for range 3 {
		go func() {
			_, _, code := orchestrate(t, "run", "--data", data, "--iterations", "2", "--", "true")
			done <- code
		}()
	}
	for range 3 {
		if code := <-done; code != 0 {
			t.Errorf("code %d", code)
		}
	}
	s := startServer(t, data, write(t, "config.toml", sleepers))
	var list struct{ Runs []bench.Run }
	s.call("GET", "/runs?limit=10", "", http.StatusOK, &list)
	if len(list.Runs) != 3 {
		t.Errorf("%d runs are stored", len(list.Runs))
	}
}

// Ctrl-C ends the program in order: the run is cancelled, nothing stays.
func TestInterruptedRun(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	cmd := exec.Command(orchestrator(t), "run", "--data", data, "--json", "--timeout", "60s", "--", "sh", "-c", "echo $$ > pid; sleep 987")
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pidFile := filepath.Join(dir, "pid")
	waitFor(t, "the program to start", func() bool { text, _ := os.ReadFile(pidFile); return len(text) > 0 })
	pid, _ := os.ReadFile(pidFile)
	_ = cmd.Process.Signal(os.Interrupt)
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if run := runsOf(t, out.String())[0]; *run.Verdict != bench.Cancelled {
		t.Errorf("it ended %s", *run.Verdict)
	}
	if alive(string(pid)) {
		t.Error("the program lives on")
	}
	if left, _ := os.ReadDir(filepath.Join(data, "tmp")); len(left) > 0 {
		t.Errorf("left in tmp: %v", left)
	}
}

// When the isolation itself fails, a trusted built-in runs one step weaker and
// says so; without fallback, and for any other program, it does not run.
func TestFallback(t *testing.T) {
	needPrograms(t)
	broken := filepath.Join(t.TempDir(), "orchestrator")
	build := exec.Command("go", "build", "-tags", "faults", "-o", broken, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	run := func(env string, args ...string) bench.Run {
		cmd := exec.Command(broken, append([]string{"run", "--json", "--data", t.TempDir()}, args...)...)
		cmd.Env = append(os.Environ(), "FAULT_RUNNER=1", env)
		out, _ := cmd.Output() // the exit code is 1 where a verdict is not ok
		return runsOf(t, string(out))[0]
	}
	weaker := run("X=", "sha-256-of-8-mib")
	if *weaker.Verdict != bench.OK || *weaker.Isolation.Effective != bench.InProcess || weaker.Isolation.Requested != bench.Process ||
		weaker.Isolation.FallbackReason == nil || !strings.Contains(*weaker.Isolation.FallbackReason, "runner") {
		t.Errorf("with fallback: %s, %+v", *weaker.Verdict, weaker.Isolation)
	}
	for name, r := range map[string]bench.Run{
		"without fallback": run("BENCHCELL_ISOLATION_FALLBACK=false", "sha-256-of-8-mib"),
		"a command":        run("X=", "--", "true"),
	} {
		if *r.Verdict != bench.IsolationUnavailable || r.Error == nil {
			t.Errorf("%s: %s", name, *r.Verdict)
		}
	}
}

// The shipped suite is all ok, and every figure has its source.
func TestShippedSuite(t *testing.T) {
	sandboxtest.NeedProgram(t, "python3")
	sandboxtest.NeedRoot(t)
	out, errs, code := orchestrate(t, "run", "--all", "--isolation", "process", "--json", "--iterations", "6", "--data", t.TempDir())
	if code != 0 {
		t.Errorf("exit code %d: %s", code, errs)
	}
	for _, r := range runsOf(t, out) {
		u := r.ResourceUsage
		if *r.Verdict != bench.OK || *r.Isolation.Effective != bench.Process || len(r.Isolation.Receipt) == 0 {
			t.Errorf("%s: %s, %v", r.Slug, *r.Verdict, r.Error)
			continue
		}
		if *u.MaxRSS <= 0 || *u.CPUTime.User+*u.CPUTime.System <= 0 || *u.ExecutionTime <= 0 || u.Sources.MaxRSS == nil || u.Sources.CPUTime == nil {
			t.Errorf("%s: usage %+v", r.Slug, u)
		}
		want := 6
		if !r.Kind.Sampled() {
			want = 1
		}
		if r.Time.N != want {
			t.Errorf("%s: %d samples, want %d", r.Slug, r.Time.N, want)
		}
	}
}
