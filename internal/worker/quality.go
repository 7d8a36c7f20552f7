package worker

import (
	"time"

	"benchcell/internal/bench"
)

// evidence is what the machine did beside some samples.
type evidence struct {
	room    time.Duration // time of the processors watched
	others  time.Duration // CPU time that was not ours
	steal   time.Duration // that the hypervisor gave to others
	swapIns int64

	stalls    [3]*float64 // shares of the window; nil where the kernel does not tell, as the next
	frequency *float64    // change of the clock, as a share
	thermal   bool        // a processor was slowed down because it was hot
}

// Thresholds. Three ticks are what the kernel's counting can be trusted to see:
// it credits a whole tick to whoever runs when one ends. A tenth of the
// processors' time is more than a machine at rest spends on itself; of steal a
// fiftieth is as much, because a sample can't run beside it. Nothing is swapped
// in at rest. That a program waited for a processor or was switched away is no
// reason: one with many threads does that to itself; nor is its own CPU limit. A
// clock that is a tenth slower at the end than at the beginning was lowered: at
// both, the processors have just worked.
const (
	leastSeen   = 30 * time.Millisecond
	othersShare = 10
	stealShare  = 50
	slowerClock = -0.1
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
	if e.frequency != nil && *e.frequency <= slowerClock {
		why = append(why, bench.CauseFrequency)
	}
	if e.thermal {
		why = append(why, bench.CauseThermal)
	}
	return len(why) == 0, why
}

// quality is the evidence as it is stored with the samples of a window.
func (e evidence) quality(processors float64) *bench.Quality {
	share := func(d time.Duration) *float64 {
		s := min(max(float64(d)/float64(max(e.room, 1)), 0), 1)
		return &s
	}
	return &bench.Quality{
		Window: float64(e.room) / processors / 1e6, Others: share(e.others), Steal: share(e.steal), SwapIns: &e.swapIns,
		StallCPU: e.stalls[0], StallMemory: e.stalls[1], StallIO: e.stalls[2], Frequency: e.frequency,
	}
}

// stall is the share of a window in which something waited.
func stall(before, now *time.Duration, window time.Duration) *float64 {
	if before == nil || now == nil || window <= 0 {
		return nil
	}
	share := min(max(float64(*now-*before)/float64(window), 0), 1)
	return &share
}

// rose says whether a counter did that both readings have.
func rose(before, now *int64) bool { return before != nil && now != nil && *now > *before }

func change(before, now *float64) *float64 {
	if before == nil || now == nil {
		return nil
	}
	share := *now / *before - 1
	return &share
}
