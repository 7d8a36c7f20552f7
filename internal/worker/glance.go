package worker

import (
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// glanceEvery is how often a run is looked at for those who watch it. A look is
// two reads through open files, 25 µs and so a ten-thousandth of the time, from
// a thread that keeps off the processors of a measured run.
const (
	glanceEvery = 250 * time.Millisecond
	firstGlance = 50 * time.Millisecond // what is over sooner nobody can watch
)

// glance tells what the run uses until stop is called, which waits for the last
// look. Where nothing can be read it says so once.
func (t *taking) glance() (stop func()) {
	begun, end, ended := time.Now(), make(chan struct{}), make(chan struct{})
	session, _ := t.session.(sandbox.Glancer)
	first := time.AfterFunc(firstGlance, func() {
		defer close(ended)
		keepOff(t.cpus)
		ticker := time.NewTicker(glanceEvery)
		defer ticker.Stop()
		last := look{at: begun}
		for readable := true; readable; {
			u := last.next(session)
			u.At = millisOf(last.at.Sub(begun))
			t.worker.Observer.Usage(t.run.ID, u)
			readable = last.cpu != nil || u.Memory != nil
			select {
			case <-ticker.C:
			case <-end:
				return
			}
		}
	})
	return func() {
		close(end)
		if !first.Stop() {
			<-ended
		}
	}
}

// look is the last one at a session.
type look struct {
	at  time.Time
	cpu *time.Duration
}

// next looks again. The first look knows no share of the processors yet.
func (l *look) next(session sandbox.Glancer) (u bench.Usage) {
	if session == nil {
		return u
	}
	cpu, memory := session.Glance()
	now := time.Now()
	if took := now.Sub(l.at); cpu != nil && l.cpu != nil && took > 0 {
		share := float64(*cpu-*l.cpu) / float64(took)
		u.CPU = &share
	}
	u.Memory = memory
	l.at, l.cpu = now, cpu
	return u
}

func millisOf(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
