package api

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"benchcell/internal/bench"
)

func TestLiveKeepsTheEndOfTheOutput(t *testing.T) {
	l := NewLive()
	piece := bytes.Repeat([]byte("x"), 1000)
	for range 1000 {
		l.Output("run", true, piece)
	}
	var s seen
	chunks := l.outputSince("run", &s)
	total := 0
	for i, c := range chunks {
		total += len(c.data)
		if c.number != int64(1000-len(chunks)+i) {
			t.Fatalf("chunk %d has number %d", i, c.number)
		}
	}
	if total > liveOutput || total < liveOutput-1000 {
		t.Errorf("%d bytes are kept", total)
	}
	if again := l.outputSince("run", &s); len(again) != 0 {
		t.Errorf("%d chunks are shown twice", len(again))
	}
	l.Output("run", false, []byte("more"))
	if more := l.outputSince("run", &s); len(more) != 1 || string(more[0].data) != "more" || more[0].stdout {
		t.Errorf("got %+v", more)
	}
	l.Output("run", true, make([]byte, 2*liveOutput)) // alone above the bound
	if more := l.outputSince("run", &s); len(more) != 1 {
		t.Errorf("%d chunks", len(more))
	}
}

func TestLiveHoldsNothingOfItsCallers(t *testing.T) {
	l := NewLive()
	buffer := []byte("first")
	l.Output("run", true, buffer)
	copy(buffer, "other")
	var s seen
	if got := string(l.outputSince("run", &s)[0].data); got != "first" {
		t.Errorf("got %q", got)
	}
}

func TestLiveForgetsWhatIsDone(t *testing.T) {
	l := NewLive()
	s := seen{progress: map[string]int{}}
	l.Progress("run", bench.Progress{Done: 1})
	if news := l.progressSince("", &s); len(news) != 1 || news["run"].Done != 1 {
		t.Errorf("got %v", news)
	}
	if news := l.progressSince("another", &s); len(news) != 0 {
		t.Errorf("got %v", news)
	}
	bell := l.bell.Next()
	l.Done("run")
	<-bell
	if news := l.progressSince("", &s); len(news) != 0 || len(s.progress) != 0 || len(l.runs) != 0 {
		t.Errorf("it is remembered: %v %v", news, s.progress)
	}
	l.Done("never began")
}

func TestLiveIsForManyAtATime(t *testing.T) {
	l := NewLive()
	var wg sync.WaitGroup
	for i := range 8 {
		id := fmt.Sprint(i % 4)
		wg.Go(func() {
			for n := range 500 {
				l.Progress(id, bench.Progress{Done: n})
				l.Output(id, true, []byte("x"))
			}
			l.Done(id)
		})
		wg.Go(func() {
			s := seen{progress: map[string]int{}}
			for range 500 {
				l.progressSince("", &s)
				l.outputSince(id, &s)
			}
		})
	}
	wg.Wait()
}

func TestLiveKeepsTheNewestMomentsOfUsage(t *testing.T) {
	l := NewLive()
	var early, late seen
	l.Usage("run", bench.Usage{At: 0})
	if got := l.usageSince("run", &early); len(got) != 1 {
		t.Errorf("%d moments", len(got))
	}
	for i := range 3 * mostUsage {
		l.Usage("run", bench.Usage{At: float64(i + 1)})
	}
	for _, s := range []*seen{&early, &late} {
		got := l.usageSince("run", s)
		if n := len(got); n > mostUsage || n < mostUsage/2 || got[n-1].At != 3*mostUsage {
			t.Errorf("%d moments, the last %+v", n, got[len(got)-1])
		}
		if again := l.usageSince("run", s); len(again) != 0 {
			t.Errorf("%d moments are shown twice", len(again))
		}
	}
	if l.usageSince("another", &early) != nil {
		t.Error("a run that is not there uses something")
	}
}
