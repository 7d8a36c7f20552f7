package container

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/docker/docker/client"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// between puts somebody between the client and the machine's engine who sees
// each answer before the client does.
func between(t *testing.T, seen func(*http.Response)) {
	t.Helper()
	real, err := client.NewClientWithOpts(client.FromEnv)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: "http", Host: "engine"}) },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return real.Dialer()(ctx) }},
		ModifyResponse: func(r *http.Response) error {
			seen(r)
			return nil
		},
	}
	socket := filepath.Join(t.TempDir(), "engine.sock")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: proxy}
	go func() { _ = server.Serve(listener) }() // until it is closed
	t.Cleanup(func() { _ = server.Close() })
	t.Setenv("DOCKER_HOST", "unix://"+socket)
}

// Who is told to stop while the engine makes a container leaves none behind.
func TestStoppedWhileMaking(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	made := false
	between(t, func(r *http.Response) {
		if strings.HasSuffix(r.Request.URL.Path, "/containers/create") {
			made = r.StatusCode == http.StatusCreated
			stop()
		}
	})
	b := start(t, func(c *Config) { c.Warm = 0 })
	_, err := b.Open(ctx, sandbox.Spec{Builtin: true, Limits: bench.DefaultLimits()})
	if !made || !errors.Is(err, context.Canceled) {
		t.Errorf("made %v, error %v", made, err)
	}
}

// An engine that hangs keeps no run, and nobody who would stop one.
func TestASilentEngineIsNotWaitedForWithoutEnd(t *testing.T) {
	for _, at := range []string{"/_ping", "/images/", "/attach", "/json"} {
		t.Run(at, func(t *testing.T) {
			ready, over := make(chan struct{}), make(chan struct{})
			between(t, func(r *http.Response) {
				select {
				case <-ready:
					if strings.Contains(r.Request.URL.Path, at) {
						<-over
					}
				default:
				}
			})
			b := start(t, func(c *Config) { c.Warm = 0 })
			defer close(over)
			b.engine.patience = 50 * time.Millisecond
			b.engine.agreed = false
			close(ready)
			_, err := b.Open(t.Context(), sandbox.Spec{Builtin: true, Limits: bench.DefaultLimits()})
			if bench.CodeOf(err) != bench.CodeUnavailable || !strings.Contains(err.Error(), "does not answer") {
				t.Errorf("error %v", err)
			}
		})
	}
}
