package store

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"benchcell/internal/bench"
)

func TestSourcesAreStoredOnceAndGoOldestFirst(t *testing.T) {
	s := openIn(t, Options{KeepSources: 3000})
	var hashes []string
	for i := range 4 {
		archive := bytes.Repeat([]byte(fmt.Sprint(i, " ")), 10)
		for n := range 990 { // what does not compress
			archive = append(archive, byte(n*n*(i+3)>>3), byte(n*(i+7)))
		}
		hash, err := s.SaveSource(t.Context(), archive)
		if err != nil || hash != bench.SourceHash(archive) {
			t.Fatal(hash, err)
		}
		if again, err := s.SaveSource(t.Context(), archive); err != nil || again != hash {
			t.Fatal(again, err)
		}
		if back, err := s.Source(t.Context(), hash); err != nil || !bytes.Equal(back, archive) {
			t.Fatalf("%d bytes came back, %v", len(back), err)
		}
		hashes = append(hashes, hash)
		time.Sleep(2 * time.Millisecond) // the clock of their use has milliseconds
	}
	// The oldest is still waited for, the next one is not.
	waits := submission("waiting", "x")
	waits.Plan.Source = hashes[0]
	if err := s.Submit(t.Context(), []bench.Submission{waits}, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false, false, true} {
		_, err := s.Source(t.Context(), hashes[i])
		if (err == nil) != want || (err != nil && bench.CodeOf(err) != bench.CodeNotFound) {
			t.Errorf("source %d: %v", i, err)
		}
	}
}
