package main

import (
	"cmp"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/sandboxtest"
)

const top = "../.." // of the repository

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every line of the threat model names tests, and there is each of them.
func TestTheThreatModelIsTested(t *testing.T) {
	have := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			have[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(readFile(t, "docs/security.md"), "|---|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	rows := strings.Split(table, "\n")
	if len(rows) < 20 {
		t.Errorf("the table has %d lines", len(rows))
	}
	for _, row := range rows {
		cells := strings.Split(strings.Trim(row, "|"), "|")
		if len(cells) != 4 {
			t.Fatalf("%d cells in %s", len(cells), row)
		}
		for _, name := range strings.Split(cells[3], ",") {
			if name = strings.TrimSpace(name); !have[name] {
				t.Errorf("no test is called %q, which is to prove: %s", name, cells[2])
			}
		}
	}
}

// What is compiled in has a licence, and one whose terms are known.
func TestLicencesAreKnown(t *testing.T) {
	sandboxtest.NeedProgram(t, "node")
	if _, err := os.Stat(filepath.Join(top, "web/node_modules/.installed")); err != nil {
		sandboxtest.Need(t, "dashboard", "the dashboard was not built: run 'make dashboard' first")
	}
	cmd := exec.Command("scripts/licences.sh")
	cmd.Dir = top
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, err.(*exec.ExitError).Stderr) //nolint:errorlint // its own
	}
	list, texts, _ := strings.Cut(string(out), "\n\n\n")
	for _, part := range []string{"MIT            github.com/gin-gonic/gin v", "MIT            preact ", "BSD-3-Clause   Go go1."} {
		if !strings.Contains(list, part) {
			t.Errorf("the list lacks %s", part)
		}
	}
	for line := range strings.Lines(list) {
		kind, part, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.Contains(kind, "GPL") || (part != "" && strings.Count(part, " ") < 20 && !strings.Contains(texts+list, strings.TrimSpace(part))) {
			t.Errorf("%s", line)
		}
	}
}

func TestTheUnitIsRight(t *testing.T) {
	analyze := sandboxtest.NeedProgram(t, "systemd-analyze")
	unit := strings.ReplaceAll(readFile(t, "deploy/benchcell.service"), "/usr/local/bin/orchestrator", "/bin/true")
	path := write(t, "benchcell.service", unit)
	if out, err := exec.Command(analyze, "--man=no", "verify", path).CombinedOutput(); err != nil || len(out) != 0 {
		t.Errorf("%v: %s", err, out)
	}
	for _, line := range []string{"Delegate=yes", "NoNewPrivileges=yes", "CapabilityBoundingSet=\n", "ProtectSystem=strict", "ReadWritePaths=-/run/lock", "User=benchcell"} {
		if !strings.Contains(unit, "\n"+line) {
			t.Errorf("it lacks %s", line)
		}
	}
}

// An engine's socket is nowhere but in a comment that says what it means.
func TestComposeGivesNoEngineAway(t *testing.T) {
	text := readFile(t, "deploy/compose.yaml")
	for line := range strings.Lines(text) {
		if code, _, _ := strings.Cut(line, "#"); strings.Contains(code, ".sock") || strings.Contains(code, "privileged") {
			t.Errorf("in force: %s", line)
		}
		if strings.Contains(line, "/var/run/docker.sock") {
			t.Errorf("it leads to the machine's own engine: %s", line)
		}
	}
	for _, part := range []string{"read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "root of this machine", "rootless", "stop_grace_period: 20s"} {
		if !strings.Contains(text, part) {
			t.Errorf("it lacks %s", part)
		}
	}
}

// The image needs nothing but its data, a place for locks and a token.
func TestTheImageRunsReadOnly(t *testing.T) {
	needPrograms(t)
	docker := sandboxtest.NeedProgram(t, "docker")
	if err := exec.Command(docker, "version").Run(); err != nil {
		sandboxtest.Need(t, "docker", "no engine answers")
	}
	context := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(context, "bin/orchestrator"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.CopyFS(filepath.Join(context, "runner-image/bin"), os.DirFS(filepath.Join(top, "runner-image/bin"))); err != nil {
		t.Fatal(err)
	}
	image := said(t, exec.Command(docker, "build", "-q", "-f", filepath.Join(top, "Dockerfile"), context))
	t.Cleanup(func() { _ = exec.Command(docker, "rmi", "-f", image).Run() })
	flags := []string{"run", "-d", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "-p", "127.0.0.1::8350"}
	started := func(more ...string) string {
		id := said(t, exec.Command(docker, append(append(flags[:len(flags):len(flags)], more...), image)...))
		t.Cleanup(func() { _ = exec.Command(docker, "rm", "-f", "-v", id).Run() })
		return id
	}
	open := started()
	if code := said(t, exec.Command(docker, "wait", open)); code != "2" {
		t.Errorf("without a token and encryption it ended with %s", code)
	}
	engine := said(t, exec.Command(docker, "network", "inspect", "-f", "{{(index .IPAM.Config 0).Subnet}}", "bridge"))
	id := started("-e", "BENCHCELL_SERVER_TOKEN=secret", "-e", "BENCHCELL_SERVER_TRUSTED_PROXIES="+engine)
	url := "http://" + said(t, exec.Command(docker, "port", id, "8350/tcp"))
	ask := func(token, method, path, body string) (*http.Response, error) {
		request, err := http.NewRequest(method, url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.SetBasicAuth("x", token)
		return http.DefaultClient.Do(request)
	}
	waitFor(t, "the server in the image", func() bool {
		r, err := ask("", "GET", "/readyz", "")
		if err != nil {
			return false
		}
		return r.Body.Close() == nil && r.StatusCode == http.StatusOK
	})
	r, err := ask("wrong", "GET", "/api/v1/runs", "")
	if err != nil || r.Body.Close() != nil || r.StatusCode != http.StatusUnauthorized {
		t.Errorf("a wrong token: %v, %v", r, err)
	}
	r, err = ask("secret", "POST", "/api/v1/runs?wait=60", `{"benchmark":"sha-256-of-8-mib"}`)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var run bench.Run
	if err := json.NewDecoder(r.Body).Decode(&run); err != nil || run.Verdict == nil || *run.Verdict != bench.OK {
		t.Errorf("%s, %v, it ended otherwise: %s", r.Status, err, *cmp.Or(run.Error, new("")))
	}
}

// said is what a command prints, which must succeed.
func said(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", cmd.Args, err)
	}
	return strings.TrimSpace(string(out))
}
