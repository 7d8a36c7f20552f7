package api

import (
	"sync"

	"benchcell/internal/bench"
)

// Live shows runs while they are under way: progress and output, which no
// store holds. Those who report never wait; those who watch see the newest
// state and as much output as is kept, however slow they are.
type Live struct {
	mu   sync.Mutex
	runs map[string]*liveRun
	bell *bench.Bell // rings at every change
}

// liveOutput is how many bytes of a running run's output are kept to show.
const liveOutput = 256 << 10

type liveRun struct {
	progress bench.Progress
	version  int // of progress
	chunks   []chunk
	bytes    int
	next     int64 // number of the next chunk
	usage    []bench.Usage
	looks    int // how many there ever were
}

// mostUsage is how many moments of a run are kept to show: five minutes.
const mostUsage = 1200

type chunk struct {
	number int64
	stdout bool
	data   []byte
}

// NewLive makes an empty Live.
func NewLive() *Live { return &Live{runs: map[string]*liveRun{}, bell: bench.NewBell()} }

// Progress notes how far a run is.
func (l *Live) Progress(run string, p bench.Progress) {
	l.change(run, func(r *liveRun) {
		r.progress = p
		r.version++
	})
}

// Output notes a piece of output.
func (l *Live) Output(run string, stdout bool, data []byte) {
	own := append([]byte(nil), data...)
	l.change(run, func(r *liveRun) {
		r.chunks = append(r.chunks, chunk{r.next, stdout, own})
		r.next++
		r.bytes += len(own)
		for r.bytes > liveOutput && len(r.chunks) > 1 {
			r.bytes -= len(r.chunks[0].data)
			r.chunks = r.chunks[1:]
		}
	})
}

// Usage notes what a run uses.
func (l *Live) Usage(run string, u bench.Usage) {
	l.change(run, func(r *liveRun) {
		if len(r.usage) == mostUsage {
			r.usage = append(r.usage[:0], r.usage[mostUsage/4:]...)
		}
		r.usage = append(r.usage, u)
		r.looks++
	})
}

// Done forgets a run.
func (l *Live) Done(run string) {
	l.mu.Lock()
	delete(l.runs, run)
	l.mu.Unlock()
	l.bell.Ring()
}

func (l *Live) change(run string, do func(*liveRun)) {
	l.mu.Lock()
	r := l.runs[run]
	if r == nil {
		r = &liveRun{}
		l.runs[run] = r
	}
	do(r)
	l.mu.Unlock()
	l.bell.Ring()
}

// seen is how much of the live runs a watcher has been shown.
type seen struct {
	progress map[string]int
	chunk    int64
	looks    int
}

// usageSince lists the moments of one run that have not been shown.
func (l *Live) usageSince(run string, s *seen) []bench.Usage {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.runs[run]
	if r == nil {
		return nil
	}
	news := min(r.looks-s.looks, len(r.usage))
	s.looks = r.looks
	return append([]bench.Usage(nil), r.usage[len(r.usage)-news:]...)
}

// progressSince lists the progress of runs that has changed; run "" is all.
func (l *Live) progressSince(run string, s *seen) map[string]bench.Progress {
	l.mu.Lock()
	defer l.mu.Unlock()
	news := map[string]bench.Progress{}
	for id, r := range l.runs {
		if (run == "" || run == id) && r.version != s.progress[id] {
			s.progress[id] = r.version
			news[id] = r.progress
		}
	}
	for id := range s.progress {
		if l.runs[id] == nil {
			delete(s.progress, id)
		}
	}
	return news
}

// outputSince lists the chunks of one run that have not been shown.
func (l *Live) outputSince(run string, s *seen) []chunk {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.runs[run]
	if r == nil || len(r.chunks) == 0 {
		return nil
	}
	skip := max(s.chunk-r.chunks[0].number, 0)
	s.chunk = r.next
	return append([]chunk(nil), r.chunks[min(int(skip), len(r.chunks)):]...)
}
