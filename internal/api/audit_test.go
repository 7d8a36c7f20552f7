package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"benchcell/internal/bench"
)

// lines of the audit log, newest first, as "who outcome action target".
func (s *site) lines(header string) []string {
	s.t.Helper()
	var log AuditLog
	s.into(&log, http.StatusOK, s.ask("GET", "/api/v1/audit?limit=500", "", header))
	var list []string
	for _, e := range log.Entries {
		if e.Address != "127.0.0.1" && e.Door != bench.DoorOperator {
			s.t.Errorf("from where? %+v", e)
		}
		list = append(list, fmt.Sprintf("%s %s %s %s", e.Who, e.Outcome, e.Action, e.Target))
	}
	return list
}

func TestWhatIsDoneIsNoted(t *testing.T) {
	s := open(t, choices{})
	header, text, id := s.token("boss", bench.Admin)
	run := s.runID(header)
	s.ask("GET", "/api/v1/runs/"+run+"?wait=60", "", header)
	var batch Batch
	s.into(&batch, http.StatusAccepted, s.ask("POST", "/api/v1/batches", `{"benchmarks":["unit-tests"]}`, header))
	s.ask("POST", "/api/v1/comparisons", `{"a":{"benchmark":"sort-lines"},"b":{"benchmark":"sort-lines"},"blocks":3}`, header)
	s.ask("POST", "/api/v1/runs/"+run+"/cancel", "", header)
	s.ask("PUT", "/api/v1/benchmarks/sort-lines/baselines/release", `{"run":"`+run+`"}`, header)
	s.ask("POST", "/api/v1/reports?name=x", "BenchmarkX 1 5 ns/op\n", header, "Content-Type: application/octet-stream")
	var made NewToken
	s.into(&made, http.StatusCreated, s.ask("POST", "/api/v1/tokens", `{"name":"reader","role":"viewer","expires":60000}`, header))
	_, cookie := s.login(made.Text, "")
	s.isProblem(s.ask("POST", "/api/v1/runs", `{"benchmark":"sort-lines"}`, "Authorization: Bearer "+made.Text), http.StatusForbidden, bench.CodeForbidden, "")
	s.login("wrong-token", "")
	s.ask("POST", "/api/v1/runs", `{"benchmark":"sort-lines"}`, header, "Origin: https://evil.example")
	s.ask("GET", "/api/v1/runs", "", header, "Host: evil.example")
	s.ask("GET", "/api/v1/runs", "", "Authorization: Bearer wrong-token")
	s.ask("POST", "/logout", "", "Cookie: "+cookie.Name+"="+cookie.Value)
	s.ask("DELETE", "/api/v1/tokens/"+made.ID, "", header)
	got := strings.Join(s.lines(header), "\n")
	for _, want := range []string{
		"boss done create-run run " + run + " of sort-lines", "boss done create-batch batch " + batch.ID + " of 1 runs",
		"boss done create-comparison runs ", "boss done put-baseline baseline release of sort-lines is run " + run,
		"boss done import-report report ", "boss done create-token reader, viewer", "reader done login ", "reader refused create-run needs runner",
		"somebody refused login unauthorized", "somebody refused unauthorized GET /api/v1/runs", "reader done logout ", "boss done revoke-token reader",
		"boss refused cross_origin POST /api/v1/runs from https://evil.example", "somebody refused wrong_host GET evil.example/api/v1/runs",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	for _, secret := range []string{text, made.Text, cookie.Value, "wrong-token"} {
		if strings.Contains(got, secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
	if t.Failed() {
		t.Log(got, id)
	}
}

func TestTheOperatorIsNotedToo(t *testing.T) {
	s := open(t, choices{idle: true, operator: true})
	text, err := json.Marshal(OrderRequest{Orders: []Order{{Benchmark: configured()[0], Host: map[string]string{}}}, Parallel: 1})
	if err != nil {
		t.Fatal(err)
	}
	var queued OrderResponse
	s.into(&queued, http.StatusAccepted, s.ask("POST", OrderPath, string(text)))
	if got := s.lines(""); len(got) != 1 || got[0] != "operator done create-orders run "+queued.Runs[0].ID+" of sort-lines, and 0 more" {
		t.Errorf("%q", got)
	}
}

// Who reads is not noted, nor what changes nothing.
func TestReadingLeavesNoLine(t *testing.T) {
	s := open(t, choices{idle: true})
	s.ask("GET", "/api/v1/runs", "")
	s.ask("POST", "/api/v1/runs", `{"benchmark":"nobody"}`)
	s.ask("DELETE", "/api/v1/tokens/nobody", "")
	if got := s.lines(""); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestWhoKnocksAllDayDoesNotFillTheLog(t *testing.T) {
	s := open(t, choices{idle: true, token: "configured", change: func(c *Config) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} }})
	for i := range 100 {
		s.ask("GET", fmt.Sprintf("/%d%%1b[31m%%ff", i), "", "X-Forwarded-For: 127.0.0.1")
	}
	got := s.lines("Authorization: Bearer configured")
	if len(got) < 10 || len(got) > 25 {
		t.Errorf("%d lines of one who knocked 100 times", len(got))
	}
	if strings.Contains(strings.Join(got, ""), "\x1b") || !utf8.ValidString(strings.Join(got, "")) {
		t.Errorf("what does not print is in it: %q", got[0])
	}
}

// The texts of tokens are shown once, to whom they are made for, and nowhere else.
func TestATokenShowsNowhere(t *testing.T) {
	s := open(t, choices{token: "configured-secret", change: func(c *Config) { c.MetricsToken = "metrics-secret" }})
	admin, text, id := s.token("boss", bench.Admin)
	_, cookie := s.login(text, "")
	in := "Cookie: " + cookie.Name + "=" + cookie.Value
	secrets := []string{"configured-secret", "metrics-secret", text, cookie.Value}
	var answers []string
	for _, header := range []string{admin, in, "Authorization: Bearer configured-secret", "Authorization: Bearer metrics-secret", "Authorization: Bearer " + text + "x", "Authorization: Token " + text, "Cookie: benchcell=" + text} {
		for _, o := range [][3]string{
			{"GET", "/api/v1/me"},
			{"GET", "/api/v1/tokens"},
			{"GET", "/api/v1/audit"},
			{"GET", "/metrics"},
			{"GET", "/nothing"},
			{"GET", "/api/v1/nothing"},
			{"POST", "/api/v1/runs?wait=60", `{"benchmark":"sort-lines"}`},
			{"POST", "/api/v1/runs", `{`},
			{"POST", "/api/v1/tokens", `{"name":"boss","role":"admin"}`},
			{"DELETE", "/api/v1/tokens/none"},
			{"GET", "/login"},
			{"GET", "/"},
		} {
			r := s.ask(o[0], o[1], o[2], header)
			answers = append(answers, o[0]+" "+o[1]+" with "+header[:14]+": "+fmt.Sprint(r.Header)+string(r.body))
		}
	}
	s.ask("GET", "/api/v1/runs?token="+text, "", admin)
	s.ask("GET", "/api/v1/runs?token="+text, "")
	answers = append(answers, strings.Join(s.lines(admin), "\n"), "the log: "+s.log.String(), "id "+id)
	for _, a := range answers {
		for i, secret := range secrets {
			if strings.Contains(a, secret) {
				t.Errorf("secret %d shows in %.300s", i, a)
			}
		}
	}
}
