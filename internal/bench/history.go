package bench

import "time"

// Series names runs that may be compared with one another: of one benchmark, on
// one machine, in one isolation, by one definition.
type Series struct {
	Benchmark  string    `json:"benchmark" doc:"slug"`
	Machine    string    `json:"machine"`
	Isolation  Isolation `json:"isolation"`
	Definition string    `json:"definition"`
}

// Point is one finished run of a series. Only an ok one has figures.
type Point struct {
	Run     string    `json:"run"`
	At      time.Time `json:"at" doc:"when it ended"`
	Commit  *string   `json:"commit"`
	Branch  *string   `json:"branch"`
	Median  *float64  `json:"median" doc:"ms"`
	Low     *float64  `json:"low" doc:"ms: of the median's 95 % interval; null under six samples"`
	High    *float64  `json:"high" doc:"ms"`
	CPU     *float64  `json:"cpu" doc:"µs of processor time a sample, the mean; of a program that times itself all that it used, by its samples"`
	MaxRSS  *int64    `json:"maxRSS" doc:"bytes: the highest sample's"`
	Verdict Verdict   `json:"verdict"`
}

// Course is a series in columns, oldest first: what is looked at as a whole. A
// figure that was not measured is not a number.
type Course struct {
	Runs     []int64 // the numbers that the store knows them by
	At       []int64 // ms since 1970
	Medians  []float64
	CPU      []float64
	MaxRSS   []float64
	Branches []string // "" for none
}

// SeriesInfo is a series and what there is of it.
type SeriesInfo struct {
	Series
	Points int       `json:"points" doc:"finished runs"`
	First  time.Time `json:"first" doc:"when the oldest ended"`
	Last   time.Time `json:"last" doc:"when the newest ended"`
}

// Finding is a point with the series that it is of.
type Finding struct {
	Series
	Point
}

// Trend is the history of one series, oldest first.
type Trend struct {
	Series
	Total        int           `json:"total" doc:"runs that were asked for; where points are fewer, they are those of the extremes, changes and alerts"`
	Points       []Point       `json:"points" doc:"each a run, oldest first"`
	Band         Band          `json:"band" doc:"where the next run is expected, and how much noise there is"`
	ChangePoints []ChangePoint `json:"changePoints" doc:"among the runs that were asked for; each is one of points"`
	Alerts       []Alert       `json:"alerts" doc:"of this series and of its machine, among the runs that were asked for; their runs are among points"`
	SelfChecks   SelfChecks    `json:"selfChecks" doc:"comparisons of the benchmark with itself: how much noise there is within one moment"`
	Baseline     *Baseline     `json:"baseline" doc:"what was asked to compare with"`
	Choices      []SeriesInfo  `json:"choices" doc:"every machine, isolation and definition that the benchmark has runs of, the latest first"`
	Branches     []string      `json:"branches" doc:"of the runs of this series"`
	Baselines    []string      `json:"baselines" doc:"names of the benchmark's baselines"`
}

// Band is where the next run is expected, in ms. Its figures are null while it is
// learning.
type Band struct {
	N          int      `json:"n" doc:"runs it stands on"`
	Median     *float64 `json:"median"`
	Low        *float64 `json:"low"`
	High       *float64 `json:"high"`
	Noise      *float64 `json:"noise" doc:"relative standard deviation from run to run"`
	Detectable *float64 `json:"detectable" doc:"smallest change, as a share, that a single run shows four times in five"`
	Place      string   `json:"place" enum:"learning,within,above,under" doc:"of the latest ok run"`
}

// ChangePoint is a run from which on the level is another.
type ChangePoint struct {
	Run    string  `json:"run"`
	Before float64 `json:"before" doc:"ms"`
	After  float64 `json:"after" doc:"ms"`
	Change float64 `json:"change" doc:"a share: 0.1 is 10 % more"`
	P      float64 `json:"p"`
}

// Baseline is a run that the latest one is compared with.
type Baseline struct {
	Name    string   `json:"name"`
	Run     string   `json:"run"`
	Commit  *string  `json:"commit"`
	Median  *float64 `json:"median"`
	Change  *float64 `json:"change" doc:"of the latest ok run against it, as a share"`
	Differs []string `json:"differs" doc:"of machine, isolation, definition: what makes the comparison doubtful"`
}

// TrendQuery asks for a trend. Empty fields of the series are the latest run's;
// other empty fields ask for everything.
type TrendQuery struct {
	Series
	From, To time.Time
	Branch   string
	Limit    int // newest runs of those
	Points   int // to show of them
	Baseline string
}

// Baselines that need no name: the run before the latest, that of the commit where
// the latest run's branch began, and the latest of a branch.
const (
	Previous    = "previous"
	BranchPoint = "branch-point"
	OfBranch    = "branch:" // and its name
)
