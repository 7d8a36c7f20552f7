//go:build linux

package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"benchcell/internal/sandbox"
)

// program is what 'make build' made.
const program = "bin/orchestrator"

// server is the built program at work.
type server struct {
	cmd  *exec.Cmd
	url  string
	dir  string
	took time.Duration // from start to serving
}

const config = `
[server]
parallel = 8
[[benchmarks]]
name = "true as a test"
kind = "tests"
command = ["/bin/true"]
[[benchmarks]]
name = "true as a command"
command = ["/bin/true"]
iterations = 1
warmup = 0
[[benchmarks]]
name = "smallest in a container"
isolation = "container"
image = "benchcell/bench-smallest"
command = ["/smallest"]
iterations = 1
warmup = 0
`

func startServer() (*server, error) { return startServerWith(config) }

func startServerWith(config string) (*server, error) {
	dir, err := os.MkdirTemp("", "benchcell-bench-")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return nil, err
	}
	return serve(dir, file)
}

// serve starts one in a folder.
func serve(dir, file string) (*server, error) {
	s := &server{dir: dir, cmd: exec.Command(program, "serve", "--config", file, "--listen", "127.0.0.1:0")}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: run 'make build' first", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	s.took = time.Since(begun)
	s.url = strings.TrimSpace(strings.TrimPrefix(line, "benchcell serves on "))
	return s, err
}

// end ends one and leaves its folder.
func (s *server) end() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
}

func (s *server) stop() {
	s.end()
	_ = os.RemoveAll(s.dir)
}

// run queues a run and waits until it is finished.
func (s *server) run(slug string) error {
	body := strings.NewReader(fmt.Sprintf(`{"benchmark":%q}`, slug))
	response, err := http.Post(s.url+"/api/v1/runs?wait=30", "application/json", body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return wantAnswer(response, `"verdict":"ok"`)
}

// wantAnswer reads an answer and looks for a text in it. To decode it would have the
// client take processor time from whom it measures.
func wantAnswer(response *http.Response, text string) error {
	body, err := io.ReadAll(response.Body)
	if err == nil && !bytes.Contains(body, []byte(text)) {
		err = fmt.Errorf("%s: %s", response.Status, body)
	}
	return err
}

// waitWarm waits until as many containers are ready as may be.
func (s *server) waitWarm() error {
	for range 1000 {
		response, err := http.Get(s.url + "/api/v1/capabilities")
		if err != nil {
			return err
		}
		var report struct {
			Backends []sandbox.Capabilities
		}
		err = json.NewDecoder(response.Body).Decode(&report)
		_ = response.Body.Close()
		if err != nil {
			return err
		}
		for _, backend := range report.Backends {
			if backend.Backend == "container" && backend.Pool != nil && backend.Pool.Ready == backend.Pool.Most {
				return nil
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.New("no container got warm")
}

// service: what a run costs over HTTP with the durable store.
func (b *bench) service() error {
	s, err := startServer()
	if err != nil {
		return err
	}
	defer s.stop()
	time.Sleep(500 * time.Millisecond) // its first runner gets warm
	medians, err := interleave(b.n,
		func() error { return bare("/bin/true") },
		func() error { return s.run("true-as-a-command") },
	)
	if err != nil {
		return err
	}
	added := medians[1] - medians[0]
	b.add("over HTTP, submitted to finished and durable, added", micros(added), micros(medians[0])+" bare",
		fmt.Sprintf("%.1f", float64(added)/float64(medians[0])), float64(added), 3e6, "≤ 3 ms")
	rate, err := perSecond(8, 5*time.Second, func() error { return s.run("true-as-a-test") })
	if err != nil {
		return err
	}
	b.rows = append(b.rows, row{
		"tests a second over HTTP, 8 in flight, durable", fmt.Sprintf("%.0f", rate), "–", "–", "≥ 500", rate >= 500,
	})
	return nil
}

// server: how soon it serves, and what it takes while idle.
func (b *bench) server() error {
	var starts []time.Duration
	for range 5 {
		s, err := startServer()
		if err != nil {
			return err
		}
		starts = append(starts, s.took)
		s.stop()
	}
	s, err := startServer()
	if err != nil {
		return err
	}
	defer s.stop()
	time.Sleep(2 * time.Second)
	resident, err := residentMemory(s.cmd.Process.Pid)
	if err != nil {
		return err
	}
	slices.Sort(starts)
	median := starts[len(starts)/2]
	b.add("start to serving", fmt.Sprintf("%.0f ms", float64(median)/1e6), "–", "–", float64(median), 300e6, "< 300 ms")
	b.add("idle server, resident", mib(resident), "–", "–", float64(resident), 60e6, "< 60 MB")
	return nil
}

func residentMemory(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmRSS:" {
			kb, err := strconv.ParseInt(f[1], 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("no VmRSS")
}

// dashboard: what a browser has to load before it shows the first page. Rare
// pages and the charts come when they are asked for.
func (b *bench) dashboard() error {
	page, err := os.ReadFile("web/static/index.html")
	if err != nil {
		return fmt.Errorf("%w: run 'make build' first", err)
	}
	files := regexp.MustCompile(`/(assets/[^"]+\.js)"`).FindAllSubmatch(page, -1)
	if len(files) == 0 {
		return errors.New("the page names no script")
	}
	total := int64(0)
	for _, name := range files {
		script, err := os.ReadFile("web/static/" + string(name[1]))
		if err != nil {
			return err
		}
		var packed bytes.Buffer
		w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if _, err := io.Copy(w, bytes.NewReader(script)); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		total += int64(packed.Len())
	}
	b.add("the dashboard's JavaScript on first load, gzipped", fmt.Sprintf("%.1f kB", float64(total)/1e3), "–", "–", float64(total), 60e3, "< 60 kB")
	return nil
}
