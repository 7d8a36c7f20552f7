package report

import "strings"

// seconds is how long a unit of time is. These are the units that the tools
// themselves write.
var seconds = map[string]float64{
	"ns": 1e9, "us": 1e6, "µs": 1e6, "ms": 1e3, "s": 1, "sec": 1, // parts of a second
}

// inSeconds takes the time out of a unit: "ms/op" is a time, "-ms" and "MB/s"
// are not. parts is how many of the unit make a second.
func inSeconds(unit string) (parts float64, per string, ok bool) {
	head, _, _ := strings.Cut(unit, "/")
	parts, ok = seconds[head]
	return parts, unit[len(head):], ok
}

// betters are the units whose direction is known beyond times. Of any other
// nobody can tell: a wrong direction is worse than none.
var betters = map[string]string{
	"B": Lower, "B/op": Lower, "allocs/op": Lower,
	"B/s": Higher, "MB/s": Higher, "items/s": Higher, "ops/s": Higher,
}

func better(unit string) string {
	if _, _, ok := inSeconds(unit); ok {
		return Lower
	}
	return betters[unit]
}

// newMetric is a metric with the direction that its unit implies.
func newMetric(name, unit string, samples ...float64) Metric {
	return Metric{Name: name, Unit: unit, Better: better(unit), Samples: samples}
}
