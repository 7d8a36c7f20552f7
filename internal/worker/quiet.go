package worker

import (
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
	seen := q.evidence(now)
	_, why := quality(seen)
	shared := seen.quality(q.share)
	for i := q.from; i < len(samples); i++ {
		samples[i].Disturbed, samples[i].Quality = bench.Disturbed(why), shared
	}
	q.open(len(samples), now)
}

func (q *quiet) evidence(now bench.Activity) evidence {
	own, room := q.own, time.Since(q.begun)
	if q.ours {
		own += serverCPU() - q.server
	}
	return evidence{
		room:    time.Duration(float64(room) * q.share),
		others:  now.Busy - q.before.Busy - own,
		steal:   now.Steal - q.before.Steal,
		swapIns: now.SwapIns - q.before.SwapIns,
		stalls: [3]*float64{
			stall(q.before.StallCPU, now.StallCPU, room), stall(q.before.StallMemory, now.StallMemory, room), stall(q.before.StallIO, now.StallIO, room),
		},
		frequency: change(q.before.MHz, now.MHz),
		thermal:   rose(q.before.Thermal, now.Thermal),
	}
}

func serverCPU() time.Duration {
	var ru syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &ru) != nil {
		return 0
	}
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}
