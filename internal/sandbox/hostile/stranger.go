package hostile

import "benchcell/internal/bench"

// strangerCases are of the boundaries that are for trusted code alone: that a
// stranger's program does not run there is all that they promise.
var strangerCases = []Case{
	{
		Name: "stranger", Does: "asks to be run as a stranger's program", Program: "nothing", On: []Boundary{InProcess, Plain},
		Verdicts: ends(bench.IsolationUnavailable), Defence: "trust",
	},
}
