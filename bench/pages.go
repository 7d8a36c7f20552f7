//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// pages: what the dashboard's pages ask, of a store as it is after years. Make one
// with bench/seed and name its folder with -store.
func (b *bench) pages() error {
	if b.store == "" {
		fmt.Fprintln(os.Stderr, "pages need a filled store: go run ./bench/seed --dir DIR, then -store DIR")
		return nil
	}
	s, err := serve(b.store, filepath.Join(b.store, "config.toml"))
	if err != nil {
		return err
	}
	defer s.end()
	b.add("start to serving, of that store", fmt.Sprintf("%.0f ms", float64(s.took)/1e6), "–", "–", float64(s.took), 300e6, "< 300 ms")
	requests, err := s.pageRequests()
	if err != nil {
		return err
	}
	for _, r := range requests {
		took, size, err := s.median(r.path)
		if err != nil {
			return fmt.Errorf("%s: %w", r.path, err)
		}
		b.add(r.page+": "+r.what, fmt.Sprintf("%.1f ms", float64(took)/1e6), fmt.Sprintf("%d kB", size/1000), "–", float64(took), 50e6, "< 50 ms")
	}
	resident, err := residentMemory(s.cmd.Process.Pid)
	if err != nil {
		return err
	}
	b.add("the server after all that, resident", mib(resident), "–", "–", float64(resident), 200e6, "< 200 MB")
	return nil
}

// pageRequest is one that a page makes.
type pageRequest struct{ page, what, path string }

func (s *server) pageRequests() ([]pageRequest, error) {
	const api = "/api/v1"
	var overview struct {
		Benchmarks []struct{ Slug, Category string }
	}
	if err := s.get(api+"/benchmarks", &overview); err != nil {
		return nil, err
	}
	middle := overview.Benchmarks[len(overview.Benchmarks)/2]
	of := api + "/benchmarks/" + middle.Slug
	var runs struct {
		Runs []struct {
			ID, Machine string
			Verdict     string
		}
	}
	if err := s.get(api+"/runs?verdict=ok&benchmark="+middle.Slug, &runs); err != nil {
		return nil, err
	}
	if len(runs.Runs) == 0 {
		return nil, errors.New("the store has no run of " + middle.Slug)
	}
	run := api + "/runs/" + runs.Runs[0].ID
	deep := "&cursor=1000" // behind nearly all
	return []pageRequest{
		{"every page", "the page itself", "/"},
		{"every page", "what the machine can do", api + "/capabilities"},
		{"every page", "queued runs", api + "/runs?state=queued&limit=500"},
		{"every page", "running runs", api + "/runs?state=running&limit=500"},
		{"every page", "names of all benchmarks", api + "/outlines"},
		{"overview", "its rows", api + "/overview"},
		{"scripts", "all benchmarks", api + "/benchmarks"},
		{"overview", "open alerts", api + "/alerts?state=confirmed"},
		{"overview", "a sparkline", of + "/sparkline.svg"},
		{"benchmark", "itself", of},
		{"benchmark", "trend", of + "/trend"},
		{"benchmark", "trend of one isolation", of + "/trend?isolation=process"},
		{"benchmark", "its runs", api + "/runs?limit=25&benchmark=" + middle.Slug},
		{"benchmark", "its runs, in one isolation", api + "/runs?limit=25&isolation=process&benchmark=" + middle.Slug},
		{"benchmark", "its runs, of an isolation that it never had", api + "/runs?limit=25&isolation=in-process&benchmark=" + middle.Slug},
		{"benchmark", "its oldest runs", api + "/runs?limit=25" + deep + "&benchmark=" + middle.Slug},
		{"run", "itself", run},
		{"run", "plan", run + "/plan"},
		{"run", "samples", run + "/samples"},
		{"run", "output", run + "/output"},
		{"run", "machine", api + "/machines/" + runs.Runs[0].Machine},
		{"activity", "newest runs", api + "/runs?limit=50"},
		{"activity", "oldest runs", api + "/runs?limit=50" + deep},
		{"activity", "out of memory", api + "/runs?limit=50&verdict=oom"},
		{"activity", "out of memory, of a category", api + "/runs?limit=50&verdict=oom&category=" + middle.Category},
		{"activity", "a verdict that never was, of a category", api + "/runs?limit=50&verdict=disk_limit&category=" + middle.Category},
		{"activity", "ok in containers, of a category", api + "/runs?limit=50&verdict=ok&isolation=container&category=" + middle.Category},
		{"activity", "an isolation that never was, ok", api + "/runs?limit=50&verdict=ok&isolation=in-process"},
		{"alerts", "all", api + "/alerts"},
		{"settings", "the configuration", api + "/settings"},
		{"other pages", "a badge", "/badges/" + middle.Slug + ".svg"},
	}, nil
}

func (s *server) get(path string, v any) error {
	text, err := s.read(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

func (s *server) read(path string) ([]byte, error) {
	response, err := http.Get(s.url + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", response.Status, strings.TrimSpace(string(text)))
	}
	return text, err
}

// median is how long a request takes, from sending it to having read the answer.
func (s *server) median(path string) (took time.Duration, size int, err error) {
	const rounds = 21
	times := make([]time.Duration, rounds)
	for i := range times {
		begun := time.Now()
		text, err := s.read(path)
		if err != nil {
			return 0, 0, err
		}
		times[i], size = time.Since(begun), len(text)
	}
	slices.Sort(times)
	return times[rounds/2], size, nil
}
