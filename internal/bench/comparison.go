package bench

import "time"

// Comparison says of each benchmark whether B is slower or faster than A. It is
// made of the stored samples each time that somebody asks.
type Comparison struct {
	ID       *string    `json:"id" doc:"of the pair, under which it can be asked for again; null if A and B were measured apart"`
	State    State      `json:"state" enum:"queued,running,finished"`
	Taken    Taken      `json:"evidence" enum:"interleaved,separate" doc:"how the samples were taken: in turns, or at different times, which is weaker"`
	Results  []Compared `json:"results" doc:"one for each benchmark"`
	GeoMean  *float64   `json:"geoMean" doc:"of B over A, over the results that have an effect"`
	GeoMeanN int        `json:"geoMeanN" doc:"how many these are"`
	Criteria Criteria   `json:"criteria"`
	Warnings []Warning  `json:"warnings" doc:"what a reader must know before believing it"`
}

// ComparisonInfo is a comparison in a list.
type ComparisonInfo struct {
	ID        string       `json:"id" doc:"that of side A"`
	State     State        `json:"state" enum:"queued,running,finished"`
	CreatedAt time.Time    `json:"createdAt"`
	A         ComparedInfo `json:"a"`
	B         ComparedInfo `json:"b"`
	Result    Compared     `json:"result"`
}

// ComparedInfo is what one side ran.
type ComparedInfo struct {
	Slug      string    `json:"slug"`
	Name      string    `json:"name"`
	Isolation Isolation `json:"isolation" enum:"in-process,process,container" doc:"that was asked for"`
}

// Taken says how the samples of A and B were taken.
type Taken string

// The ways, the better one first.
const (
	Interleaved Taken = "interleaved"
	Separate    Taken = "separate"
)

// Criteria for slower and faster: both must hold.
type Criteria struct {
	P      float64 `json:"p" doc:"adjusted is under it, or as small as so few samples can make it, if that is under 0.01"`
	Effect float64 `json:"effect" doc:"and the effect is this at least, in either direction"`
}

// Compared is one benchmark on both sides. What can't be said is null.
type Compared struct {
	Benchmark  string      `json:"benchmark" doc:"slug, that of A"`
	A          ComparedRun `json:"a"`
	B          ComparedRun `json:"b"`
	Effect     *float64    `json:"effect" doc:"by how much of A's time B takes longer: 0.1 is 10 % slower"`
	Low        *float64    `json:"low" doc:"of the effect, at 95 %; null under six samples"`
	High       *float64    `json:"high"`
	P          *float64    `json:"p" doc:"that a difference as clear comes by chance"`
	Adjusted   *float64    `json:"adjusted" doc:"p for this one of so many results, by Benjamini and Hochberg"`
	Decision   *Decision   `json:"decision" enum:"slower,faster,no_difference,too_few" doc:"null until both are finished, and if one is not ok"`
	Noise      *float64    `json:"noise" doc:"relative spread of a sample"`
	Detectable *float64    `json:"detectable" doc:"least effect that so many samples of such noise show in four of five comparisons"`
}

// ComparedRun is one side of a result.
type ComparedRun struct {
	Run       string   `json:"run" doc:"id"`
	Benchmark string   `json:"benchmark" doc:"slug"`
	Median    *float64 `json:"median" doc:"ms"`
	N         int      `json:"n" doc:"samples"`
}

// Decision on B against A.
type Decision string

// The decisions.
const (
	Slower       Decision = "slower"
	Faster       Decision = "faster"
	NoDifference Decision = "no_difference"
	TooFew       Decision = "too_few"
)
