// Command seed fills a store with plausible runs, through the store's own code,
// so that the dashboard and its server can be looked at as they are after years:
//
//	go run ./bench/seed --benchmarks 500 --runs 1000000 --dir /tmp/years
//	bin/orchestrator serve --config /tmp/years/config.toml
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"benchcell/internal/store"
)

// days is over how long the runs are spread, up to now.
const days = 180

// roundsTogether are stored in one transaction.
const roundsTogether = 10

func main() {
	benchmarks := flag.Int("benchmarks", 500, "how many benchmarks, 1 to 10,000")
	runs := flag.Int("runs", 1_000_000, "how many runs of all of them")
	dir := flag.String("dir", "", "new folder for config.toml and data")
	flag.Parse()
	if err := fill(context.Background(), *dir, *benchmarks, *runs); err != nil {
		fmt.Fprintln(os.Stderr, "seed:", err)
		os.Exit(1)
	}
}

func fill(ctx context.Context, dir string, benchmarks, runs int) error {
	if dir == "" || benchmarks < 1 || benchmarks > 10_000 || runs < benchmarks {
		return fmt.Errorf("state --dir, 1 to 10,000 --benchmarks and at least as many --runs")
	}
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		return err // which also keeps a store with real runs from being filled
	}
	subjects := newSubjects(benchmarks)
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), configOf(subjects), 0o600); err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{Dir: data})
	if err != nil {
		return err
	}
	err = fillStore(ctx, s, subjects, runs)
	if err == nil {
		err = s.Tidy(ctx)
	}
	if closing := s.Close(); err == nil {
		err = closing
	}
	return err
}

// fillStore lets every benchmark run once a round. Some rounds are made up while
// those before them are stored.
func fillStore(ctx context.Context, s *store.Store, subjects []*subject, runs int) error {
	if err := s.SaveMachine(ctx, host); err != nil {
		return err
	}
	rounds := (runs + len(subjects) - 1) / len(subjects)
	begun := time.Now()
	together, ctx := errgroup.WithContext(ctx)
	made := make(chan []store.Ended, 1)
	together.Go(func() error {
		defer close(made)
		for round := 0; round < rounds; round += roundsTogether {
			select {
			case made <- makeRuns(subjects, begun, runs, round, rounds):
			case <-ctx.Done():
				return nil
			}
		}
		return nil
	})
	together.Go(func() error {
		stored := 0
		for some := range made {
			if err := s.Import(ctx, some); err != nil {
				return err
			}
			stored += len(some)
			fmt.Fprintf(os.Stderr, "%d of %d runs after %.0f s\n", stored, runs, time.Since(begun).Seconds())
		}
		return nil
	})
	return together.Wait()
}

// makeRuns makes up the next few rounds of all rounds.
func makeRuns(subjects []*subject, now time.Time, runs, first, rounds int) []store.Ended {
	var list []store.Ended
	for round := first; round < min(first+roundsTogether, rounds); round++ {
		at := now.Add(-time.Duration(float64(days*24*time.Hour) * float64(rounds-round) / float64(rounds)))
		for i, subject := range subjects[:min(len(subjects), runs-round*len(subjects))] {
			run := subject.start(round, at.Add(time.Duration(i)*time.Millisecond))
			list = append(list, store.Ended{Plan: &subject.plan, Transition: subject.end(run, float64(round)/float64(rounds))})
		}
	}
	return list
}
