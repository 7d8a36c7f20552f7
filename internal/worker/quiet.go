package worker

import (
	"fmt"
	"syscall"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// Watch sees what some processors do. A reading costs tens of microseconds.
type Watch interface {
	Read() bench.Activity
	Close() error
}

// window is what is judged at once: the kernel counts in ticks of 10 ms, so that
// a sample of one millisecond tells nothing alone. A longer sample is a window of
// its own; the short ones within one share its judgement.
const window = 200 * time.Millisecond

// quiet watches the machine beside the samples. Without a watch it does nothing.
type quiet struct {
	watch  Watch
	share  float64 // processors watched
	ours   bool    // the server's own work counts as ours: it is where we look
	inside bool    // the program's CPU time is the server's
	from   int     // first sample of the window
	begun  time.Time
	before bench.Activity
	server time.Duration // CPU time when the window began
	own    time.Duration // of the program and the commands around it, since
}

// pick chooses the processors of a run that is measured.
func (w *Worker) pick(plan *bench.Plan) (cpus []int, why string) {
	if w.Pick == nil || !plan.Kind.Measured() {
		return nil, ""
	}
	return w.Pick(plan.Enforce.CPUs)
}

// calibrate has the machine's own speed stored with a run that is measured. It
// comes before anything of the run is there to be disturbed.
func (w *Worker) calibrate(plan *bench.Plan, m *bench.Measurement) {
	if w.Calibrate != nil && plan.Kind.Measured() {
		ms := w.Calibrate()
		m.Calibration = &ms
	}
}

// watch begins to look at the processors of the run, if it can be told.
func (t *taking) watch(cpus []int) (stop func()) {
	inside := *t.m.Effective == bench.InProcess
	if inside { // which runs wherever the server does
		cpus = nil
	}
	if t.worker.Watch == nil || !t.plan.Kind.Measured() {
		return func() {}
	}
	watch, n, err := t.worker.Watch(cpus)
	if err != nil {
		return func() {} // the samples don't say then
	}
	t.m.Watched = true
	t.quiet = quiet{watch: watch, share: float64(n), ours: len(cpus) == 0, inside: inside}
	return func() { _ = watch.Close() }
}

// begin opens a window whose first sample has this place.
func (q *quiet) begin(place int) {
	if q.watch != nil {
		q.open(place, q.watch.Read())
	}
}

func (q *quiet) open(place int, now bench.Activity) {
	q.from, q.begun, q.before, q.server, q.own = place, time.Now(), now, serverCPU(), 0
}

// spent takes off what was ours.
func (q *quiet) spent(o *sandbox.Outcome) {
	if o != nil && o.CPU != nil && !q.inside {
		q.own += o.CPU.Total()
	}
}

// judge marks the samples of a window that is over; last ends it in any case.
func (q *quiet) judge(samples []bench.Sample, last bool) {
	if q.watch == nil || q.from >= len(samples) || (!last && time.Since(q.begun) < window) {
		return
	}
	now := q.watch.Read()
	if clean, why := quality(q.evidence(now)); !clean {
		for i := q.from; i < len(samples); i++ {
			samples[i].Disturbed = bench.Disturbed(why)
		}
	}
	q.open(len(samples), now)
}

func (q *quiet) evidence(now bench.Activity) evidence {
	own := q.own
	if q.ours {
		own += serverCPU() - q.server
	}
	return evidence{
		room:    time.Duration(float64(time.Since(q.begun)) * q.share),
		others:  now.Busy - q.before.Busy - own,
		steal:   now.Steal - q.before.Steal,
		swapIns: now.SwapIns - q.before.SwapIns,
	}
}

func serverCPU() time.Duration {
	var ru syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &ru) != nil {
		return 0
	}
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

// evidence is what the machine did beside some samples.
type evidence struct {
	room    time.Duration // time of the processors watched
	others  time.Duration // CPU time that was not ours
	steal   time.Duration // that the hypervisor gave to others
	swapIns int64
}

// Thresholds. Three ticks are what the kernel's counting can be trusted to see:
// it credits a whole tick to whoever runs when one ends. A tenth of the
// processors' time is more than a machine at rest spends on itself; of steal a
// fiftieth is as much, because a sample can't run beside it. Nothing is swapped
// in at rest. That a program waited for a processor or was switched away is no
// reason: one with many threads does that to itself; nor is its own CPU limit.
const (
	leastSeen   = 30 * time.Millisecond
	othersShare = 10
	stealShare  = 50
)

// quality says whether samples were taken on a quiet machine, and if not why.
func quality(e evidence) (clean bool, why []string) {
	if e.others >= leastSeen && e.others >= e.room/othersShare {
		why = append(why, bench.CauseOthers)
	}
	if e.steal >= leastSeen && e.steal >= e.room/stealShare {
		why = append(why, bench.CauseSteal)
	}
	if e.swapIns > 0 {
		why = append(why, bench.CauseSwap)
	}
	return len(why) == 0, why
}

// warnOfNoise tells of a machine that was not quiet. The samples stay in the
// summary: to leave out slow moments would be to choose the figures, and a
// program that causes them, through the kernel or a server, would look fast.
func (t *taking) warnOfNoise() {
	timed, n := t.m.Timed(), 0
	seen := ""
	for _, s := range timed {
		if s.Disturbed != nil {
			n, seen = n+1, *s.Disturbed
		}
	}
	if 4*n <= len(timed) {
		return
	}
	t.warn("disturbed", fmt.Sprintf("Beside %d of %d samples the machine was busy with something else (last seen: %s); they stay in the figures. "+
		"End what else runs ('orchestrator doctor' names what it sees) and measure again.", n, len(timed), seen))
}

// endOfSamples judges what is left.
func (t *taking) endOfSamples() {
	t.quiet.judge(t.m.Samples, true)
	t.warnOfNoise()
}
