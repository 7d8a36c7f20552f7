package bench

import "time"

// SelfCheck is a comparison of a benchmark with itself: whatever it finds is noise.
type SelfCheck struct {
	Comparison string    `json:"comparison" doc:"its id"`
	At         time.Time `json:"at"`
	Effect     float64   `json:"effect" doc:"as a share; but for noise it would be 0"`
	Detectable *float64  `json:"detectable" doc:"least effect that a comparison of as many samples shows four times in five"`
	Different  bool      `json:"different" doc:"it called the benchmark slower or faster than itself: a false alarm"`
}

// SelfChecks is what the newest of them say together.
type SelfChecks struct {
	N          int        `json:"n" doc:"how many these are, the newest 20 at most"`
	Floor      *float64   `json:"floor" doc:"median size of the effects: less than this is noise in any comparison; null without one"`
	Detectable *float64   `json:"detectable" doc:"median of the least effects that they could have shown"`
	Alarms     int        `json:"alarms" doc:"how many called the benchmark different from itself"`
	Last       *SelfCheck `json:"last"`
}
