package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"benchcell/internal/api"
	"benchcell/internal/bench"
)

// client speaks to the operator's door of a server: one elsewhere that owns the
// data folder, or the one inside this very process.
type client struct {
	http http.Client
}

func newClient(dial func(context.Context) (net.Conn, error)) *client {
	return &client{http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
	}}}
}

// submit gives orders and returns the queued runs in their order.
func (c *client) submit(ctx context.Context, orders api.OrderRequest) ([]bench.Run, error) {
	var answer api.OrderResponse
	err := c.call(ctx, http.MethodPost, api.OrderPath, orders, &answer)
	return answer.Runs, err
}

// await is the run once it is finished.
func (c *client) await(ctx context.Context, id string) (*bench.Run, error) {
	for {
		var run bench.Run
		if err := c.call(ctx, http.MethodGet, api.RunsPath+id+"?wait=60", nil, &run); err != nil {
			return nil, err
		}
		if run.State == bench.Finished {
			return &run, nil
		}
	}
}

// comparison of two runs that took turns.
func (c *client) comparison(ctx context.Context, id string) (*bench.Comparison, error) {
	var answer bench.Comparison
	return &answer, c.call(ctx, http.MethodGet, api.ComparisonsPath+id, nil, &answer)
}

// compare what is stored.
func (c *client) compare(ctx context.Context, request api.ComparisonRequest) (*bench.Comparison, error) {
	var answer bench.Comparison
	return &answer, c.call(ctx, http.MethodPost, strings.TrimSuffix(api.ComparisonsPath, "/"), request, &answer)
}

func (c *client) cancel(ctx context.Context, id string) error {
	return c.call(ctx, http.MethodPost, api.RunsPath+id+"/cancel", nil, nil)
}

func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	return c.exchange(ctx, "application/json", method, path, body, out)
}

// exchange sends a body of some media type, nil for none, and decodes the answer.
func (c *client) exchange(ctx context.Context, mediaType, method, path string, body io.Reader, out any) error {
	response, err := c.sendAs(ctx, mediaType, method, path, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		return readProblem(response)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(out)
}

func (c *client) send(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	return c.sendAs(ctx, "application/json", method, path, body)
}

func (c *client) sendAs(ctx context.Context, mediaType, method, path string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://localhost"+path, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", mediaType)
	}
	return c.http.Do(request)
}

// readProblem makes the error of an answer that is one.
func readProblem(response *http.Response) error {
	var p api.Problem
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&p); err != nil || p.Detail == "" {
		return fmt.Errorf("the server answered %s", response.Status)
	}
	e := bench.Errorf(p.Code, "%s", p.Detail)
	e.Hint = p.Hint
	return e
}

// progress tells of runs under way until ctx ends or the stream does.
func (c *client) progress(ctx context.Context, told func(run string, p bench.Progress)) error {
	response, err := c.send(ctx, http.MethodGet, "/api/v1/events", nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	event := ""
	for lines.Scan() {
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			event = name
		}
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok || event != "progress" {
			continue
		}
		var news struct {
			Run string `json:"run"`
			bench.Progress
		}
		if err := json.Unmarshal([]byte(data), &news); err != nil {
			return err
		}
		told(news.Run, news.Progress)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil
	}
	return lines.Err()
}
