package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"regexp"
	"slices"

	"benchcell/internal/api"
)

// hostName is what a browser calls a machine by; of other alphabets it sends the xn-- form.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$`)

// validate checks what can be told without opening anything.
func (s *ServerConfig) validate() error {
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return errors.New("server.tls_cert and server.tls_key belong together: state both or none")
	}
	if _, err := s.proxies(); err != nil {
		return err
	}
	for i, name := range s.Hosts {
		if !hostName.MatchString(name) {
			return fmt.Errorf("server.hosts[%d] %q is no name like bench.example.org: it has no scheme, no port and no pattern", i, name)
		}
	}
	if !(s.Rate >= 0 && s.Rate <= 1e6) {
		return fmt.Errorf("server.rate is %v: it must be 0 to 1,000,000 requests a second", s.Rate)
	}
	if !(s.QueueShare > 0 && s.QueueShare <= 1) {
		return fmt.Errorf("server.queue_share is %v: it must be above 0 and at most 1", s.QueueShare)
	}
	if s.Connections < 8 || s.Connections > 1_000_000 {
		return fmt.Errorf("server.connections is %d: it must be 8 to 1,000,000", s.Connections)
	}
	return nil
}

// proxies are the networks whose word is taken for where a request came from.
func (s *ServerConfig) proxies() ([]netip.Prefix, error) {
	var list []netip.Prefix
	for i, text := range s.TrustedProxies {
		p, err := netip.ParsePrefix(text)
		if ip, one := netip.ParseAddr(text); one == nil {
			p, err = netip.PrefixFrom(ip, ip.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("server.trusted_proxies[%d] %q is not a network like 10.0.0.0/8 or an address", i, text)
		}
		if p.Bits() == 0 {
			return nil, fmt.Errorf("server.trusted_proxies[%d] %q is everybody: name the proxies", i, text)
		}
		list = append(list, p.Masked())
	}
	return list, nil
}

// alone says whether only this machine can reach the server.
func (s *ServerConfig) alone() bool {
	host, _, err := net.SplitHostPort(s.Listen)
	ip := net.ParseIP(host)
	return err == nil && len(s.TrustedProxies) == 0 && (host == "localhost" || (ip != nil && ip.IsLoopback()))
}

// plain says whether others can reach the server and read along, but for what
// its proxies encrypt.
func (s *ServerConfig) plain() bool { return !s.alone() && s.TLSCert == "" }

// checkListen refuses to be open to others without encryption.
func (s *ServerConfig) checkListen() error {
	if _, _, err := net.SplitHostPort(s.Listen); err != nil {
		return fmt.Errorf("server.listen %q is not an address like 127.0.0.1:8350: %w", s.Listen, err)
	}
	if s.plain() && len(s.TrustedProxies) == 0 {
		return fmt.Errorf("server.listen %s is open to other machines and nothing is encrypted: state server.tls_cert and server.tls_key, "+
			"or as server.trusted_proxies the proxy that encrypts, and make a token; or listen on 127.0.0.1", s.Listen)
	}
	return nil
}

// checkTokens refuses to be open to others who need not say who they are.
func (s *ServerConfig) checkTokens(armed bool) error {
	if armed || s.alone() {
		return nil
	}
	return fmt.Errorf("server.listen %s is open to other machines: make a token with 'orchestrator token create --role admin --name NAME', "+
		"or state one as server.token (or BENCHCELL_SERVER_TOKEN), or listen on 127.0.0.1", s.Listen)
}

// metrics are served, or nil.
func (s *ServerConfig) metrics(m *api.Metrics) http.Handler {
	if !s.Metrics {
		return nil
	}
	return m.Handler()
}

// listen opens the door for others, and says by which URL they find it.
func (c *Config) listen(ctx context.Context, log *slog.Logger) (l net.Listener, url string, err error) {
	s := &c.Server
	proxies, err := s.proxies()
	if err != nil {
		return nil, "", err
	}
	encrypted := (*tls.Config)(nil)
	if s.TLSCert != "" {
		own, err := openCertificate(c.beside(s.TLSCert), c.beside(s.TLSKey), log)
		if err != nil {
			return nil, "", usageError{err}
		}
		encrypted = own.config()
	}
	if l, err = new(net.ListenConfig).Listen(ctx, "tcp", s.Listen); err != nil {
		return nil, "", fmt.Errorf("listen: %w", err)
	}
	l = newGate(l, s.Connections, func(ip netip.Addr) bool {
		return ip.IsLoopback() || slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(ip) })
	})
	if encrypted != nil {
		return tls.NewListener(l, encrypted), "https://" + l.Addr().String(), nil
	}
	return l, "http://" + l.Addr().String(), nil
}

// beside is a path of the configuration, which may begin in its folder.
func (c *Config) beside(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Base, path)
}
