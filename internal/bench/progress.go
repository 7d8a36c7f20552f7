package bench

// Progress is how far a run is. It is shown, not stored.
type Progress struct {
	Warmup bool     `json:"warmup"`
	Done   int      `json:"done"`
	Of     *int     `json:"of" doc:"null while the number is not decided"`
	Last   *float64 `json:"last" doc:"ms: the newest sample"`
}
