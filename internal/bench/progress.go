package bench

// Progress is how far a run is. It is shown, not stored.
type Progress struct {
	Warmup bool     `json:"warmup"`
	Done   int      `json:"done"`
	Of     *int     `json:"of" doc:"null while the number is not decided"`
	Last   *float64 `json:"last" doc:"ms: the newest sample"`
}

// Usage is what a run used at a moment. It is shown while the run goes on, not
// stored. Null is what nothing could be read of.
type Usage struct {
	At     float64  `json:"at" doc:"ms since its samples began"`
	CPU    *float64 `json:"cpu" doc:"processors busy with it, on average since the moment before"`
	Memory *int64   `json:"memory" doc:"bytes its control group holds"`
}
