package hostile

import (
	"fmt"
	"slices"

	"benchcell/internal/bench"
)

var networkCases = []Case{
	{
		Name: "network", Does: "connects to the host's loopback and looks for a way to other machines", On: enclosed, Args: []string{"{port}"},
		Verdicts: ends(bench.OK), Defence: "network", Judge: noWayOut,
	},
}

// harmless interfaces lead nowhere: loopback, and tunnels that some kernels make
// in every namespace and that are down.
var harmless = []string{"lo", "tunl0", "sit0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6tnl0", "ip6gre0"}

func noWayOut(t *Trial) error {
	if t.Connections > 0 {
		return fmt.Errorf("a listener on the host's loopback saw it connect")
	}
	refusals := []string{"ENETUNREACH", "ECONNREFUSED", "EACCES", "EPERM", "EADDRNOTAVAIL"}
	seen := 0
	for _, f := range findings(t.Outcome) {
		switch {
		case f.name == "own loopback":
			if f.answer != "done" {
				return fmt.Errorf("its own loopback does not work: %s", f.answer)
			}
		case f.name == "interface":
			if !slices.Contains(harmless, f.answer) {
				return fmt.Errorf("it has the interface %s", f.answer)
			}
		case !slices.Contains(refusals, f.answer):
			return fmt.Errorf("%s: %s", f.name, f.answer)
		default:
			seen++
		}
	}
	if seen != 4 {
		return fmt.Errorf("it has made %d of 4 attempts", seen)
	}
	return nil
}
