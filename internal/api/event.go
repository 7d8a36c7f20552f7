package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

const (
	// liveInterval bounds how often a watcher hears of progress and output.
	liveInterval = 100 * time.Millisecond
	// heartbeat keeps proxies from closing a quiet stream.
	heartbeat = 15 * time.Second
	// slowClient is how long one message may take to be sent.
	slowClient = 30 * time.Second
	// oneLook is how long a stream goes on without asking again who it is for.
	// A client comes back by itself and misses nothing.
	oneLook = 5 * time.Minute
	// mostStreams bounds the clients that are told of changes: each holds a
	// connection and reads the store when something happens.
	mostStreams = 256
)

// ResumeID is where a stream goes on. (The framework fills exported structs only.)
type ResumeID struct {
	LastEventID string `header:"Last-Event-ID" maxLength:"20" doc:"the last id that was seen"`
}

func (a *API) registerEvents(h huma.API) {
	all := op("stream-events", http.MethodGet, "/events", "All changes as they happen (server-sent events)")
	all.Description = "Events 'run' carry a number as id: a client that reconnects with Last-Event-ID misses none. " +
		"'progress' has no id. 'reset' says that the numbers asked for are gone: fetch what you show again."
	all.Responses = eventStream()
	huma.Register(h, all, func(ctx context.Context, in *ResumeID) (*huma.StreamResponse, error) {
		oldest, newest, err := a.Store.EventRange(ctx)
		if err != nil {
			return nil, problem(err)
		}
		after, err := parseEventID(in.LastEventID, newest)
		if err != nil {
			return nil, problem(err)
		}
		reset := in.LastEventID != "" && (after+1 < oldest || after > newest)
		if reset {
			after = newest
		}
		return a.stream(&watcher{api: a, after: after, reset: reset}), nil
	})
	one := op("stream-run-events", http.MethodGet, "/runs/{id}/events", "One run as it happens (server-sent events)")
	one.Description = "From its first event on, or behind Last-Event-ID; 'progress', 'usage' and 'output' without ids while it runs. " +
		"The stream ends with the run; 204 if there is nothing left to tell."
	one.Responses = eventStream()
	huma.Register(h, one, func(ctx context.Context, in *struct {
		PathID
		ResumeID
	},
	) (*huma.StreamResponse, error) {
		run, err := a.Store.Run(ctx, in.ID)
		if err != nil {
			return nil, problem(err)
		}
		after, err := parseEventID(in.LastEventID, 0)
		if err != nil {
			return nil, problem(err)
		}
		_, newest, err := a.Store.EventRange(ctx)
		if err != nil {
			return nil, problem(err)
		}
		if after > newest {
			after = 0 // of another store: it would wait for ever
		}
		w := &watcher{api: a, run: in.ID, after: after}
		if left, err := a.Store.EventsAfter(ctx, in.ID, after, 1); err != nil {
			return nil, problem(err)
		} else if len(left) == 0 && run.State == bench.Finished {
			return &huma.StreamResponse{Body: func(c huma.Context) { c.SetStatus(http.StatusNoContent) }}, nil
		}
		return a.stream(w), nil
	})
}

func eventStream() map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: "server-sent events",
		Content:     map[string]*huma.MediaType{"text/event-stream": {}},
	}}
}

func parseEventID(s string, otherwise int64) (int64, error) {
	if s == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, bench.Errorf(bench.CodeInvalid, "Last-Event-ID %.20q is not a number that this server gave", s)
	}
	return n, nil
}

// watcher is one client of a stream. It reads the log at its own pace: a slow
// browser blocks nobody and loses nothing.
type watcher struct {
	api   *API
	run   string // "" watches all
	after int64  // number of the last event that was sent
	reset bool
	seen  seen
	out   http.ResponseWriter
	ctl   *http.ResponseController

	revoked <-chan struct{} // a token was; nil where none was shown
}

func (a *API) stream(w *watcher) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(c huma.Context) {
		out, ok := c.BodyWriter().(http.ResponseWriter)
		if !ok {
			return
		}
		caller := bench.CallerOf(c.Context())
		if !a.streams.enter(caller.Share()) {
			c.SetHeader("Retry-After", "10")
			writeProblem(out, http.StatusTooManyRequests, "too_many_streams",
				fmt.Sprintf("This server tells %d clients of changes and no more, and %d by one token: close a tab, or ask again later.", mostStreams, mostStreams/2))
			return
		}
		defer a.streams.leave(caller.Share())
		c.SetHeader("Content-Type", "text/event-stream")
		c.SetHeader("Cache-Control", "no-store")
		c.SetHeader("X-Accel-Buffering", "no")
		c.SetStatus(http.StatusOK)
		w.out, w.ctl = out, http.NewResponseController(out)
		w.seen.progress = map[string]int{}
		ctx := c.Context()
		if caller.Share() != "" {
			var end context.CancelFunc
			ctx, end = context.WithTimeout(ctx, oneLook)
			defer end()
			w.revoked = a.Access.Revoked()
		}
		if err := w.watch(ctx); err != nil && ctx.Err() == nil {
			a.Log.Debug("an event stream ended", "error", err)
		}
	}}
}

// crowd counts the streams: in all, and of each token, which gets half of them at
// most. Where nobody is asked for a token there is one client.
type crowd struct {
	mu  sync.Mutex
	all int
	of  map[string]int
}

func (c *crowd) enter(token string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all >= mostStreams || (token != "" && c.of[token] >= mostStreams/2) {
		return false
	}
	if c.of == nil {
		c.of = map[string]int{}
	}
	c.all++
	c.of[token]++
	return true
}

func (c *crowd) leave(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if c.of[token]--; c.of[token] == 0 {
		delete(c.of, token)
	}
}

// watch sends until the client is gone or, for one run, the run has ended.
func (w *watcher) watch(ctx context.Context) error {
	name := "hello"
	if w.reset {
		name = "reset"
	}
	if err := w.send(name, w.after, struct{}{}); err != nil {
		return err
	}
	for {
		// Take the bells before reading, so that no change falls between.
		changed, live := w.api.Store.Bell().Next(), w.api.Live.bell.Next()
		ended, err := w.sendNews(ctx)
		if err != nil || ended {
			return err
		}
		if err := w.wait(ctx, changed, live); err != nil {
			return err
		}
	}
}

var errRevoked = errors.New("a token was revoked: come again and show yours")

func (w *watcher) wait(ctx context.Context, changed, live <-chan struct{}) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-w.revoked:
		return errRevoked
	case <-changed:
		return nil
	case <-live:
	case <-time.After(heartbeat):
		return w.write(": still here\n\n")
	}
	// Live news come in hundreds a second: gather some, unless an event comes.
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changed:
	case <-time.After(liveInterval):
	}
	return nil
}

// sendNews sends live news, then events; true once the watched run has ended.
func (w *watcher) sendNews(ctx context.Context) (ended bool, err error) {
	progress := w.api.Live.progressSince(w.run, &w.seen)
	if len(progress) > 0 { // of runs that no event may have told of yet
		if err := w.api.Store.Settle(); err != nil {
			return false, err
		}
	}
	for id, p := range progress {
		if err := w.send("progress", noID, progressNews{id, p}); err != nil {
			return false, err
		}
	}
	if w.run != "" {
		if points := w.api.Live.usageSince(w.run, &w.seen); len(points) > 0 {
			if err := w.send("usage", noID, usageNews{w.run, points}); err != nil {
				return false, err
			}
		}
		for _, c := range w.api.Live.outputSince(w.run, &w.seen) {
			if err := w.send("output", noID, outputNews{c.number, streamName(c.stdout), string(c.data)}); err != nil {
				return false, err
			}
		}
	}
	const page = 200
	for {
		events, err := w.api.Store.EventsAfter(ctx, w.run, w.after, page)
		if err != nil {
			return false, err
		}
		for _, e := range events {
			if err := w.send("run", e.Seq, e); err != nil {
				return false, err
			}
			w.after = e.Seq
			ended = w.run != "" && e.State == bench.Finished
		}
		if len(events) < page {
			return ended, nil
		}
	}
}

type progressNews struct {
	Run string `json:"run"`
	bench.Progress
}

type usageNews struct {
	Run    string        `json:"run"`
	Points []bench.Usage `json:"points"`
}

type outputNews struct {
	Chunk  int64  `json:"chunk"`
	Stream string `json:"stream"`
	Text   string `json:"text"` // invalid UTF-8 replaced
}

func streamName(stdout bool) string {
	if stdout {
		return "stdout"
	}
	return "stderr"
}

// noID marks what is not in the log and can't be resumed.
const noID = -1

func (w *watcher) send(event string, id int64, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	number := ""
	if id != noID {
		number = fmt.Sprintf("id: %d\n", id)
	}
	return w.write(fmt.Sprintf("%sevent: %s\ndata: %s\n\n", number, event, text))
}

func (w *watcher) write(s string) error {
	_ = w.ctl.SetWriteDeadline(time.Now().Add(slowClient)) // not every writer can
	if _, err := w.out.Write([]byte(s)); err != nil {
		return err
	}
	return w.ctl.Flush()
}
