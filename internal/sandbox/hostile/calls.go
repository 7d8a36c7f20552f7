package hostile

import "benchcell/internal/bench"

var callCases = []Case{
	{
		Name: "calls", Does: "makes the system calls that lead out of boundaries", On: enclosed,
		Verdicts: ends(bench.OK), Defence: "system-calls", Judge: refused(30, "EPERM", "EACCES", "ENOSYS"),
	},
	{
		Name: "families", Does: "asks for sockets that have been ways into the kernel", On: enclosed,
		Verdicts: ends(bench.OK), Defence: "system-calls", Judge: refused(12, "EPERM", "EACCES", "ENOSYS", "EAFNOSUPPORT"),
	},
	{
		Name: "raise", Does: "asks for more than it was given: limits, priority, users, devices; and less for its runner", On: enclosed,
		Verdicts: ends(bench.OK), Defence: "user,capabilities", Judge: refused(16, "EPERM", "EACCES"),
	},
}
