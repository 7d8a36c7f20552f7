package bench

import "time"

// AlertState is where an alert stands.
type AlertState string

// The states of an alert.
const (
	AlertNew       AlertState = "new"       // seen once; a re-run is to confirm it
	AlertConfirmed AlertState = "confirmed" // somebody should look
	AlertAccepted  AlertState = "accepted"  // the new level is the right one
	AlertMuted     AlertState = "muted"     // known: silent until the next change
)

// Alert says that a benchmark left its band, or all of a machine together.
type Alert struct {
	ID string `json:"id"`
	// Series is empty but for its machine where most benchmarks moved at once.
	Series
	Run         string     `json:"run" doc:"the first that was out of the band"`
	Number      int64      `json:"-"` // of that run: see Course
	ConfirmedBy *string    `json:"confirmedBy" doc:"the re-run"`
	Change      float64    `json:"change" doc:"a share: 0.1 is 10 % more"`
	State       AlertState `json:"state" enum:"new,confirmed,accepted,muted"`
	Note        string     `json:"note"`
	CreatedAt   time.Time  `json:"createdAt"`
}

// OfMachine says whether it is the machine that changed.
func (a *Alert) OfMachine() bool { return a.Benchmark == "" }
