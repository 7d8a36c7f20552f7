package api

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"benchcell/internal/bench"
)

// from is an answer to a request from an address, as the network would show it.
func (s *site) from(address, method, path string, headers map[string]string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, path, http.NoBody)
	r.RemoteAddr, r.Host = address, "localhost"
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.Public().ServeHTTP(w, r)
	return w
}

func proxies(list ...string) (p []netip.Prefix) {
	for _, text := range list {
		p = append(p, netip.MustParsePrefix(text))
	}
	return p
}

func TestForwardedHeadersAreBelievedFromProxiesAlone(t *testing.T) {
	a := New(Config{Proxies: proxies("10.0.0.0/8", "fd00::/8")})
	for name, c := range map[string]struct {
		peer, forwarded, want string
	}{
		"no proxy":              {"192.0.2.7:1", "", "192.0.2.7"},
		"no proxy, and a lie":   {"192.0.2.7:1", "203.0.113.1", "192.0.2.7"},
		"a proxy":               {"10.1.2.3:1", "203.0.113.1", "203.0.113.1"},
		"a proxy, IPv6":         {"[fd00::1]:1", "2001:db8::9", "2001:db8::9"},
		"two proxies":           {"10.1.2.3:1", "203.0.113.1, 10.9.9.9", "203.0.113.1"},
		"a client's own lie":    {"10.1.2.3:1", "127.0.0.1, 203.0.113.1", "203.0.113.1"},
		"a proxy's mistake":     {"10.1.2.3:1", "203.0.113.1, unknown", "10.1.2.3"},
		"a proxy says nothing":  {"10.1.2.3:1", "", "10.1.2.3"},
		"the proxy itself":      {"10.1.2.3:1", "10.1.2.3", "10.1.2.3"},
		"as IPv4 in IPv6":       {"[::ffff:10.1.2.3]:1", "::ffff:203.0.113.1", "203.0.113.1"},
		"two headers in a line": {"10.1.2.3:1", "203.0.113.1,203.0.113.2", "203.0.113.2"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := a.address(r).String(); got != c.want {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
}

func TestAServerInPlainAnswersItsProxiesOnly(t *testing.T) {
	s := open(t, choices{idle: true, token: "configured", change: func(c *Config) { c.Plain, c.Proxies = true, proxies("10.0.0.0/8") }})
	token := map[string]string{"Authorization": "Bearer configured"}
	for address, status := range map[string]int{
		"10.1.2.3:1": http.StatusOK, "127.0.0.1:1": http.StatusOK, "[::1]:1": http.StatusOK,
		"192.0.2.7:1": http.StatusForbidden, "[2001:db8::1]:1": http.StatusForbidden, "nonsense": http.StatusForbidden,
	} {
		if w := s.from(address, "GET", "/api/v1/runs", token); w.Code != status {
			t.Errorf("%s: %d %s", address, w.Code, w.Body)
		}
	}
}

func TestFromAnotherAddressATokenIsNeeded(t *testing.T) {
	s := open(t, choices{idle: true, change: func(c *Config) { c.Plain, c.Proxies = true, proxies("10.0.0.0/8") }})
	if w := s.from("10.1.2.3:1", "POST", "/api/v1/runs", nil); w.Code != http.StatusUnauthorized {
		t.Errorf("without a token: %d %s", w.Code, w.Body)
	}
	_, text, _ := s.token("reader", bench.Viewer)
	if w := s.from("10.1.2.3:1", "GET", "/api/v1/runs", map[string]string{"Authorization": "Bearer " + text}); w.Code != http.StatusOK {
		t.Errorf("with one: %d %s", w.Code, w.Body)
	}
}

// A proxy on this machine would make all the world look local.
func TestAProxyThatNobodyToldUsOfIsRefused(t *testing.T) {
	s := open(t, choices{idle: true})
	for _, header := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via"} {
		s.isProblem(s.ask("GET", "/api/v1/runs", "", header+": 203.0.113.1"), http.StatusForbidden, bench.CodeForbidden, "trusted_proxies")
	}
}

func TestANameIsTakenFromTheProxy(t *testing.T) {
	s := open(t, choices{idle: true, token: "configured", change: func(c *Config) { c.Proxies, c.Hosts = proxies("10.0.0.0/8"), []string{"bench.example.org"} }})
	h := map[string]string{"Authorization": "Bearer configured", "X-Forwarded-Host": "bench.example.org"}
	if w := s.from("10.1.2.3:1", "GET", "/api/v1/runs", h); w.Code != http.StatusOK {
		t.Errorf("its own name: %d %s", w.Code, w.Body)
	}
	h["X-Forwarded-Host"] = "evil.example"
	if w := s.from("10.1.2.3:1", "GET", "/api/v1/runs", h); w.Code != http.StatusMisdirectedRequest {
		t.Errorf("another: %d %s", w.Code, w.Body)
	}
	if w := s.from("192.0.2.7:1", "GET", "/api/v1/runs", h); w.Code != http.StatusOK {
		t.Errorf("who is no proxy is not believed: %d %s", w.Code, w.Body)
	}
}

func FuzzOrigin(f *testing.F) {
	f.Add("10.1.2.3:1", "203.0.113.1, 10.9.9.9", "a.example, b.example", "https")
	f.Add("[fe80::1%eth0]:1", ",,::ffff:1.2.3.4,", "", "")
	f.Fuzz(func(t *testing.T, remote, forwarded, host, proto string) {
		a := New(Config{Proxies: proxies("10.0.0.0/8")})
		r := &http.Request{RemoteAddr: remote, Host: "own", Header: http.Header{
			"X-Forwarded-For": {forwarded}, "X-Forwarded-Host": {host}, "X-Forwarded-Proto": {proto},
		}}
		if a.trusts(peer(r)) {
			return
		}
		if a.address(r) != peer(r) || a.host(r) != "own" || a.secure(r) {
			t.Errorf("%q is no proxy and was believed", remote)
		}
	})
}
