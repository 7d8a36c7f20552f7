package machine

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Topology is what this process may run on: its processors, which of them share
// a core, and which memory is near them.
type Topology struct {
	CPUs []CPU // online and allowed, ascending
}

// CPU is one processor as the scheduler sees it.
type CPU struct {
	ID       int
	Siblings []int // the online processors of its core, itself among them
	Whole    bool  // this process may use all of them
	Node     int   // of the memory that is near
	Slow     bool  // a core that saves energy, beside faster ones
}

// ReadTopology asks the files below root, which is "/" but in tests. Where they
// say nothing, as outside Linux, there are no processors to choose among.
func ReadTopology(root string) Topology {
	h := host{root}
	online := cpuList(h.read("/sys/devices/system/cpu/online"))
	allowed := online
	if text := fieldOf(h.read("/proc/self/status"), "Cpus_allowed_list"); text != "" {
		allowed = both(online, cpuList(text))
	}
	nodes, slow := h.nodes(), h.slow(online)
	var t Topology
	for _, id := range allowed {
		siblings := both(online, cpuList(h.read(cpuFile(id, "topology/thread_siblings_list"))))
		if len(siblings) == 0 {
			siblings = []int{id}
		}
		t.CPUs = append(t.CPUs, CPU{
			ID: id, Siblings: siblings, Whole: len(both(siblings, allowed)) == len(siblings),
			Node: nodes[id], Slow: slices.Contains(slow, id),
		})
	}
	return t
}

func cpuFile(id int, name string) string {
	return "/sys/devices/system/cpu/cpu" + strconv.Itoa(id) + "/" + name
}

// nodes is the NUMA node of each processor; 0 where the kernel knows of none.
func (h host) nodes() map[int]int {
	of := map[int]int{}
	found, _ := filepath.Glob(filepath.Join(h.root, "/sys/devices/system/node/node[0-9]*"))
	for _, dir := range found {
		node, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(dir), "node"))
		if err != nil {
			continue
		}
		for _, id := range cpuList(strings.TrimSpace(readText(filepath.Join(dir, "cpulist")))) {
			of[id] = node
		}
	}
	return of
}

// slow lists the cores that save energy: Intel names them, on others the kernel
// rates each processor's capacity. The highest clock tells nothing: chips grant
// some of equal cores a little more.
func (h host) slow(online []int) (list []int) {
	if atoms := h.read("/sys/devices/cpu_atom/cpus"); atoms != "" {
		if cores := cpuList(h.read("/sys/devices/cpu_core/cpus")); len(cores) > 0 {
			return cpuList(atoms)
		}
	}
	capacity, best := map[int]int{}, 0
	for _, id := range online {
		capacity[id], _ = strconv.Atoi(h.read(cpuFile(id, "cpu_capacity")))
		best = max(best, capacity[id])
	}
	for _, id := range online {
		if capacity[id] < best {
			list = append(list, id)
		}
	}
	return list
}

// mostCPUs bounds what a list can claim: the kernel is built for fewer.
const mostCPUs = 1 << 14

// cpuList reads the kernel's form of a set, like "0-3,8". What makes no sense
// is an empty one.
func cpuList(text string) (list []int) {
	if text == "" {
		return nil
	}
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		low, err := strconv.ParseUint(first, 10, 16)
		high := low
		if err == nil && isRange {
			high, err = strconv.ParseUint(last, 10, 16)
		}
		if err != nil || high < low || high >= mostCPUs {
			return nil
		}
		for id := low; id <= high; id++ {
			list = append(list, int(id)) //nolint:gosec // at most mostCPUs
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// both lists what is in a and in b.
func both(a, b []int) (list []int) {
	for _, id := range a {
		if slices.Contains(b, id) {
			list = append(list, id)
		}
	}
	return list
}
