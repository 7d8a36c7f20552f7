package api

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

func TestLongAnswersArePackedForThoseWhoTakeThemSo(t *testing.T) {
	s := open(t, choices{idle: true, change: func(c *Config) {
		for i := range 100 {
			c.Benchmarks = append(c.Benchmarks, bench.Benchmark{
				Definition: bench.Definition{Name: fmt.Sprint("b", i), Command: []string{"true"}}, Slug: fmt.Sprint("b", i), Category: "x", Kind: bench.KindCommand, Trusted: true,
			})
		}
	}})
	plain := s.ask("GET", "/api/v1/benchmarks", "", "Accept-Encoding: identity")
	packed := s.ask("GET", "/api/v1/benchmarks", "", "Accept-Encoding: gzip")
	if plain.Header.Get("Content-Encoding") != "" || packed.Header.Get("Content-Encoding") != "gzip" || len(packed.body)*4 > len(plain.body) {
		t.Fatalf("plain %v, %d bytes; packed %v, %d bytes", plain.Header, len(plain.body), packed.Header, len(packed.body))
	}
	r, err := gzip.NewReader(strings.NewReader(string(packed.body)))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(r); err != nil || string(text) != string(plain.body) {
		t.Errorf("unpacked it is another answer: %v", err)
	}
	if short := s.ask("GET", "/api/v1/settings", "", "Accept-Encoding: gzip"); short.StatusCode != http.StatusOK || short.Header.Get("Content-Encoding") != "" {
		t.Errorf("a short answer: %s %v", short.Status, short.Header)
	}
}
