package api

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"benchcell/internal/bench"
)

// Where a request comes from, and how. A proxy that the operator trusts says so
// in headers; from anybody else the same headers mean nothing.

// peer is who is at the other end of the connection.
func peer(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap().WithZone("")
}

func (a *API) trusts(ip netip.Addr) bool {
	return slices.ContainsFunc(a.Proxies, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// address is the client's: the last one in the list that no proxy of ours added.
func (a *API) address(r *http.Request) netip.Addr {
	client := peer(r)
	list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(list) - 1; i >= 0 && a.trusts(client); i-- {
		ip, err := netip.ParseAddr(strings.TrimSpace(list[i]))
		if err != nil {
			break
		}
		client = ip.Unmap().WithZone("")
	}
	return client
}

// host is the name that the client called.
func (a *API) host(r *http.Request) string {
	if name := lastOf(r, "X-Forwarded-Host"); name != "" && a.trusts(peer(r)) {
		return name
	}
	return r.Host
}

// secure says whether nobody can read along between the client and us.
func (a *API) secure(r *http.Request) bool {
	return r.TLS != nil || (a.trusts(peer(r)) && lastOf(r, "X-Forwarded-Proto") == "https")
}

func lastOf(r *http.Request, header string) string {
	values := r.Header.Values(header)
	if len(values) == 0 {
		return ""
	}
	list := strings.Split(values[len(values)-1], ",")
	return strings.TrimSpace(list[len(list)-1])
}

// cameByRight refuses who could not have come this way if all were as the
// operator said: past the proxy that was to encrypt, or through one that nobody
// told us of, which would make all the world a client on this machine.
func (a *API) cameByRight(r *http.Request) error {
	from := peer(r)
	if a.Plain && !from.IsLoopback() && !a.trusts(from) {
		return bench.Errorf(bench.CodeForbidden, "this server is not encrypted and answers its proxies only: come through one of server.trusted_proxies")
	}
	if a.Access.Asked() {
		return nil
	}
	for _, header := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via"} {
		if r.Header.Get(header) != "" {
			return bench.Errorf(bench.CodeForbidden, "this came through a proxy, and this server asks nobody who they are: state server.trusted_proxies and a token")
		}
	}
	return nil
}
