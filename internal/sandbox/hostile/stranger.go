package hostile

import "benchcell/internal/bench"

// strangerCases are of the server itself: that a stranger's program does not run
// in it is all that it promises.
var strangerCases = []Case{
	{
		Name: "stranger", Does: "asks to be run as a stranger's program", Program: "nothing", On: []Boundary{InProcess},
		Verdicts: ends(bench.IsolationUnavailable), Defence: "trust",
	},
}
