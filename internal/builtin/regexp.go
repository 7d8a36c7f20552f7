package builtin

import (
	"fmt"
	"regexp"
)

var regexpMatch = Function{
	Name:       "regexp-match",
	Title:      "Regular Expression (256 KiB of text)",
	Category:   "cpu",
	Target:     80,
	Iterations: 20,
	Setup:      setupRegexp,
}

// setupRegexp looks for the failures in a log; its generator knows how many
// there are without an expression.
func setupRegexp() (*Case, error) {
	failure := regexp.MustCompile(`service=([a-z]+)-[a-z]+ request=[0-9a-f]+ status=(50[0-4]) took=(\d+)us`)
	text, want := logText(6, 256<<10)
	return pure(func() error {
		if got := len(failure.FindAllSubmatchIndex(text, -1)); got != want {
			return fmt.Errorf("%d matches, there must be %d", got, want)
		}
		return nil
	}), nil
}
