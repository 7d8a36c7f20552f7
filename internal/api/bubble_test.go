package api

import (
	"context"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// bubble serves a site over pipes inside a bubble, where time is fake.
func bubble(t *testing.T, c choices, test func(*site)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := build(t, dir, c)
		conns := pipes{make(chan net.Conn), make(chan struct{})}
		requests, endRequests := context.WithCancel(context.Background())
		server := &http.Server{Handler: s.Public(), ReadHeaderTimeout: time.Hour, BaseContext: func(net.Listener) context.Context { return requests }}
		go func() { _ = server.Serve(conns) }()
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return conns.dial(), nil }}
		s.client = &http.Client{Transport: transport}
		test(s)
		endRequests()
		transport.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
}

// pipes is a listener without sockets.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error { close(p.done); return nil }
func (pipes) Addr() net.Addr { return &net.UnixAddr{} }

func (p pipes) dial() net.Conn {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours
}
