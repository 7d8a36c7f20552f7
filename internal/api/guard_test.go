package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

func TestOnlyItsOwnNamesAreAnswered(t *testing.T) {
	s := open(t, choices{idle: true, change: func(c *Config) { c.Hosts = []string{"bench.example.org", "Lab.Example.org"} }})
	for host, known := range map[string]bool{
		"localhost": true, "localhost:8350": true, "LOCALHOST": true, "localhost.": true, "app.localhost:1": true,
		"127.0.0.1:8350": true, "127.1.2.3": true, "[::1]:8350": true, "[::1]": true, "192.168.1.7": true,
		"bench.example.org": true, "Bench.Example.org:443": true, "lab.example.org": true,
		"evil.example": false, "localhost.evil.example": false, "evil-localhost": false, "example.org": false,
		"127.0.0.1.evil.example": false, "sub.bench.example.org": false,
	} {
		for _, path := range []string{"/", "/api/v1/runs", "/healthz", "/nothing"} {
			r := s.ask("GET", path, "", "Host: "+host)
			if known && r.StatusCode != http.StatusOK {
				t.Errorf("%s%s: %s", host, path, r.Status)
			}
			if !known {
				s.isProblem(r, http.StatusMisdirectedRequest, "wrong_host", "server.hosts")
			}
		}
	}
	// What no client of ours can send.
	for _, host := range []string{"", ".", "[", "::::", "a\x00b"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/api/v1/runs", http.NoBody)
		r.Host = host
		s.Public().ServeHTTP(w, r)
		if w.Code != http.StatusMisdirectedRequest {
			t.Errorf("host %q: %d", host, w.Code)
		}
	}
}

func TestAnotherSiteChangesNothing(t *testing.T) {
	s := open(t, choices{idle: true})
	const body = `{"benchmark":"sort-lines"}`
	own := "Origin: " + s.base
	for name, c := range map[string]struct {
		headers []string
		allowed bool
	}{
		"no browser":                {nil, true},
		"its own page":              {[]string{own, "Sec-Fetch-Site: same-origin"}, true},
		"its own page, old browser": {[]string{own}, true},
		"typed in":                  {[]string{"Sec-Fetch-Site: none"}, true},
		"another site":              {[]string{"Origin: https://evil.example", "Sec-Fetch-Site: cross-site"}, false},
		"another site, old browser": {[]string{"Origin: https://evil.example"}, false},
		"another port":              {[]string{"Origin: http://127.0.0.1:1"}, false},
		"a sandboxed page":          {[]string{"Origin: null"}, false},
		"a sibling domain":          {[]string{"Sec-Fetch-Site: same-site"}, false},
		"a lie about the origin":    {[]string{own, "Sec-Fetch-Site: cross-site"}, false},
	} {
		for _, path := range []string{"/api/v1/runs", "/api/v1/batches", "/api/v1/runs/nobody/cancel"} {
			r := s.ask("POST", path, body, c.headers...)
			if !c.allowed {
				s.isProblem(r, http.StatusForbidden, "cross_origin", "Another site")
			} else if r.StatusCode == http.StatusForbidden {
				t.Errorf("%s, %s: %s", name, path, r.body)
			}
		}
		if r := s.ask("GET", "/api/v1/runs", "", c.headers...); r.StatusCode != http.StatusOK || r.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s reading: %s %v", name, r.Status, r.Header)
		}
	}
	if queued, _, err := s.store.Counts(t.Context()); queued != 4 || err != nil {
		t.Errorf("%d runs are queued, not the allowed four; %v", queued, err)
	}
}

func TestToken(t *testing.T) {
	const token = "s3cret-töken:with=colon"
	basic := func(password string) string {
		return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("anyone:"+password))
	}
	for header, right := range map[string]bool{
		"Authorization: Bearer " + token:                  true,
		"Authorization: bearer " + token:                  true,
		basic(token):                                      true,
		"":                                                false,
		"Authorization: Bearer ":                          false,
		"Authorization: Bearer":                           false,
		"Authorization: Bearer wrong":                     false,
		"Authorization: Bearer " + token + "x":            false,
		"Authorization: Bearer " + token[:len(token)-1]:   false,
		"Authorization: " + token:                         false,
		"Authorization: Token " + token:                   false,
		basic("wrong"):                                    false,
		basic(""):                                         false,
		"Authorization: Basic !":                          false,
		"Cookie: token=" + token:                          false,
		"Authorization: Bearer " + strings.ToUpper(token): false,
	} {
		s := open(t, choices{idle: true, token: token}) // to each: guessing is slow
		for _, path := range []string{"/", "/api/v1/runs", "/api/v1/events", "/api/v1/openapi.json", "/metrics", "/assets/app-1a2b.js", "/nothing", "/api/v1/runs?token=" + token} {
			if right && (path == "/api/v1/events" || strings.Contains(path, "token=")) {
				continue // it would stream; it is no parameter
			}
			r := s.ask("GET", path, "", header)
			if right && r.StatusCode != http.StatusOK {
				t.Errorf("%s with %s: %s", path, header, r.Status)
			}
			if !right {
				s.isProblem(r, http.StatusUnauthorized, "unauthorized", "Bearer TOKEN")
				if !strings.HasPrefix(r.Header.Get("WWW-Authenticate"), "Basic ") {
					t.Errorf("it does not say how: %v", r.Header)
				}
			}
		}
	}
	s := open(t, choices{token: token})
	for _, path := range []string{"/healthz", "/readyz", "/login"} {
		if r := s.ask("GET", path, ""); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	s.isProblem(s.ask("POST", "/api/v1/runs", `{"benchmark":"sort-lines"}`), http.StatusUnauthorized, "unauthorized", "")
	s.ask("POST", "/api/v1/runs?wait=60", `{"benchmark":"sort-lines"}`, basic(token))
	if log := s.log.String(); strings.Contains(log, token) || strings.Contains(log, base64.StdEncoding.EncodeToString([]byte("anyone:"+token))) {
		t.Errorf("the token is in the log: %s", log)
	}
}

func TestEveryAnswerTellsABrowserToBeCareful(t *testing.T) {
	s := open(t, choices{})
	run := s.run("?wait=60")
	for request, status := range map[string]int{
		"GET /": 200, "GET /runs/7": 200, "GET /assets/app-1a2b.js": 200, "GET /healthz": 200, "GET /metrics": 200,
		"GET /api/v1/runs": 200, "GET /api/v1/runs/" + run.ID + "/output": 200, "GET /api/v1/openapi.json": 200,
		"GET /api/v1/nothing": 404, "GET /assets/gone.js": 404, "DELETE /api/v1/runs": 405, "POST /api/v1/runs": 400, "POST /": 405,
	} {
		method, path, _ := strings.Cut(request, " ")
		r := s.ask(method, path, "")
		if r.StatusCode != status || (status >= 400 && r.Header.Get("Content-Type") != "application/problem+json") {
			t.Errorf("%s: %s %.200s", request, r.Status, r.body)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := r.Header.Values(name); len(got) != 1 || !strings.HasPrefix(got[0], want) {
				t.Errorf("%s: %s is %q", request, name, got)
			}
		}
		isPage := strings.HasPrefix(r.Header.Get("Content-Type"), "text/html")
		if csp := r.Header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") ||
			!strings.Contains(csp, "frame-ancestors 'none'") && !strings.Contains(csp, "sandbox") || strings.Contains(csp, "script-src 'self'") != isPage {
			t.Errorf("%s: policy %q", request, csp)
		}
	}
}

func TestAPanicIsAnErrorOfItsRequestAlone(t *testing.T) {
	s := open(t, choices{idle: true, change: func(c *Config) {
		c.Capabilities = func(context.Context) []sandbox.Capabilities { panic("a bug with a secret") }
	}})
	r := s.ask("GET", "/api/v1/capabilities", "")
	s.isProblem(r, http.StatusInternalServerError, bench.CodeInternal, "its log says more")
	if strings.Contains(string(r.body), "secret") {
		t.Errorf("the answer tells of the inside: %s", r.body)
	}
	if log := s.log.String(); !strings.Contains(log, "a bug with a secret") || !strings.Contains(log, "capability.go") {
		t.Errorf("the log does not say where: %s", log)
	}
	s.run("")
}

// half is a store that breaks while an answer is being written.
type half struct{ Store }

func (half) EventsAfter(context.Context, string, int64, int) ([]bench.Event, error) { panic("a bug") }

func TestAPanicInTheMiddleOfAnAnswerCutsIt(t *testing.T) {
	s := open(t, choices{idle: true, change: func(c *Config) { c.Store = half{c.Store} }})
	st := s.watch("/events", "")
	defer st.close()
	st.skipTo("hello")
	if m, more := st.next(); more {
		t.Errorf("and then %+v", m)
	}
	if err := st.lines.Err(); err == nil {
		t.Error("half an answer looks like a whole one")
	}
}

// broken is a store that fails.
type broken struct{ Store }

func (broken) Ready() error { return bench.Errorf(bench.CodeStorage, "the disk has 3 MiB free") }
func (broken) Runs(context.Context, bench.RunFilter, string, int) ([]bench.Run, string, error) {
	return nil, "", context.DeadlineExceeded
}

func TestHealth(t *testing.T) {
	s := open(t, choices{idle: true, change: func(c *Config) { c.Store = broken{c.Store} }})
	if r := s.ask("GET", "/healthz", ""); r.StatusCode != http.StatusOK {
		t.Errorf("alive but %s", r.Status)
	}
	s.isProblem(s.ask("GET", "/readyz", ""), http.StatusServiceUnavailable, bench.CodeStorage, "3 MiB free")
	s.isProblem(s.ask("GET", "/api/v1/runs", ""), http.StatusInternalServerError, bench.CodeInternal, "")
}

func TestALowDiskRefusesRuns(t *testing.T) {
	s := open(t, choices{idle: true, change: func(c *Config) { c.Scheduler = refusing{} }})
	s.isProblem(s.ask("POST", "/api/v1/runs", `{"benchmark":"sort-lines"}`), http.StatusInsufficientStorage, bench.CodeStorage, "disk")
}

type refusing struct{ Scheduler }

func (refusing) Submit(context.Context, []bench.Plan, int) ([]bench.Run, error) {
	return nil, bench.Errorf(bench.CodeStorage, "the disk has 3 MiB free").WithHint("free some")
}
