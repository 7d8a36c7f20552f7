package store

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"benchcell/internal/bench"
)

// typical is a measurement as the process backend brings it back.
func typical() *bench.Measurement {
	process, cgroup, wait4, rss, pids := bench.Process, "cgroup", "wait4", int64(2<<20), int64(0)
	user, system, code, total := int64(1200), int64(300), 0, 31.25
	m := &bench.Measurement{
		Verdict: bench.OK, Effective: &process, TimeSource: bench.TimeByRunner, Ended: time.Now().UTC(),
		Death: &bench.Death{How: "exited", Code: &code}, Evidence: bench.Evidence{OOMKills: &pids, PidsRefused: &pids, Leftovers: &pids},
		Usage: bench.ResourceUsage{
			MaxRSS: &rss, CPUTime: bench.CPUTime{User: &user, System: &system, Coarse: true}, ExecutionTime: &total, TreePeak: &rss,
			Sources: bench.UsageSources{MaxRSS: &wait4, CPUTime: &cgroup},
		},
		Output: bench.Output{Stdout: []byte("one line of output, as most programs print it\n")},
	}
	for _, limit := range []string{"timeout", "memory", "cpus", "pids", "output", "disk", "openFiles", "core"} {
		m.Receipt = append(m.Receipt, bench.Receipt{Limit: limit, Requested: 536870912, Mechanism: &cgroup, Effective: 536870912})
	}
	for _, e := range []string{bench.EventStarted, bench.EventExited, bench.EventEmpty} {
		m.Timeline = append(m.Timeline, bench.Instant{Event: e, At: time.Now()})
	}
	for i := range 10 {
		cpu, rss := 1500.0+float64(i*37%11), int64(2<<20)
		m.Samples = append(m.Samples, bench.Sample{Index: i, Wall: 1.5 + float64(i*7919%1000)/1e6, CPU: &cpu, MaxRSS: &rss, ExitCode: &code})
	}
	return m
}

// life is what one run costs the store: submitted, taken, finished.
func life(b *testing.B, s *Store, id string) {
	b.Helper()
	sub := submission(id, "sort")
	if err := s.Submit(b.Context(), []bench.Submission{sub}, nil); err != nil {
		b.Error(err)
	}
	take := sub.Run.Take(time.Now().UTC())
	if err := s.Apply(b.Context(), take); err != nil {
		b.Error(err)
	}
	if err := s.Apply(b.Context(), take.Run.Record(typical())); err != nil {
		b.Error(err)
	}
}

func BenchmarkLifeOfARunAlone(b *testing.B) {
	s := openIn(b, Options{})
	n := 0
	for b.Loop() {
		n++
		life(b, s, fmt.Sprint(n))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
}

func BenchmarkLifeOfARunAmongEight(b *testing.B) {
	s := openIn(b, Options{})
	var n atomic.Int64
	b.SetParallelism(max(8/runtime.GOMAXPROCS(0), 1))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			life(b, s, fmt.Sprint(n.Add(1)))
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
}

// holding is a store with many finished runs, all copies of one.
func holding(b *testing.B, n int) *Store {
	b.Helper()
	s := openIn(b, Options{})
	life(b, s, "first")
	for _, statement := range []string{
		`INSERT INTO runs (id, plan, slug, category, isolation, measured, state, attempt, verdict, median, finished_at, body)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			SELECT id || i, plan, slug || (i % 25), category, isolation, measured, state, attempt, verdict, median, finished_at, body
			FROM n, runs WHERE id = 'first'`,
		`INSERT INTO samples SELECT seq, (SELECT body FROM samples) FROM runs WHERE id <> 'first' AND seq <= ?`,
		`INSERT INTO outputs SELECT seq, (SELECT stdout FROM outputs), NULL FROM runs WHERE id <> 'first' AND seq <= ?`,
		`INSERT INTO events (run, body) SELECT id, (SELECT body FROM events LIMIT 1) FROM runs WHERE seq <= 3 * ?`,
	} {
		if _, err := s.writes.Exec(statement, n-1); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := s.writes.Exec("PRAGMA wal_checkpoint(truncate)"); err != nil {
		b.Fatal(err)
	}
	return s
}

func BenchmarkOfAStoreHolding(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		s := holding(b, n)
		var size int64
		if info, err := os.Stat(filepath.Join(s.options.Dir, "benchcell.db")); err == nil {
			size = info.Size()
		}
		for _, c := range []struct {
			name string
			do   func() error
		}{
			{"page of 50", func() error { _, _, err := s.Runs(b.Context(), bench.RunFilter{}, "", 50); return err }},
			{"page of one benchmark", func() error {
				_, _, err := s.Runs(b.Context(), bench.RunFilter{Benchmark: "sort7"}, "", 50)
				return err
			}},
			{"page of queued", func() error {
				_, _, err := s.Runs(b.Context(), bench.RunFilter{State: bench.Queued}, "", 50)
				return err
			}},
			{"queue", func() error { _, err := s.Queue(b.Context(), nil, 256); return err }},
			{"latest and medians", func() error {
				_, err := s.Latest(b.Context(), []string{"sort7"})
				if err == nil {
					_, err = s.Medians(b.Context(), []string{"sort7"})
				}
				return err
			}},
		} {
			b.Run(fmt.Sprintf("runs=%d/%s", n, c.name), func(b *testing.B) {
				for b.Loop() {
					if err := c.do(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(size)/float64(n), "bytes/run")
			})
		}
		b.Run(fmt.Sprintf("runs=%d/life of a run", n), func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				life(b, s, fmt.Sprintf("%d-more-%d", b.N, i))
			}
		})
	}
}
