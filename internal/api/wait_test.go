package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"benchcell/internal/bench"
)

func TestWait(t *testing.T) {
	for _, c := range []struct {
		name     string
		takes    time.Duration
		wait     int
		state    bench.State
		answered time.Duration
	}{
		{"not at all", 5 * time.Second, 0, bench.Queued, 0},
		{"until it is finished", 5 * time.Second, 60, bench.Finished, 5 * time.Second},
		{"until the time is over", 5 * time.Second, 2, bench.Running, 2 * time.Second},
		{"longer than a body may take", 45 * time.Second, 60, bench.Finished, 45 * time.Second},
		{"as long as can be", 1000 * time.Second, 300, bench.Running, 300 * time.Second},
	} {
		bubble(t, choices{work: last(c.takes)}, func(s *site) {
			begun := time.Now()
			run := s.run(fmt.Sprintf("?wait=%d", c.wait))
			if took := time.Since(begun); took != c.answered || run.State != c.state {
				t.Errorf("%s: POST answered %s after %v", c.name, run.State, took)
			}
			left := c.takes - c.answered
			begun = time.Now()
			s.into(&run, http.StatusOK, s.ask("GET", "/api/v1/runs/"+run.ID+"?wait=300", ""))
			if took := time.Since(begun); took != min(left, 300*time.Second) {
				t.Errorf("%s: GET answered %s after %v", c.name, run.State, took)
			}
			if err := s.scheduler.Cancel(s.t.Context(), run.ID); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWaitHearsOfACancel(t *testing.T) {
	bubble(t, choices{work: last(time.Hour)}, func(s *site) {
		run := s.run("")
		time.AfterFunc(3*time.Second, func() { _ = s.scheduler.Cancel(context.Background(), run.ID) })
		begun := time.Now()
		s.into(&run, http.StatusOK, s.ask("GET", "/api/v1/runs/"+run.ID+"?wait=60", ""))
		if time.Since(begun) != 3*time.Second || *run.Verdict != bench.Cancelled {
			t.Errorf("after %v: %+v", time.Since(begun), run)
		}
	})
}

func TestABodyThatDoesNotComeIsNotWaitedForForEver(t *testing.T) {
	bubble(t, choices{}, func(s *site) {
		never, done := io.Pipe()
		defer done.Close()
		request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.base+"/api/v1/runs", never)
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		response, err := s.client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		s.isProblem(reply{response, text}, http.StatusRequestTimeout, "timeout", "body")
		if took := time.Since(begun); took < bodyTime || took > bodyTime+time.Second {
			t.Errorf("answered after %v", took)
		}
		synctest.Wait()
	})
}
