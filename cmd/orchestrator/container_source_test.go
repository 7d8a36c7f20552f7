package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

// put stores a source under a hash and returns the status and the answer.
func (s *server) put(hash string, archive []byte) (int, string) {
	s.t.Helper()
	status, _, text := s.send(http.MethodPut, "/sources/"+hash, "application/x-tar", bytes.NewReader(archive))
	return status, string(text)
}

// tarOf makes an archive of headers, whatever they say, each with content.
func tarOf(t *testing.T, content string, headers ...tar.Header) []byte {
	t.Helper()
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, h := range headers {
		if h.Typeflag == 0 || h.Typeflag == tar.TypeReg {
			h.Size = int64(len(content))
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := w.Write([]byte(content)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

// A stranger's source is built where it runs, once, and what the build made is
// what is measured.
func TestSourceOfAStranger(t *testing.T) {
	s := containerServer(t, sleepers)
	archive := tarOf(t, "printf '#!/bin/sh\\necho built $1 times\\n' > program; chmod +x program; echo x >> builds\n",
		tar.Header{Name: "src/", Typeflag: tar.TypeDir, Mode: 0o755}, tar.Header{Name: "src/build.sh", Mode: 0o644})
	hash := bench.SourceHash(archive)
	if status, text := s.put(hash, archive); status != http.StatusCreated {
		t.Fatalf("%d: %s", status, text)
	}
	d := bench.Definition{
		Name: "from source", Source: hash, Command: []string{"sh", "-c", "./program $(wc -l < builds)"}, Iterations: 3,
		Build: &bench.Build{Command: []string{"sh", "src/build.sh"}, Timeout: 5000},
	}
	r := s.try(d)
	wantVerdict(t, r, bench.OK)
	if r.Stdout.Tail != "built 1 times\n" || r.Time.N != 3 {
		t.Errorf("%d samples, stdout %q", r.Time.N, r.Stdout.Tail)
	}
	d.Build.Command = []string{"sh", "-c", "echo no compiler >&2; exit 4"}
	r = s.try(d)
	wantVerdict(t, r, bench.NonzeroExit)
	if r.Error == nil || !strings.Contains(*r.Error, "build") || !strings.Contains(r.Stderr.Tail, "no compiler") || r.Time.N != 0 {
		t.Errorf("error %v, stderr %q, %d samples", r.Error, r.Stderr.Tail, r.Time.N)
	}
}

// A source that could lead anywhere but into /work is refused, with the entry.
func TestBadSources(t *testing.T) {
	s := startServer(t, t.TempDir(), write(t, "config.toml", sleepers))
	var many []tar.Header
	for i := range bench.MaxSourceFiles + 1 {
		many = append(many, tar.Header{Name: fmt.Sprintf("f%d", i)})
	}
	good := tarOf(t, "x", tar.Header{Name: "x"})
	for name, c := range map[string]struct {
		archive []byte
		says    string
	}{
		"absolute":       {tarOf(t, "x", tar.Header{Name: "/etc/passwd"}), `"/etc/passwd" must be relative`},
		"upwards":        {tarOf(t, "x", tar.Header{Name: "../x"}), `"../x" must be relative`},
		"hidden upwards": {tarOf(t, "x", tar.Header{Name: "a/../../x"}), `"a/../../x" must be relative`},
		"symlink":        {tarOf(t, "x", tar.Header{Name: "l", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}), `"l" in the source is neither`},
		"hard link":      {tarOf(t, "x", tar.Header{Name: "l", Typeflag: tar.TypeLink, Linkname: "x"}), `"l" in the source is neither`},
		"device":         {tarOf(t, "x", tar.Header{Name: "null", Typeflag: tar.TypeChar, Devmajor: 1, Devminor: 3}), `"null" in the source is neither`},
		"twice":          {tarOf(t, "x", tar.Header{Name: "x"}, tar.Header{Name: "x"}), `"x" twice`},
		"too many":       {tarOf(t, "x", many...), "more than 1000 files"},
		"no tar":         {bytes.Repeat([]byte("no tar "), 200), "no tar"},
		"cut off":        {good[:512], `ends within "x"`},
	} {
		if status, text := s.put(bench.SourceHash(c.archive), c.archive); status != http.StatusUnprocessableEntity || !strings.Contains(detail(t, text), c.says) {
			t.Errorf("%s: %d, %s", name, status, text)
		}
	}
	if status, text := s.put(bench.SourceHash(nil), good); status != http.StatusUnprocessableEntity || !strings.Contains(detail(t, text), "sha256 is") {
		t.Errorf("wrong hash: %d, %s", status, text)
	}
	if status, text := s.put("nohash", good); status != http.StatusUnprocessableEntity || !strings.Contains(text, "sha256") {
		t.Errorf("no hash: %d, %s", status, text)
	}
	body, _ := json.Marshal(map[string]any{"definition": bench.Definition{Name: "x", Command: []string{"x"}, Source: bench.SourceHash(nil)}})
	s.call("POST", "/runs", string(body), http.StatusNotFound, nil)
}

// detail is the sentence of a problem.
func detail(t *testing.T, text string) string {
	t.Helper()
	var p struct{ Detail string }
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return p.Detail
}
