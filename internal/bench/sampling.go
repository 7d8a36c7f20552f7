package bench

import "cmp"

// Sampling says when there are enough samples, where their number is not fixed.
type Sampling struct {
	Min       int     `json:"min,omitempty" minimum:"1" maximum:"1000000" doc:"least samples, 10 if not stated; not beside iterations"`
	Max       int     `json:"max,omitempty" minimum:"1" maximum:"1000000" doc:"most samples, 1000 if not stated; not beside iterations"`
	MinTime   float64 `json:"minTime,omitempty" exclusiveMinimum:"0" maximum:"86400000" doc:"ms that sampling goes on at least, prepare and conclude included; not beside iterations"`
	Precision float64 `json:"precision,omitempty" minimum:"0.0001" maximum:"1" doc:"sample until half the width of the median's 95 % interval is at most this share of the median, 0.01 being 1 %; not beside iterations"`
}

// What a definition gets that does not say: enough for an interval, for long
// enough to see some noise, and not for ever.
const (
	DefaultIterations = 10
	DefaultMax        = 1000
	DefaultMinTime    = 3000.0 // ms
)

// Bounds of the precision, and what it takes to know it.
const (
	MinPrecision = 0.0001
	MaxPrecision = 1.0
	minForWidth  = 6 // samples that an interval needs
)

// Samples is when there are enough samples, with everything decided. As many as
// are asked for are the least and the most.
func (b *Benchmark) Samples() Sampling {
	switch {
	case !b.Kind.Sampled():
		return Sampling{Min: 1, Max: 1}
	case b.Iterations > 0:
		return Sampling{Min: b.Iterations, Max: b.Iterations}
	case b.Sampling == Sampling{} && b.Kind != KindCommand: // one execution has all
		return Sampling{Min: DefaultIterations, Max: DefaultIterations}
	}
	s := b.Sampling
	if s.MinTime == 0 && s.Precision == 0 {
		s.MinTime = DefaultMinTime
	}
	s.Max = cmp.Or(s.Max, max(DefaultMax, s.Min))
	s.Min = cmp.Or(s.Min, min(DefaultIterations, s.Max))
	return s
}

// validateSampling checks each number, and that they don't contradict.
func (b *Benchmark) validateSampling() error {
	s := b.Sampling
	for _, n := range []struct {
		field string
		value int
	}{{"iterations", b.Iterations}, {"min", s.Min}, {"max", s.Max}} {
		if n.value < 0 || n.value > MaxIterations {
			return Errorf(CodeInvalid, "%s is %d: it must be 1 to %d", n.field, n.value, MaxIterations)
		}
	}
	if b.Warmup != nil && (*b.Warmup < 0 || *b.Warmup > MaxWarmup) {
		return Errorf(CodeInvalid, "warmup is %d: it must be 0 to %d", *b.Warmup, MaxWarmup)
	}
	if !(s.MinTime >= 0 && s.MinTime <= MaxTimeout) {
		return Errorf(CodeInvalid, "minTime is %v ms: it must be above 0 and at most a day", s.MinTime)
	}
	if s.Precision != 0 && !(s.Precision >= MinPrecision && s.Precision <= MaxPrecision) {
		return Errorf(CodeInvalid, "precision is %v: it must be %v to %v, 0.01 being 1 %%", s.Precision, MinPrecision, MaxPrecision)
	}
	return b.contradiction()
}

func (b *Benchmark) contradiction() error {
	s, stated := b.Sampling, b.stated()
	switch {
	case stated == "":
		return nil
	case !b.Kind.Sampled():
		return Errorf(CodeInvalid, "%s is stated, but a benchmark of kind %s is executed once", stated, b.Kind)
	case b.Iterations > 0:
		return Errorf(CodeInvalid, "iterations and %s contradict each other: state a fixed number, or when there are enough", stated)
	case s.Max > 0 && s.Min > s.Max:
		return Errorf(CodeInvalid, "min is %d and max is %d: min must be at most max", s.Min, s.Max)
	case s.Precision > 0 && s.Max > 0 && s.Max < minForWidth:
		return Errorf(CodeInvalid, "max is %d: it must be at least %d beside precision, which an interval is needed for", s.Max, minForWidth)
	}
	return nil
}

// stated is the first field that has a value.
func (s Sampling) stated() string {
	switch {
	case s.Min != 0:
		return "min"
	case s.Max != 0:
		return "max"
	case s.MinTime != 0:
		return "minTime"
	case s.Precision != 0:
		return "precision"
	}
	return ""
}
