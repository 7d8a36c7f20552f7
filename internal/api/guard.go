package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// guard stands before every public handler: who may ask, from where, and what
// a browser may do with the answer.
func (a *API) guard(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, http.StatusForbidden, "cross_origin", "Another site may not change anything here.")
	}))
	checked := origins.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		harden(w.Header())
		if !a.knownHost(r.Host) {
			writeProblem(w, http.StatusMisdirectedRequest, "wrong_host",
				"This server does not answer to that name; add it to server.hosts in the configuration.")
			return
		}
		if !a.authorized(r) {
			w.Header().Set("WWW-Authenticate", `Basic realm="benchcell: any name, the token as password", charset="UTF-8"`)
			writeProblem(w, http.StatusUnauthorized, "unauthorized",
				"A token is needed: send 'Authorization: Bearer TOKEN', or give it as the password.")
			return
		}
		checked.ServeHTTP(w, r)
	})
}

// csp lets the dashboard do what it does and nothing else.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

func harden(h http.Header) {
	h.Set("Content-Security-Policy", csp)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// knownHost refuses names that somebody else pointed at this address, which is
// how a web page reaches a server on the reader's own machine.
func (a *API) knownHost(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.TrimSuffix(strings.Trim(name, "[]"), "."))
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || slices.Contains(a.Hosts, name)
}

// authorized compares in constant time. Health is open: it tells nothing.
func (a *API) authorized(r *http.Request) bool {
	if a.Token == "" || r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
		return true
	}
	scheme, given, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		_, given, ok = r.BasicAuth()
	}
	want, have := sha256.Sum256([]byte(a.Token)), sha256.Sum256([]byte(given))
	return ok && subtle.ConstantTimeCompare(want[:], have[:]) == 1
}
