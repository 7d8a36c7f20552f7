package builtin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

var httpLoopback = Function{
	Name:       "http-loopback",
	Title:      "HTTP Round Trip over loopback (10 requests)",
	Category:   "io",
	Target:     10,
	Iterations: 20,
	Setup:      setupHTTP,
}

const httpRequests = 10

// setupHTTP sends the first request itself: it opens the connection that all
// others use, and a place without loopback is found out before the timing.
func setupHTTP() (*Case, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("loopback is needed: %w", err)
	}
	end := serveBody(listener)
	client := &echoClient{url: "http://" + listener.Addr().String(), transport: &http.Transport{}}
	c := &Case{
		Run: client.requests,
		Close: func() error {
			client.transport.CloseIdleConnections()
			return end()
		},
	}
	if err := client.request(); err != nil {
		return nil, errors.Join(fmt.Errorf("loopback is needed: %w", err), c.Close())
	}
	return c, nil
}

// serveBody answers each request with its own body until end is called, which
// waits for the server.
func serveBody(listener net.Listener) (end func() error) {
	server := &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(w, r.Body) // the client sees what is missing
		}),
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	return func() error {
		err := server.Close()
		if e := <-done; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
		return err
	}
}

type echoClient struct {
	url       string
	transport *http.Transport // no proxy, no other user
	sent      int
}

func (c *echoClient) requests() error {
	for range httpRequests {
		if err := c.request(); err != nil {
			return err
		}
	}
	return nil
}

func (c *echoClient) request() error {
	c.sent++
	body := fmt.Appendf(nil, `{"request":%d,"text":%q}`, c.sent, "one small message of an ordinary size")
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		return err
	}
	got, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || !bytes.Equal(got, body) {
		return fmt.Errorf("status %d and %d bytes, it must be 200 and the %d sent", response.StatusCode, len(got), len(body))
	}
	return nil
}
