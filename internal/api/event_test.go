package api

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"benchcell/internal/bench"
)

func TestAllChangesAreStreamed(t *testing.T) {
	bubble(t, choices{work: last(time.Second)}, func(s *site) {
		st := s.watch("/events", "")
		defer st.close()
		if m, _ := st.next(); m.event != "hello" || m.id != "0" {
			t.Errorf("first %+v", m)
		}
		begun := time.Now()
		run := s.run("")
		first := st.skipTo("run")
		if first.id != "1" || first.data["run"] != run.ID || first.data["slug"] != "sort-lines" || first.data["verdict"] != nil {
			t.Errorf("got %+v", first)
		}
		if got := st.runs(1); got != "2:running" || time.Since(begun) != 0 {
			t.Errorf("after %v came %s", time.Since(begun), got)
		}
		if got := st.runs(1); got != "3:finished" {
			t.Errorf("got %s", got)
		}
	})
}

func TestStreamsAreBounded(t *testing.T) {
	s := open(t, choices{idle: true})
	for range mostStreams - 1 {
		s.streams.enter("")
	}
	last := s.watch("/events", "")
	last.next()
	r := s.ask("GET", "/api/v1/events", "")
	s.isProblem(r, http.StatusTooManyRequests, "too_many_streams", "256")
	if r.Header.Get("Retry-After") == "" {
		t.Error("it does not say when to come again")
	}
	last.close()
	for !s.streams.enter("") { // its end is noticed by the server
		runtime.Gosched()
	}
}

// One token leaves streams to others, however many its bearers open.
func TestOneTokenDoesNotTakeAllStreams(t *testing.T) {
	s := open(t, choices{idle: true})
	crowd, _, _ := s.token("crowd", bench.Viewer)
	other, _, _ := s.token("other", bench.Viewer)
	for range mostStreams / 2 {
		s.streams.enter("crowd")
	}
	s.isProblem(s.ask("GET", "/api/v1/events", "", crowd), http.StatusTooManyRequests, "too_many_streams", "128")
	st := s.watch("/events", "", other)
	st.next()
	st.close()
	s.streams.leave("crowd")
	st = s.watch("/events", "", crowd)
	st.next()
	st.close()
}

func TestAClientThatComesBackGetsExactlyWhatItMissed(t *testing.T) {
	bubble(t, choices{}, func(s *site) {
		for range 3 {
			s.run("?wait=60")
		}
		for id, want := range map[string]string{
			"0": "1:queued 2:running 3:finished 4:queued 5:running 6:finished 7:queued 8:running 9:finished",
			"4": "5:running 6:finished 7:queued 8:running 9:finished",
			"9": "",
		} {
			st := s.watch("/events", id)
			if m, _ := st.next(); m.event != "hello" || m.id != id {
				t.Errorf("first %+v", m)
			}
			if got := st.runs(strings.Count(want, ":")); got != want {
				t.Errorf("after %s: %s", id, got)
			}
			if m, _ := st.next(); m.event != ":" {
				t.Errorf("after %s there is more: %+v", id, m)
			}
			st.close()
		}
	})
}

func TestAClientIsToldWhenWhatItMissedIsGone(t *testing.T) {
	bubble(t, choices{events: 4}, func(s *site) {
		for range 3 {
			s.run("?wait=60")
		}
		if err := s.store.Tidy(s.t.Context()); err != nil { // leaves 6 to 9
			t.Fatal(err)
		}
		for id, reset := range map[string]bool{"0": true, "4": true, "5": false, "9": false, "10": true} {
			st := s.watch("/events", id)
			want, at := "hello", id
			if reset {
				want, at = "reset", "9"
			}
			if m, _ := st.next(); m.event != want || m.id != at {
				t.Errorf("after %s: %+v, want %s", id, m, want)
			}
			st.close()
		}
	})
}

func TestTheStreamOfARunEndsWithIt(t *testing.T) {
	bubble(t, choices{work: last(time.Second)}, func(s *site) {
		run := s.run("")
		synctest.Wait() // it runs
		st := s.watch("/runs/"+run.ID+"/events", "")
		s.run("") // of which it hears nothing
		if got := st.runs(3); got != "1:queued 2:running 4:finished" {
			t.Errorf("got %s", got)
		}
		if m, more := st.next(); more {
			t.Errorf("and then %+v", m)
		}
		for id, want := range map[string]string{"": "1:queued 2:running 4:finished", "1": "2:running 4:finished", "2": "4:finished", "9999": "1:queued 2:running 4:finished"} {
			st := s.watch("/runs/"+run.ID+"/events", id)
			if got := st.runs(strings.Count(want, ":")); got != want {
				t.Errorf("after %q: %s", id, got)
			}
			st.close()
		}
		if r := s.ask("GET", "/api/v1/runs/"+run.ID+"/events", "", "Last-Event-ID: 4"); r.StatusCode != http.StatusNoContent || len(r.body) != 0 {
			t.Errorf("when all is told: %s %s", r.Status, r.body)
		}
	})
}

func TestAnIdOfAnotherStoreDoesNotWaitForEver(t *testing.T) {
	bubble(t, choices{work: last(time.Second)}, func(s *site) {
		run := s.run("")
		st := s.watch("/runs/"+run.ID+"/events", "9999")
		if got := st.runs(3); got != "1:queued 2:running 3:finished" {
			t.Errorf("got %s", got)
		}
	})
}

// chatty prints and reports in steps of a second.
func chatty(_ context.Context, live *Live, run *bench.Run) *bench.Measurement {
	for i, text := range []string{"one\n", "two\xff", "three"} {
		ms := float64(i)
		of := 3
		live.Progress(run.ID, bench.Progress{Done: i + 1, Of: &of, Last: &ms})
		live.Output(run.ID, i != 1, []byte(text))
		time.Sleep(time.Second)
	}
	return &bench.Measurement{Verdict: bench.OK}
}

func TestProgressAndOutputAppearWhileARunIsUnderWay(t *testing.T) {
	bubble(t, choices{work: chatty}, func(s *site) {
		run := s.run("")
		all, one := s.watch("/events", ""), s.watch("/runs/"+run.ID+"/events", "")
		for i, text := range []string{"stdout one\n", "stderr two\uFFFD", "stdout three"} {
			for name, st := range map[string]*stream{"all": all, "one": one} {
				m := st.skipTo("progress")
				if m.id != "" || m.data["run"] != run.ID || m.data["done"] != float64(i+1) || m.data["of"] != 3.0 || m.data["last"] != float64(i) {
					t.Errorf("%s: %+v", name, m)
				}
			}
			m := one.skipTo("output")
			if got := fmt.Sprintf("%s %s", m.data["stream"], m.data["text"]); got != text || m.id != "" || m.data["chunk"] != float64(i) {
				t.Errorf("output %d: %+v", i, m)
			}
		}
		late := s.watch("/runs/"+run.ID+"/events", "") // is shown what there was
		if m := late.skipTo("output"); m.data["text"] != "one\n" {
			t.Errorf("late: %+v", m)
		}
		late.close()
		all.close()
		one.skipTo("run")
	})
}

func TestLiveNewsAreGathered(t *testing.T) {
	busy := func(_ context.Context, live *Live, run *bench.Run) *bench.Measurement {
		time.Sleep(time.Second)
		for i := range 1000 {
			live.Progress(run.ID, bench.Progress{Done: i + 1})
			time.Sleep(time.Millisecond)
		}
		return &bench.Measurement{Verdict: bench.OK}
	}
	bubble(t, choices{work: busy}, func(s *site) {
		run := s.run("")
		st := s.watch("/runs/"+run.ID+"/events", "")
		told := 0
		for {
			m, more := st.next()
			if !more {
				break
			}
			if m.event == "progress" {
				told++
			}
		}
		if told < 5 || told > 15 {
			t.Errorf("a thousand steps in a second were told in %d messages", told)
		}
	})
}

func TestAQuietStreamHasAHeartbeat(t *testing.T) {
	bubble(t, choices{}, func(s *site) {
		st := s.watch("/events", "")
		defer st.close()
		st.skipTo("hello")
		for range 3 {
			begun := time.Now()
			if m, _ := st.next(); m.event != ":" || time.Since(begun) != heartbeat {
				t.Errorf("after %v came %+v", time.Since(begun), m)
			}
		}
	})
}

func TestASlowReaderBlocksNobodyAndIsLeftInTheEnd(t *testing.T) {
	bubble(t, choices{work: chatty}, func(s *site) {
		slow := s.watch("/events", "") // over a pipe, which holds nothing
		defer slow.close()
		begun := time.Now()
		quick := s.watch("/events", "")
		defer quick.close()
		s.run("?wait=60")
		if got := quick.runs(3); got != "1:queued 2:running 3:finished" || time.Since(begun) > 4*time.Second {
			t.Errorf("after %v: %s", time.Since(begun), got)
		}
		for time.Since(begun) < slowClient+2*heartbeat {
			quick.skipTo(":")
		}
		synctest.Wait()
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		if n := strings.Count(string(stacks), "(*watcher).watch("); n != 1 {
			t.Errorf("%d streams are served, not the quick one alone", n)
		}
	})
}

func TestAClientThatLeavesEndsItsStream(t *testing.T) {
	bubble(t, choices{}, func(s *site) {
		st := s.watch("/events", "")
		st.skipTo("hello")
		st.close()
		time.Sleep(time.Second)
		if log := s.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
			t.Errorf("it is no trouble: %s", log)
		}
	})
}
