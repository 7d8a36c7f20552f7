package machine

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// fewest processors of which some can be set apart: of two the runner, the
// server and the kernel would share the one that is left.
const fewest = 3

// Pick chooses processors for a measured run that may use so many at a time: one
// of each core, so that its siblings stay idle, of one NUMA node, of one kind,
// and never of the core of processor 0, which the kernel's own work prefers. If
// it chooses none, why says what is missing: less than was asked for would be
// another benchmark.
func (t Topology) Pick(wanted float64) (cpus []int, why string) {
	if len(t.CPUs) < fewest {
		return nil, fmt.Sprintf("of %d processors none can be set apart", len(t.CPUs))
	}
	n := max(int(math.Ceil(wanted)), 1)
	groups := t.alike()
	for _, g := range groups {
		if len(g) >= n {
			return g[:n], ""
		}
	}
	most := 0
	for _, g := range groups {
		most = max(most, len(g))
	}
	return nil, fmt.Sprintf("limits.cpus asks for %d cores, and at most %d whole ones of one NUMA node and kind can be set apart from core 0", n, most)
}

// alike groups the cores that may be set apart by node and kind, each as its
// first processor: fast ones first, then far from node 0, where the rest of the
// machine mostly works.
func (t Topology) alike() (groups [][]int) {
	var cores []CPU
	for _, c := range t.CPUs {
		if c.Whole && c.ID == c.Siblings[0] && c.ID != t.zero() {
			cores = append(cores, c)
		}
	}
	slices.SortStableFunc(cores, func(a, b CPU) int {
		return cmp.Or(order(a.Slow, b.Slow), b.Node-a.Node)
	})
	for i, c := range cores {
		if i == 0 || c.Slow != cores[i-1].Slow || c.Node != cores[i-1].Node {
			groups = append(groups, nil)
		}
		last := &groups[len(groups)-1]
		*last = append(*last, c.ID)
	}
	return groups
}

// zero is the first processor of the core that counts as the machine's own: that
// of processor 0, or of the first that this process may use.
func (t Topology) zero() int { return t.CPUs[0].Siblings[0] }

// order puts false before true.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
