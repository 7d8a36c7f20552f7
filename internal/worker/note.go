package worker

import (
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// note keeps what is said of the run as a whole: the end of the last execution,
// the start of the first, the sum of the counters.
func (t *taking) note(o *sandbox.Outcome) {
	m := t.m
	m.Verdict, m.Death, m.Error = o.Verdict, &o.Death, o.Reason
	m.Output, m.Produced = o.Output, [2]int64{o.StdoutProduced, o.StderrProduced}
	m.Evidence = m.Evidence.Plus(o.Evidence)
	if peak := m.Usage.TreePeak; peak == nil || (o.TreePeak != nil && *o.TreePeak > *peak) {
		m.Usage.TreePeak = o.TreePeak
	}
	for _, w := range o.Notes {
		t.warn(w.Code, w.Message)
	}
	if o.Evidence.StdoutDropped+o.Evidence.StderrDropped > 0 {
		t.warn("output_truncated", "The program printed more than the output limit keeps; the rest was read and counted.")
	}
	t.addMoments(o.Moments)
}

// addMoments keeps the first start and the end of the last execution.
func (t *taking) addMoments(moments []sandbox.Moment) {
	if t.start == nil && len(moments) > 0 && moments[0].Event == bench.EventStarted {
		t.start = &moments[0]
	}
	t.m.Timeline = nil
	if t.start != nil {
		t.m.Timeline = append(t.m.Timeline, bench.Instant(*t.start))
	}
	for _, moment := range moments {
		if moment.Event != bench.EventStarted {
			t.m.Timeline = append(t.m.Timeline, bench.Instant(moment))
		}
	}
}

// use adds what a sample cost; warm-ups are left out.
func (t *taking) use(o *sandbox.Outcome) {
	u := &t.m.Usage
	if o.MaxRSS != nil && (u.MaxRSS == nil || *o.MaxRSS > *u.MaxRSS) {
		u.MaxRSS = o.MaxRSS
	}
	u.Sources = o.Sources
	if o.CPU == nil {
		return
	}
	if t.cpu == nil {
		t.cpu = &sandbox.CPU{}
	}
	t.cpu.User += o.CPU.User
	t.cpu.System += o.CPU.System
	user, system := t.cpu.User.Microseconds(), t.cpu.System.Microseconds()
	u.CPUTime = bench.CPUTime{User: &user, System: &system, Coarse: t.cpu.Total() < time.Second}
}

// warn adds a warning once.
func (t *taking) warn(code, message string) {
	for _, w := range t.m.Warnings {
		if w.Code == code {
			return
		}
	}
	t.m.Warnings = append(t.m.Warnings, bench.Warning{Code: code, Message: message})
}
