package api

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

func looksForAPage(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") &&
		!strings.HasPrefix(r.URL.Path, "/api/") && r.URL.Path != metricsPath
}

// challenge says how to show a token. The dashboard has a page for that, and a
// browser that read of Basic would open a window of its own instead.
func challenge(r *http.Request) string {
	if r.Header.Get(ownHeader) != "" || r.Header.Get("Sec-Fetch-Mode") != "" {
		return `Bearer realm="benchcell"`
	}
	return `Basic realm="benchcell: any name, the token as password", charset="UTF-8"`
}

// answerPolicy lets a browser do nothing with what is no page of ours.
const answerPolicy = "default-src 'none'; frame-ancestors 'none'"

// pagePolicy lets the dashboard do what it does and nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

func harden(h http.Header) {
	h.Set("Content-Security-Policy", answerPolicy)
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
	return name == "localhost" || strings.HasSuffix(name, ".localhost") ||
		slices.ContainsFunc(a.Hosts, func(own string) bool { return strings.EqualFold(own, name) })
}
