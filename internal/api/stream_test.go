package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// stream is a client of server-sent events.
type stream struct {
	t     testing.TB
	lines *bufio.Scanner
	close func()
}

// message is one event; a comment is an event called ":".
type message struct {
	id, event string
	data      map[string]any
}

func (s *site) watch(path, lastID string, headers ...string) *stream {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/api/v1"+path, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Set(name, value)
	}
	response, err := s.client.Do(request) //nolint:bodyclose // closed with the stream
	if err != nil {
		s.t.Fatal(err)
	}
	h := response.Header
	if response.StatusCode != http.StatusOK || h.Get("Content-Type") != "text/event-stream" || h.Get("Cache-Control") != "no-store" {
		s.t.Fatalf("%s: %s %v", path, response.Status, h)
	}
	return &stream{s.t, bufio.NewScanner(response.Body), func() { cancel(); _ = response.Body.Close() }}
}

// next is the next message; false at the end of the stream.
func (st *stream) next() (m message, ok bool) {
	st.t.Helper()
	for st.lines.Scan() {
		field, value, _ := strings.Cut(st.lines.Text(), ": ")
		switch field {
		case "id":
			m.id = value
		case "event":
			m.event = value
		case "data":
			if err := json.Unmarshal([]byte(value), &m.data); err != nil {
				st.t.Fatalf("%s: %v", value, err)
			}
		case "":
			if value != "" {
				m.event = ":"
				continue
			}
			return m, true
		}
	}
	return m, false
}

// skipTo reads up to the next event of a name.
func (st *stream) skipTo(event string) message {
	st.t.Helper()
	for {
		m, ok := st.next()
		if !ok {
			st.t.Fatalf("the stream ended before %s", event)
		}
		if m.event == event {
			return m
		}
	}
}

// runs reads n 'run' events as "id:state".
func (st *stream) runs(n int) string {
	st.t.Helper()
	var list []string
	for range n {
		m := st.skipTo("run")
		list = append(list, fmt.Sprintf("%s:%v", m.id, m.data["state"]))
	}
	return strings.Join(list, " ")
}
