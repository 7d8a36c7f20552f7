package bench

import "time"

// Transition is the only way a run changes. It names the attempt and the state
// that the caller saw: the store refuses it with CodeConflict if either has
// moved on, so a late report of a lost attempt changes nothing.
type Transition struct {
	Run     *Run // as it is afterwards
	Attempt int  // as it was before
	From    State
	Samples []Sample
	Output  *Output
	Report  *StoredReport // of a run of kind report
}

// Event is one numbered change, written with the change itself.
type Event struct {
	Seq   int64     `json:"seq"`
	At    time.Time `json:"at"`
	Run   string    `json:"run"`
	Batch *string   `json:"batch"`
	Slug  string    `json:"slug"`
	State State     `json:"state"`
	// Verdict and Rating are those of a finished run.
	Verdict *Verdict `json:"verdict"`
	Rating  *Rating  `json:"rating"`
}

// Take is the transition from queued to running: a new attempt.
func (r Run) Take(at time.Time) Transition {
	before := r.Attempt
	r.Attempt++
	r.State = Running
	r.StartedAt = &at
	r.mark(EventTaken, at)
	return Transition{Run: &r, Attempt: before, From: Queued}
}

// End is the transition to finished from the state that r has.
func (r Run) End(v Verdict, at time.Time) Transition {
	from := r.State
	r.State = Finished
	r.Verdict = &v
	r.FinishedAt = &at
	return Transition{Run: &r, Attempt: r.Attempt, From: from}
}

// Millis is the time since the run was queued, as the timeline states it.
func (r *Run) Millis(at time.Time) float64 {
	return float64(at.Sub(r.CreatedAt).Microseconds()) / 1000
}

// mark copies before it appends: runs are passed by value and share slices.
func (r *Run) mark(event string, at time.Time) {
	r.Timeline = append(r.Timeline[:len(r.Timeline):len(r.Timeline)], Moment{event, r.Millis(at)})
}

// Fail sets the reason that a user reads.
func (t Transition) Fail(reason string) Transition {
	t.Run.Error = &reason
	return t
}
