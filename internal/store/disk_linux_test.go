package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/sandboxtest"
)

func TestAFullDiskRefusesAndWorksAgain(t *testing.T) {
	dir := sandboxtest.Tmpfs(t, "4m")
	s := openIn(t, Options{Dir: dir, MinFree: 1 << 20})
	submit(t, s, "1")
	run := apply(t, s, get(t, s, "1").Take(time.Now().UTC()))
	if err := s.Ready(); err != nil {
		t.Error(err)
	}
	fill := filepath.Join(dir, "fill")
	if err := os.WriteFile(fill, make([]byte, 4<<20), 0o600); !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	if err := s.Ready(); bench.CodeOf(err) != bench.CodeStorage {
		t.Errorf("ready on a full disk: %v", err)
	}
	end := run.Record(&bench.Measurement{Verdict: bench.OK, Ended: time.Now().UTC(), Output: bench.Output{Stdout: noise(1 << 20)}})
	fillsUp(t, s, end)
	if r := get(t, s, "1"); r.State != bench.Running {
		t.Errorf("reading on a full disk: %+v", r)
	}
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	apply(t, s, end)
	if err := s.Ready(); err != nil {
		t.Errorf("ready once there is room: %v", err)
	}
}
