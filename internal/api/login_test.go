package api

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
)

const form = "Content-Type: application/x-www-form-urlencoded"

// login posts the form and gives the cookie, nil if none was set.
func (s *site) login(token, next string, headers ...string) (reply, *http.Cookie) {
	s.t.Helper()
	r := s.ask("POST", "/login", url.Values{"token": {token}, "next": {next}}.Encode(), append(headers, form)...)
	for _, c := range r.Cookies() {
		return r, c
	}
	return r, nil
}

func TestLogin(t *testing.T) {
	s := open(t, choices{idle: true})
	_, text, _ := s.token("reader", bench.Viewer)
	page := s.ask("GET", "/runs/7?tab=samples", "", "Accept: text/html,*/*")
	if page.StatusCode != http.StatusSeeOther || page.Header.Get("Location") != "/login?next=%2Fruns%2F7%3Ftab%3Dsamples" {
		t.Fatalf("a page without a login: %s %v", page.Status, page.Header)
	}
	s.isProblem(s.ask("GET", "/api/v1/runs", "", "Accept: text/html"), http.StatusUnauthorized, bench.CodeUnauthorized, "")
	shown := s.ask("GET", page.Header.Get("Location"), "")
	for _, part := range []string{`<form method="post" action="/login">`, `name="token" type="password"`, `value="/runs/7?tab=samples"`} {
		if !strings.Contains(string(shown.body), part) {
			t.Errorf("the page lacks %s: %s", part, shown.body)
		}
	}
	wrong, none := s.login("wrong", "/")
	if wrong.StatusCode != http.StatusUnauthorized || none != nil || !strings.Contains(string(wrong.body), `role="alert"`) {
		t.Errorf("a wrong token: %s, %v, %s", wrong.Status, none, wrong.body)
	}
	r, cookie := s.login(text, "/runs/7?tab=samples")
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/runs/7?tab=samples" {
		t.Fatalf("%s %v %s", r.Status, r.Header, r.body)
	}
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Secure || cookie.Path != "/" || cookie.MaxAge != 3600 || strings.Contains(cookie.Value, text) {
		t.Errorf("the cookie is %s", cookie)
	}
	in := "Cookie: " + cookie.Name + "=" + cookie.Value
	var me Me
	if s.into(&me, http.StatusOK, s.ask("GET", "/api/v1/me", "", in)); me != (Me{"reader", bench.Viewer, bench.DoorSession}) {
		t.Errorf("logged in as %+v", me)
	}
	if r := s.ask("GET", "/login?next=/machine", "", in); r.Header.Get("Location") != "/machine" {
		t.Errorf("who is logged in is asked again: %s", r.Status)
	}
	out := s.ask("POST", "/logout", "", in)
	if gone := out.Cookies()[0]; out.Header.Get("Location") != "/login" || gone.Value != "" || gone.MaxAge >= 0 {
		t.Errorf("logged out: %s %v", out.Status, out.Header)
	}
	s.isProblem(s.ask("GET", "/api/v1/me", "", in), http.StatusUnauthorized, bench.CodeUnauthorized, "")
}

func TestALoginIsOverInTime(t *testing.T) {
	s := open(t, choices{idle: true, token: "configured", session: time.Nanosecond})
	_, cookie := s.login("configured", "")
	s.isProblem(s.ask("GET", "/api/v1/me", "", "Cookie: "+cookie.Name+"="+cookie.Value), http.StatusUnauthorized, bench.CodeUnauthorized, "")
}

// A page of another site can make a browser send its cookie, but neither this
// header nor a true Origin.
func TestALoggedInBrowserIsNotLedByAnotherSite(t *testing.T) {
	s := open(t, choices{idle: true, token: "configured"})
	_, cookie := s.login("configured", "")
	in, own := "Cookie: "+cookie.Name+"="+cookie.Value, ownHeader+": 1"
	const body = `{"benchmark":"sort-lines"}`
	s.isProblem(s.ask("POST", "/api/v1/runs", body, in), http.StatusForbidden, bench.CodeForbidden, ownHeader)
	s.isProblem(s.ask("POST", "/api/v1/runs/x/cancel", "", in), http.StatusForbidden, bench.CodeForbidden, ownHeader)
	for _, foreign := range []string{"Origin: https://evil.example", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: null"} {
		s.isProblem(s.ask("POST", "/api/v1/runs", body, in, own, foreign), http.StatusForbidden, "cross_origin", "")
		s.isProblem(s.ask("POST", "/logout", "", in, foreign), http.StatusForbidden, "cross_origin", "")
		if r, cookie := s.login("configured", "", foreign); r.StatusCode != http.StatusForbidden || cookie != nil {
			t.Errorf("another site logged a browser in: %s", r.Status)
		}
	}
	if r := s.ask("POST", "/api/v1/runs", body, in, own, "Origin: "+s.base); r.StatusCode != http.StatusAccepted {
		t.Errorf("its own page: %s", r.body)
	}
}

func TestTheLoginPageLeadsNowhereElse(t *testing.T) {
	s := open(t, choices{idle: true, token: "configured"})
	for _, next := range []string{"", "https://evil.example", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/\t/evil.example", "evil", "/login", "/login?next=/x"} {
		if r, _ := s.login("configured", next); r.Header.Get("Location") != "/" {
			t.Errorf("%q leads to %q", next, r.Header.Get("Location"))
		}
	}
	r := s.ask("GET", "/login?next="+url.QueryEscape(`/"><script>alert(1)</script>`), "")
	if strings.Contains(string(r.body), "<script>") {
		t.Errorf("it can be written into: %s", r.body)
	}
}

// The policy names the one style by its hash, and the page has it to the byte.
func TestTheLoginPageKeepsItsPolicy(t *testing.T) {
	s := open(t, choices{idle: true, token: "configured"})
	r := s.ask("GET", "/login", "")
	_, rest, _ := strings.Cut(string(r.body), "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	policy := r.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") {
		t.Errorf("the policy is %s", policy)
	}
	if r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", r.Header)
	}
}

func TestALargeLoginIsRefused(t *testing.T) {
	s := open(t, choices{idle: true, token: "configured"})
	if r, cookie := s.login("configured"+strings.Repeat("x", maxForm), ""); cookie != nil || r.StatusCode != http.StatusUnauthorized {
		t.Errorf("%s", r.Status)
	}
}

func TestWithoutTokensThereIsNoLogin(t *testing.T) {
	s := open(t, choices{idle: true})
	for _, r := range []reply{s.ask("GET", "/login?next=/machine", ""), s.ask("POST", "/login", "next=%2Fmachine", form)} {
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/machine" || len(r.Cookies()) != 0 {
			t.Errorf("%s %v", r.Status, r.Header)
		}
	}
}

func TestTheCookieIsSecureBehindAProxyThatEncrypts(t *testing.T) {
	s := open(t, choices{idle: true, token: "configured", change: func(c *Config) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }})
	if _, cookie := s.login("configured", "", "X-Forwarded-Proto: https"); !cookie.Secure {
		t.Errorf("behind the proxy: %s", cookie)
	}
	if _, cookie := s.login("configured", "", "X-Forwarded-Proto: http"); cookie.Secure {
		t.Errorf("not encrypted: %s", cookie)
	}
}

func TestTheDashboardIsNotAskedForAPasswordByTheBrowser(t *testing.T) {
	s := open(t, choices{idle: true, token: "configured"})
	for _, header := range []string{ownHeader + ": 1", "Sec-Fetch-Mode: cors"} {
		if got := s.ask("GET", "/api/v1/runs", "", header).Header.Get("WWW-Authenticate"); !strings.HasPrefix(got, "Bearer") {
			t.Errorf("%s: %s", header, got)
		}
	}
}
