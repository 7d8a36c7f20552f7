package api

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

const unprocessable, invalid = http.StatusUnprocessableEntity, bench.CodeInvalid

func TestWrongRuns(t *testing.T) {
	s := open(t, choices{idle: true})
	definition := func(more string) string { return `{"definition":{"name":"x","command":["x"]` + more + `}}` }
	for _, c := range []struct {
		body    string
		status  int
		code    bench.Code
		mention string
	}{
		{``, http.StatusBadRequest, invalid, "body"},
		{`{`, http.StatusBadRequest, invalid, "body"},
		{`{"benchmark":"sort-lines","timeout":NaN}`, http.StatusBadRequest, invalid, "body"},
		{`{"benchmark":"x","benchmark":"sort-lines"}`, http.StatusBadRequest, invalid, "/benchmark is stated twice"},
		{`{"definition":{"privileged":true},"definition":{"name":"x","command":["x"]}}`, http.StatusBadRequest, invalid, "/definition is stated twice"},
		{definition(`,"limits":{"memory":1},"l\u0069mits":{}`), http.StatusBadRequest, invalid, "/definition/limits is stated twice"},
		{definition(`,"env":{"A":"1","A":"2"}`), http.StatusBadRequest, invalid, "/definition/env/A is stated twice"},
		{`{"benchmark":"sort-lines"} {"benchmark":"sort-lines"}`, http.StatusBadRequest, invalid, "body"},
		{"\xff\xfe\x00", http.StatusBadRequest, invalid, "body"},
		{strings.Repeat("[", 20_000), http.StatusBadRequest, invalid, "body"},
		{`[]`, unprocessable, invalid, "body"},
		{`null`, unprocessable, invalid, "body"},
		{`"x"`, unprocessable, invalid, "body"},
		{`{}`, unprocessable, invalid, "exactly one of benchmark and definition"},
		{`{"benchmark":""}`, unprocessable, invalid, "exactly one of benchmark and definition"},
		{`{"benchmark":"sort-lines","definition":{"name":"x","command":["x"]}}`, unprocessable, invalid, "exactly one of benchmark and definition"},
		{`{"benchmark":"unknown"}`, http.StatusNotFound, bench.CodeNotFound, `no benchmark "unknown"`},
		{`{"benchmark":"../sort-lines"}`, http.StatusNotFound, bench.CodeNotFound, "no benchmark"},
		{`{"benchmark":"` + strings.Repeat("x", 301) + `"}`, unprocessable, invalid, "body.benchmark"},
		{`{"benchmark":7}`, unprocessable, invalid, "body.benchmark"},
		{`{"benchmark":"sort-lines","timeout":0}`, unprocessable, invalid, "body.timeout"},
		{`{"benchmark":"sort-lines","timeout":-1}`, unprocessable, invalid, "body.timeout"},
		{`{"benchmark":"sort-lines","timeout":1e30}`, unprocessable, invalid, "body.timeout"},
		{`{"benchmark":"sort-lines","timeout":1e999}`, http.StatusBadRequest, invalid, "1e999"},
		{`{"benchmark":"sort-lines","timeout":"x"}`, unprocessable, invalid, "body.timeout"},
		{`{"benchmark":"sort-lines","timeout":10001}`, unprocessable, invalid, "timeout is 10001 ms: it must be at most 10000 ms"},
		{`{"benchmark":"sort-lines","iterations":0}`, unprocessable, invalid, "body.iterations"},
		{`{"benchmark":"sort-lines","iterations":-1}`, unprocessable, invalid, "body.iterations"},
		{`{"benchmark":"sort-lines","iterations":1.5}`, unprocessable, invalid, "body.iterations"},
		{`{"benchmark":"sort-lines","iterations":1000001}`, unprocessable, invalid, "body.iterations"},
		{`{"benchmark":"sort-lines","isolation":"none"}`, unprocessable, invalid, "body.isolation"},
		{`{"benchmark":"sort-lines","isolation":"Process"}`, unprocessable, invalid, "body.isolation"},
		{`{"benchmark":"sort-lines","trusted":true}`, unprocessable, invalid, "body.trusted"},
		{`{"Benchmark":"sort-lines"}`, unprocessable, invalid, "body.Benchmark"},
		{definition(`,"privileged":true`), unprocessable, invalid, "body.definition.privileged"},
		{definition(`,"binds":["/:/host"]`), unprocessable, invalid, "body.definition.binds"},
		{definition(`,"network":"host"`), unprocessable, invalid, "body.definition.network"},
		{definition(`,"user":"root"`), unprocessable, invalid, "body.definition.user"},
		{definition(`,"trusted":true`), unprocessable, invalid, "body.definition.trusted"},
		{definition(`,"dir":"/"`), unprocessable, invalid, "body.definition.dir"},
		{definition(`,"kind":"builtin"`), unprocessable, invalid, "body.definition.kind"},
		{definition(`,"slug":"sort-lines"`), unprocessable, invalid, "body.definition.slug"},
		{definition(`,"limits":{"network":true}`), unprocessable, invalid, "body.definition.limits.network"},
		{`{"definition":{"command":["x"]}}`, unprocessable, invalid, "name"},
		{`{"definition":{"name":"","command":["x"]}}`, unprocessable, invalid, "body.definition.name"},
		{`{"definition":{"name":"???","command":["x"]}}`, unprocessable, invalid, "name"},
		{`{"definition":{"name":"x"}}`, unprocessable, invalid, "command is empty"},
		{`{"definition":{"name":"x","command":[]}}`, unprocessable, invalid, "command is empty"},
		{`{"definition":{"name":"x","command":[""]}}`, unprocessable, invalid, "command is empty"},
		{`{"definition":{"name":"x","command":"sh -c evil"}}`, unprocessable, invalid, "body.definition.command"},
		{`{"definition":{"name":"x","command":["a\u0000b"]}}`, unprocessable, invalid, "command[0] holds a NUL byte"},
		{definition(`,"target":-1`), unprocessable, invalid, "body.definition.target"},
		{definition(`,"target":"NaN"`), unprocessable, invalid, "body.definition.target"},
		{definition(`,"timeout":0`), unprocessable, invalid, "body.definition.timeout"},
		{definition(`,"timeout":20000`), unprocessable, invalid, "timeout is 20000 ms"},
		{definition(`,"warmup":-1`), unprocessable, invalid, "body.definition.warmup"},
		{definition(`,"env":{"A=B":"c"}`), unprocessable, invalid, `env "A=B"`},
		{definition(`,"env":["A=B"]`), unprocessable, invalid, "body.definition.env"},
		{definition(`,"limits":{"memory":1}`), unprocessable, invalid, "body.definition.limits.memory"},
		{definition(`,"limits":{"memory":1099511627776}`), unprocessable, invalid, "limits.memory is 1099511627776: it must be at most"},
		{definition(`,"limits":{"cpus":0}`), unprocessable, invalid, "body.definition.limits.cpus"},
		{definition(`,"limits":{"cpus":0.0001}`), unprocessable, invalid, "limits.cpus is 0.0001"},
		{definition(`,"limits":{"cpuTime":1e300}`), unprocessable, invalid, "limits.cpuTime"},
		{definition(`,"limits":{"pids":129}`), unprocessable, invalid, "limits.pids is 129: it must be at most 128"},
		{definition(`,"limits":{"pids":9223372036854775808}`), unprocessable, invalid, "pids"},
		{definition(`,"files":[{"path":"../../etc/cron.d/x","content":""}]`), unprocessable, invalid, "files[0]: path"},
		{definition(`,"files":[{"path":"a","content":"%","encoding":"base64"}]`), unprocessable, invalid, "files[0]: content is not base64"},
		{definition(`,"files":[{"path":"a","content":"","encoding":"gzip"}]`), unprocessable, invalid, "body.definition.files[0].encoding"},
		{definition(`,"files":[{"path":"a","content":"","mode":511}]`), unprocessable, invalid, "body.definition.files[0].mode"},
	} {
		s.isProblem(s.ask("POST", "/api/v1/runs", c.body, "Content-Type: application/json"), c.status, c.code, c.mention)
	}
	if queued, _, err := s.store.Counts(t.Context()); err != nil || queued != 0 {
		t.Errorf("%d wrong runs were queued, %v", queued, err)
	}
}

func TestWrongBatches(t *testing.T) {
	s := open(t, choices{idle: true})
	for body, mention := range map[string]string{
		`{}`:                                                           "benchmarks",
		`{"benchmarks":null}`:                                          "body.benchmarks",
		`{"benchmarks":[]}`:                                            "body.benchmarks",
		`{"benchmarks":"some"}`:                                        "body.benchmarks",
		`{"benchmarks":[1]}`:                                           "body.benchmarks",
		`{"benchmarks":{"slug":"x"}}`:                                  "body.benchmarks",
		`{"benchmarks":"all","x":1}`:                                   "body.x",
		`{"benchmarks":"all","trust":1}`:                               "body.trust",
		`{"benchmarks":["sort-lines"],"parallel":0}`:                   "body.parallel",
		`{"benchmarks":["sort-lines"],"parallel":1025}`:                "body.parallel",
		`{"benchmarks":["sort-lines"],"isolation":"gvisor"}`:           "body.isolation",
		`{"benchmarks":["` + strings.Repeat(`x","`, mostRuns) + `x"]}`: "body.benchmarks",
	} {
		s.isProblem(s.ask("POST", "/api/v1/batches", body), unprocessable, invalid, mention)
	}
	s.isProblem(s.ask("POST", "/api/v1/batches", `{"benchmarks":["sort-lines","nobody"]}`), http.StatusNotFound, bench.CodeNotFound, `"nobody"`)
	empty := open(t, choices{idle: true, change: func(c *Config) { c.Benchmarks = nil }})
	empty.isProblem(empty.ask("POST", "/api/v1/batches", `{"benchmarks":"all"}`), http.StatusNotFound, bench.CodeNotFound, "no benchmark is configured")
}

func TestWrongQueries(t *testing.T) {
	s := open(t, choices{idle: true})
	run := s.run("")
	for path, mention := range map[string]string{
		"/runs?limit=0":                            "query.limit",
		"/runs?limit=501":                          "query.limit",
		"/runs?limit=1;benchmark=x":                "query",
		"/runs?benchmark=%zz":                      "query",
		"/runs?verdict=ok&verdict=oom":             "verdict",
		"/runs?limit=x":                            "query.limit",
		"/runs?cursor=x":                           "cursor",
		"/runs?cursor=-1":                          "cursor",
		"/runs?verdict=fine":                       `verdict "fine"`,
		"/runs?isolation=none":                     "query.isolation",
		"/runs?state=lost":                         "query.state",
		"/runs/" + run.ID + "?wait=-1":             "query.wait",
		"/runs/" + run.ID + "?wait=301":            "query.wait",
		"/runs/" + run.ID + "?wait=x":              "query.wait",
		"/runs/" + run.ID + "?wait=1e9":            "query.wait",
		"/runs/" + run.ID + "/output?stream=stdin": "query.stream",
	} {
		s.isProblem(s.ask("GET", "/api/v1"+path, ""), unprocessable, invalid, mention)
	}
	for _, path := range []string{"/events", "/runs/" + run.ID + "/events"} {
		for _, id := range []string{"x", "-1", "1.5", "99999999999999999999", strings.Repeat("1", 100)} {
			s.isProblem(s.ask("GET", "/api/v1"+path, "", "Last-Event-ID: "+id), unprocessable, invalid, "Last-Event-ID")
		}
	}
}

func TestUnknownAndHostileIDs(t *testing.T) {
	s := open(t, choices{idle: true})
	for _, id := range []string{
		"nobody", "..%2f..%2fetc%2fpasswd", "%2e%2e", "%00", "a%00b", "%ff%fe", "%0d%0aSet-Cookie:%20x", "'%20OR%201=1--", "%25s%25n", "*", strings.Repeat("x", 64),
	} {
		for _, path := range []string{"", "/samples", "/plan", "/output", "/events"} {
			r := s.ask("GET", "/api/v1/runs/"+id+path, "")
			s.isProblem(r, http.StatusNotFound, bench.CodeNotFound, "")
		}
		s.isProblem(s.ask("POST", "/api/v1/runs/"+id+"/cancel", ""), http.StatusNotFound, bench.CodeNotFound, "")
		s.isProblem(s.ask("GET", "/api/v1/benchmarks/"+id, ""), http.StatusNotFound, bench.CodeNotFound, "")
		s.isProblem(s.ask("GET", "/api/v1/machines/"+id, ""), http.StatusNotFound, bench.CodeNotFound, "")
	}
	long := strings.Repeat("x", 301)
	s.isProblem(s.ask("GET", "/api/v1/runs/"+long, ""), unprocessable, invalid, "path.id")
	s.isProblem(s.ask("POST", "/api/v1/runs/"+long+"/cancel", ""), unprocessable, invalid, "path.id")
	s.isProblem(s.ask("GET", "/api/v1/benchmarks/"+long, ""), unprocessable, invalid, "path.slug")
	s.isProblem(s.ask("GET", "/api/v1/benchmarks/unknown", ""), http.StatusNotFound, bench.CodeNotFound, `"unknown"`)
}

func TestWrongAddressesAndMethods(t *testing.T) {
	for name, s := range map[string]*site{"public": open(t, choices{idle: true}), "operator": open(t, choices{idle: true, operator: true})} {
		for _, path := range []string{"/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/runs", "/api/v1/runs/", "/api/v1//runs", "/api/v1/runs/x/y/z", "/api/v1/RUNS", "/api/v1/../v1/runs"} {
			if path != "/api" || name == "operator" { // which is the dashboard's, like any other
				s.isProblem(s.ask("GET", path, ""), http.StatusNotFound, bench.CodeNotFound, "openapi.json")
			}
		}
		for request, allow := range map[string]string{"DELETE /api/v1/runs": "GET, POST", "PUT /api/v1/runs/x": "GET", "DELETE /api/v1/batches": "GET, POST", "TRACE /api/v1/benchmarks": "GET"} {
			method, path, _ := strings.Cut(request, " ")
			r := s.ask(method, path, "")
			s.isProblem(r, http.StatusMethodNotAllowed, "method_not_allowed", "does not take "+method)
			if got := r.Header.Get("Allow"); got != allow {
				t.Errorf("%s: Allow is %q", request, got)
			}
		}
	}
}

func TestContentTypes(t *testing.T) {
	s := open(t, choices{idle: true})
	const body = `{"benchmark":"sort-lines"}`
	for _, ct := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "application/cbor", "nonsense"} {
		s.isProblem(s.ask("POST", "/api/v1/runs", body, "Content-Type: "+ct), http.StatusUnsupportedMediaType, "unsupported_media_type", "")
	}
	for _, ct := range []string{"application/json", "application/json; charset=utf-8", "application/merge+json"} {
		if r := s.ask("POST", "/api/v1/runs", body, "Content-Type: "+ct); r.StatusCode != http.StatusAccepted {
			t.Errorf("%s: %s %s", ct, r.Status, r.body)
		}
	}
	for _, accept := range []string{"text/html", "application/cbor", "image/*;q=0", "nonsense", "application/xml, */*;q=0.1"} {
		var list RunList
		s.into(&list, http.StatusOK, s.ask("GET", "/api/v1/runs", "", "Accept: "+accept))
		s.isProblem(s.ask("GET", "/api/v1/runs/nobody", "", "Accept: "+accept), http.StatusNotFound, bench.CodeNotFound, "nobody")
	}
}

func TestLargeBodies(t *testing.T) {
	s := open(t, choices{idle: true})
	post := func(path string, size int) reply {
		files := fmt.Sprintf(`{"definition":{"name":"x","command":["x"],"files":[{"path":"a","content":"%s"}]}}`, strings.Repeat("x", size))
		return s.ask("POST", path, files)
	}
	if r := post("/api/v1/runs", 15<<20); r.StatusCode != http.StatusAccepted {
		t.Errorf("15 MiB: %s %s", r.Status, r.body)
	}
	s.isProblem(post("/api/v1/runs", 17<<20), http.StatusRequestEntityTooLarge, "too_large", "16777216")
	s.isProblem(post("/api/v1/batches", 17<<20), http.StatusRequestEntityTooLarge, "too_large", "16777216")
	s.run("") // and the server goes on
}

// A body that its client ends early, or that is none, is the client's error.
func TestABodyThatCantBeReadIsTheClients(t *testing.T) {
	s := open(t, choices{idle: true})
	for _, rest := range []string{"Content-Length: 9\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n{}"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		request := "POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + rest
		if _, err := conn.Write([]byte(request)); err != nil {
			t.Fatal(err)
		}
		if end, ok := conn.(*net.TCPConn); ok {
			_ = end.CloseWrite()
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _ = answer.Body.Close(); answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%q: %s", rest, answer.Status)
		}
	}
}

// An error repeats nothing of what was sent that could be large.
func TestErrorsAreShort(t *testing.T) {
	s := open(t, choices{idle: true})
	many := make(map[string]int)
	for i := range 10_000 {
		many[fmt.Sprint("unknown", i)] = i
	}
	text, err := json.Marshal(many)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{string(text), `{"benchmark":"` + strings.Repeat("x", 1<<20) + `"}`, `{"definition":{"name":"x","command":["x"],"env":{"` + strings.Repeat("=", 1<<20) + `":"x"}}}`} {
		r := s.ask("POST", "/api/v1/runs", body)
		if s.isProblem(r, unprocessable, invalid, ""); len(r.body) > 10_000 {
			t.Errorf("an answer of %d bytes: %.200s", len(r.body), r.body)
		}
	}
}
