package bench

import "time"

// Submission is a new run with what it will execute.
type Submission struct {
	Run  Run
	Plan Plan
}

// Batch groups runs that were started together.
type Batch struct {
	ID       string
	Parallel int // most of its unmeasured runs at a time
}

// BatchInfo is a batch and how its runs came out.
type BatchInfo struct {
	ID        string    `json:"id"`
	CreatedAt time.Time `json:"createdAt"`
	Runs      int       `json:"runs"`
	Open      int       `json:"open" doc:"queued or running"`
	OK        int       `json:"ok" doc:"ended with the verdict ok"`
	Failed    int       `json:"failed" doc:"ended with any other"`
}

// Waiting is a run as far as its placement goes.
type Waiting struct {
	ID       string
	Batch    string
	Parallel int  // most unmeasured runs of its batch at a time; 0 without a batch
	Measured bool // needs the machine for itself
}

// RunFilter narrows a list of runs. Empty fields narrow nothing.
type RunFilter struct {
	Benchmark string // slug
	Verdict   Verdict
	Isolation Isolation
	Category  string
	Batch     string
	State     State
}

// SuccessRate counts the finished runs of a benchmark over some days.
type SuccessRate struct {
	OK         int `json:"ok"`
	Total      int `json:"total"`
	WindowDays int `json:"windowDays"`
}
