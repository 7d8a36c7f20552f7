package bench

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"time"
	"unicode/utf8"
)

// Measurement is what a worker brings back from one run: facts, not yet
// summed up. Whoever scheduled the run makes a Run of it.
type Measurement struct {
	Verdict  Verdict
	Death    *Death
	Evidence Evidence
	Error    string

	Effective *Isolation
	Fallback  string // why Effective differs from what was requested
	Receipt   []Receipt

	Samples     []Sample // warm-ups first
	LastFailed  bool     // the last sample was not ok: it tells no time
	TimeSource  string
	Usage       ResourceUsage
	Timeline    []Instant
	Output      Output
	Produced    [2]int64      // bytes of stdout and stderr, kept or not
	Report      *StoredReport // what a run of kind report said
	Warnings    []Warning
	Calibration *float64  // ms of a fixed piece of work, if it was taken
	Watched     bool      // samples say whether they were disturbed
	SetAside    int       // samples that say that they are
	Ended       time.Time // when the boundary was empty
}

// Instant is one event of a timeline at its absolute time.
type Instant struct {
	Event string
	At    time.Time
}

// Timed lists the samples that count, in run order: no warm-ups, and none that was
// set aside. One that failed is kept and shown, but its figures say nothing.
func (m *Measurement) Timed() []Sample {
	samples := m.Samples
	if m.LastFailed {
		samples = samples[:len(samples)-1]
	}
	warmups := sort.Search(len(samples), func(i int) bool { return !samples[i].Warmup })
	samples = samples[warmups:]
	if m.SetAside == 0 {
		return samples
	}
	return slices.DeleteFunc(slices.Clone(samples), func(s Sample) bool { return s.SetAside })
}

// Walls lists the times of the timed samples in milliseconds.
func (m *Measurement) Walls() []float64 {
	var list []float64
	for _, s := range m.Timed() {
		list = append(list, s.Wall)
	}
	return list
}

// disturbed counts the timed samples that were; nil if nobody looked.
func (m *Measurement) disturbed() *int {
	if !m.Watched {
		return nil
	}
	n := 0
	for _, s := range m.Timed() {
		if s.Disturbed != nil {
			n++
		}
	}
	return &n
}

// Record puts a measurement into the run that it is of and ends the run.
func (r Run) Record(m *Measurement) Transition {
	for _, i := range m.Timeline {
		r.mark(i.Event, i.At)
	}
	r.Isolation.Effective = m.Effective
	r.Isolation.Isolated = m.Effective != nil && m.Effective.Isolated()
	r.Isolation.FallbackReason = optional(m.Fallback)
	if m.Receipt != nil {
		r.Isolation.Receipt = m.Receipt
	}
	r.Evidence = m.Evidence
	r.Death = m.Death
	if m.Death != nil {
		r.ExitCode, r.Signal = m.Death.Code, m.Death.Signal
	}
	r.ResourceUsage = m.Usage
	r.Stdout = streamOf(m.Output.Stdout, m.Produced[0])
	r.Stderr = streamOf(m.Output.Stderr, m.Produced[1])
	r.Error = optional(m.Error)
	r.Disturbed, r.SetAside, r.Calibration = m.disturbed(), m.SetAside, m.Calibration
	r.Warnings = append(r.Warnings[:len(r.Warnings):len(r.Warnings)], m.Warnings...)
	t := r.End(m.Verdict, m.Ended)
	t.Samples, t.Output, t.Report = m.Samples, &m.Output, m.Report
	return t
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// tailBytes is how much of a stream a Run shows; the rest is its output.
const tailBytes = 4096

func streamOf(kept []byte, produced int64) Stream {
	tail := kept[max(len(kept)-tailBytes, 0):]
	for range utf8.UTFMax - 1 { // not half a character at the cut
		if len(tail) < len(kept) && !utf8.RuneStart(tail[0]) {
			tail = tail[1:]
		}
	}
	return Stream{
		Bytes: produced, Kept: int64(len(kept)), Truncated: produced > int64(len(kept)),
		Tail: string([]rune(string(tail))), // invalid UTF-8 becomes U+FFFD
	}
}

// NewRun is a run of a plan, about to be queued.
func NewRun(id string, p *Plan, batch *string, at time.Time) Run {
	r := Run{
		ID: id, Batch: batch, Benchmark: p.Name, Slug: p.Slug, Category: p.Category, Kind: p.Kind,
		Trusted: p.Trusted, Definition: p.Hash(), State: Queued, Labels: Labels{},
		Target: p.Target, TargetOn: cmp.Or(p.TargetOn, OnMedian),
		Isolation: RunIsolation{Requested: p.Requested, Receipt: []Receipt{}},
		Warnings:  []Warning{}, CreatedAt: at.Truncate(time.Microsecond),
		Confirms: p.Occasion.Confirms,
	}
	if p.Occasion.Revision != nil {
		revision := *p.Occasion.Revision
		revision.Tags = append([]string{}, revision.Tags...) // never null
		r.Revision = &revision
	}
	maps.Copy(r.Labels, p.Labels)
	r.mark(EventQueued, r.CreatedAt)
	return r
}
