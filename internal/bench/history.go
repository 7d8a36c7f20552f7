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

// Point is one finished run of a series. Only an ok one has figures, in ms.
type Point struct {
	Run     string    `json:"run"`
	At      time.Time `json:"at"`
	Commit  *string   `json:"commit"`
	Median  *float64  `json:"median"`
	Low     *float64  `json:"low" doc:"of the median's 95 % interval"`
	High    *float64  `json:"high"`
	Verdict Verdict   `json:"verdict"`
}

// Finding is a point with the series that it is of.
type Finding struct {
	Series
	Point
}

// Trend is the history of one series, oldest first.
type Trend struct {
	Series
	Total        int           `json:"total" doc:"points looked at; points may be fewer, and then hold the extremes"`
	Points       []Point       `json:"points"`
	Band         Band          `json:"band"`
	ChangePoints []ChangePoint `json:"changePoints"`
	Baseline     *Baseline     `json:"baseline" doc:"what was asked to compare with"`
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

// TrendQuery asks for a trend. Empty fields of the series are the latest run's.
type TrendQuery struct {
	Series
	Limit    int // newest points
	Baseline string
}
