//go:build linux

// Command bench measures what the README promises: each figure beside that of
// the peer, interleaved in one run, because a machine's speed drifts and only
// ratios hold. It prints a table and ends with 1 if a goal is missed.
//
// Run it with 'make bench', on a quiet machine, as root for the control groups.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// row is one figure of the table.
type row struct {
	what, ours, peer, ratio, goal string
	met                           bool
}

// sections measure one theme each, in this order.
var sections = []struct {
	name    string
	measure func(*bench) error
}{
	{"process", (*bench).process},
	{"accuracy", (*bench).accuracy},
	{"bias", (*bench).bias},
	{"sandboxed", (*bench).sandboxed},
	{"judged", (*bench).judged},
	{"memory", (*bench).memory},
	{"service", (*bench).service},
	{"container", (*bench).container},
	{"server", (*bench).server},
	{"dashboard", (*bench).dashboard},
	{"pages", (*bench).pages},
	{"browser", (*bench).browser},
}

type bench struct {
	rows  []row
	n     int
	store string // folder of a filled one
}

func main() {
	only := flag.String("only", "", "measure these sections alone, separated by commas")
	n := flag.Int("n", 400, "samples of each short measurement")
	store := flag.String("store", "", "folder that bench/seed has filled, for the pages")
	flag.Parse()
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 8 //nolint:forcetypeassert // it is; as many are in flight
	b := &bench{n: *n, store: *store}
	for _, s := range sections {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), s.name) {
			continue
		}
		fmt.Fprintln(os.Stderr, "measuring:", s.name)
		if err := s.measure(b); err != nil {
			fmt.Fprintf(os.Stderr, "bench: %s: %v\n", s.name, err)
			os.Exit(1)
		}
	}
	if !b.print() {
		os.Exit(1)
	}
}

// add notes a figure against its goal, an upper bound.
func (b *bench) add(what string, ours, peer, ratio string, value, goal float64, goalText string) {
	b.rows = append(b.rows, row{what, ours, peer, ratio, goalText, value <= goal})
}

func (b *bench) print() bool {
	all := true
	fmt.Println("| | ours | against | ratio | goal | |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, r := range b.rows {
		verdict := "met"
		if !r.met {
			verdict, all = "**missed**", false
		}
		fmt.Printf("| %s | %s | %s | %s | %s | %s |\n", r.what, r.ours, r.peer, r.ratio, r.goal, verdict)
	}
	return all
}

// interleave runs each of the variants once a round, in random order, and
// returns their medians.
func interleave(rounds int, variants ...func() error) ([]time.Duration, error) {
	return interleaveBefore(rounds, func() error { return nil }, variants...)
}

// interleaveBefore calls ready before each variant, outside of its time.
func interleaveBefore(rounds int, ready func() error, variants ...func() error) ([]time.Duration, error) {
	times := make([][]time.Duration, len(variants))
	for range rounds {
		for _, i := range rand.Perm(len(variants)) {
			if err := ready(); err != nil {
				return nil, err
			}
			start := time.Now()
			if err := variants[i](); err != nil {
				return nil, err
			}
			times[i] = append(times[i], time.Since(start))
		}
	}
	medians := make([]time.Duration, len(variants))
	for i, list := range times {
		slices.Sort(list)
		medians[i] = list[len(list)/2]
	}
	return medians, nil
}

func micros(d time.Duration) string { return fmt.Sprintf("%.0f µs", float64(d)/1e3) }

func mib(bytes int64) string { return fmt.Sprintf("%.2f MB", float64(bytes)/1e6) }
