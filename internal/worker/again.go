package worker

import (
	"context"
	"fmt"
	"strings"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// tooMany says whether so many of the samples are disturbed that they decide
// what the median is.
func tooMany(disturbed, of int) bool { return 4*disturbed > of }

// again takes disturbed samples once more, if there are too many, in the time
// that is meant for it. It is false when the run ends with one of them.
//
// A re-take on a quiet machine takes the place of one that was disturbed: the
// figures have as many samples as were asked for, whatever the machine did. Both
// stay stored. What is replaced is chosen by what others did, and never by how
// long a sample took. Still, code that can have others make noise could choose
// its figures by that: strangers' samples all count. So do those of a comparison,
// whose turns would be upset; there noise meets both sides. And under six samples
// there is no interval to save: then a command runs just as often as was asked.
func (t *taking) again(ctx context.Context) (err error) {
	t.quiet.judge(t.m.Samples, true)
	first, disturbed := len(t.m.Samples), t.disturbed()
	timed := len(t.m.Timed())
	if timed < stats.MinForInterval || !t.plan.Trusted || !t.plan.Kind.Sampled() || !tooMany(len(disturbed), timed) {
		return nil
	}
	t.repeating = true
	begun := time.Now()
	for ok := true; ok && err == nil && time.Since(begun) < t.worker.Retake && !t.overBudget() &&
		len(t.m.Samples)-first < len(disturbed); {
		ok, err = t.once(ctx)
	}
	t.quiet.judge(t.m.Samples, true)
	t.setAside(first, disturbed)
	return err
}

// disturbed lists the places of those that are in the figures.
func (t *taking) disturbed() (places []int) {
	for i, s := range t.m.Samples {
		if !s.Warmup && !s.SetAside && s.Disturbed != nil {
			places = append(places, i)
		}
	}
	return places
}

// setAside a disturbed sample for each re-take, from the first one on, that was
// not disturbed, and the re-takes that are of no use.
func (t *taking) setAside(first int, disturbed []int) {
	for i := first; i < len(t.m.Samples); i++ {
		if t.m.LastFailed && i == len(t.m.Samples)-1 {
			break // it is in no figure anyway
		}
		out := i
		if t.m.Samples[i].Disturbed == nil && len(disturbed) > 0 {
			out, disturbed = disturbed[0], disturbed[1:]
		}
		t.m.Samples[out].SetAside = true
		t.m.SetAside++
	}
	if t.m.SetAside > 0 && !t.timesItself() {
		t.useAnew()
	}
}

// useAnew sums up what the samples in the figures cost.
func (t *taking) useAnew() {
	u := &t.m.Usage
	u.MaxRSS = nil
	var user, system float64
	for _, s := range t.m.Timed() {
		if s.MaxRSS != nil && (u.MaxRSS == nil || *s.MaxRSS > *u.MaxRSS) {
			u.MaxRSS = s.MaxRSS
		}
		if s.User == nil || s.System == nil {
			u.CPUTime = bench.CPUTime{}
			return
		}
		user, system = user+*s.User, system+*s.System
	}
	wholeUser, wholeSystem := int64(user), int64(system)
	u.CPUTime.User, u.CPUTime.System = &wholeUser, &wholeSystem
}

// warnOfNoise tells of a machine that was not quiet.
func (t *taking) warnOfNoise() {
	timed, left, seen := t.m.Timed(), 0, ""
	for _, s := range timed {
		if s.Disturbed != nil {
			left, seen = left+1, *s.Disturbed
		}
	}
	const advice = "End what else runs ('orchestrator doctor' names what it sees) and measure again."
	switch {
	case tooMany(left, len(timed)):
		t.warn("disturbed", fmt.Sprintf("Beside %d of the %d samples in the figures the machine was disturbed, last by %s%s. %s",
			left, len(timed), causes.Replace(seen), t.tried(), advice))
	case t.m.SetAside > 0:
		t.warn("retaken", fmt.Sprintf("The machine was busy with something else beside many samples: %d are set aside, and others were taken in quieter moments. "+
			"The figures stand on %d samples, %d of them disturbed. If that happens often, see 'orchestrator doctor'.", t.m.SetAside, len(timed), left))
	}
}

func (t *taking) tried() string {
	if t.m.SetAside == 0 {
		return ""
	}
	return fmt.Sprintf("; within [measuring] retake it was no better, and %d more samples are set aside", t.m.SetAside)
}

// causes are those of a sample in words for a sentence.
var causes = strings.NewReplacer(bench.CauseOthers, "other programs", bench.CauseSteal, "the hypervisor", bench.CauseSwap, "swapping",
	bench.CauseFrequency, "a change of the clock's frequency", bench.CauseThermal, "heat")

// endOfSamples judges what is left.
func (t *taking) endOfSamples() {
	t.quiet.judge(t.m.Samples, true)
	t.warnOfNoise()
	t.warnOfThrottling()
}

// warnOfThrottling tells of a program that wanted more processors than it may have:
// what is timed then is the limit, in steps of the kernel's periods.
func (t *taking) warnOfThrottling() {
	const worthAWord = 0.05 // of the time
	waited, total, n := 0.0, 0.0, 0
	for _, s := range t.m.Timed() {
		total += s.Wall
		if s.Throttled != nil && *s.Throttled > 0 {
			waited, n = waited+*s.Throttled, n+1
		}
	}
	if n > 0 && waited >= worthAWord*total {
		t.warn("throttled", fmt.Sprintf("The limit of %g processors kept the program waiting in %d samples, %.0f ms together. "+
			"Raise limits.cpus, or have the program use fewer threads.", t.plan.Enforce.CPUs, n, waited))
	}
}
