package bench

import (
	"math"
	"slices"
)

// TargetOn is the figure that a target bounds.
type TargetOn string

// What a target can be on: a time or the CPU time of a sample in milliseconds,
// or its memory in bytes.
const (
	OnMedian TargetOn = "median" // of the samples' times
	OnP95    TargetOn = "p95"    // of the samples' times
	OnCPU    TargetOn = "cpu"    // the median sample's, user and system
	OnMemory TargetOn = "memory" // the median sample's peak
)

// TargetsOn lists all of them.
var TargetsOn = []TargetOn{OnMedian, OnP95, OnCPU, OnMemory}

// Figure is a value with its 95 % interval. An end is null where there are too
// few samples for it.
type Figure struct {
	Value float64  `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

func (b *Benchmark) validateTarget() error {
	if b.Target != nil && !(*b.Target > 0 && *b.Target <= math.MaxFloat64) {
		return Errorf(CodeInvalid, "target is %v: it must be above 0 and finite, in milliseconds", *b.Target)
	}
	if b.TargetOn == "" {
		return nil
	}
	if !slices.Contains(TargetsOn, b.TargetOn) {
		return Errorf(CodeInvalid, "targetOn %.200q is not one of median, p95, cpu, memory", b.TargetOn)
	}
	if b.Target == nil {
		return Errorf(CodeInvalid, "targetOn is %s and there is no target", b.TargetOn)
	}
	costs := b.TargetOn == OnCPU || b.TargetOn == OnMemory
	if costs && (b.Kind == KindBuiltin || b.Kind == KindProtocol) {
		return Errorf(CodeInvalid, "targetOn is %s, which samples that a program times itself do not have", b.TargetOn).
			WithHint("use kind command")
	}
	return nil
}
