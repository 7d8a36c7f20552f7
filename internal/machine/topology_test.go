package machine

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// tree is a synthetic sysfs: processors with the list of their core's siblings.
func tree(online string, siblings map[int]string, more map[string]string) map[string]string {
	files := map[string]string{"/sys/devices/system/cpu/online": online + "\n"}
	for id, list := range siblings {
		files[cpuFile(id, "topology/thread_siblings_list")] = list + "\n"
	}
	maps.Copy(files, more)
	return files
}

// alone is n processors that are a core each.
func alone(n int) map[int]string {
	cores := map[int]string{}
	for id := range n {
		cores[id] = fmt.Sprint(id)
	}
	return cores
}

func allowed(list string) map[string]string {
	return map[string]string{"/proc/self/status": "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t" + list + "\n"}
}

var (
	smt     = map[int]string{0: "0,4", 1: "1,5", 2: "2,6", 3: "3,7", 4: "0,4", 5: "1,5", 6: "2,6", 7: "3,7"}
	sockets = map[string]string{
		"/sys/devices/system/node/node0/cpulist": "0-3\n", "/sys/devices/system/node/node1/cpulist": "4-7\n",
		"/sys/devices/system/node/possible": "0-1\n",
	}
	hybrid = map[int]string{0: "0-1", 1: "0-1", 2: "2-3", 3: "2-3", 4: "4", 5: "5", 6: "6"}
	intel  = map[string]string{"/sys/devices/cpu_core/cpus": "0-3\n", "/sys/devices/cpu_atom/cpus": "4-6\n"}
	little = map[string]string{
		cpuFile(0, "cpu_capacity"): "400", cpuFile(1, "cpu_capacity"): "400",
		cpuFile(2, "cpu_capacity"): "1024", cpuFile(3, "cpu_capacity"): "1024",
	}
)

func TestPick(t *testing.T) {
	for name, c := range map[string]struct {
		files  map[string]string
		wanted float64
		cpus   []int
		why    string // part of it, where none is picked
	}{
		"says nothing":                      {nil, 1, nil, "of 0 processors"},
		"1 core":                            {tree("0", alone(1), nil), 1, nil, "of 1 processors"},
		"2 cores":                           {tree("0-1", alone(2), nil), 1, nil, "of 2 processors"},
		"4 cores":                           {tree("0-3", alone(4), nil), 1, []int{1}, ""},
		"half a processor is one":           {tree("0-3", alone(4), nil), 0.5, []int{1}, ""},
		"rounded up":                        {tree("0-3", alone(4), nil), 1.5, []int{1, 2}, ""},
		"no limit":                          {tree("0-3", alone(4), nil), 0, []int{1}, ""},
		"all but core 0":                    {tree("0-3", alone(4), nil), 3, []int{1, 2, 3}, ""},
		"core 0 is not given":               {tree("0-3", alone(4), nil), 4, nil, "asks for 4 cores, and at most 3"},
		"siblings stay idle":                {tree("0-7", smt, nil), 2, []int{1, 2}, ""},
		"siblings are no cores":             {tree("0-7", smt, nil), 4, nil, "at most 3"},
		"one core beside core 0":            {tree("0-3", map[int]string{0: "0-1", 1: "0-1", 2: "2-3", 3: "2-3"}, nil), 1, []int{2}, ""},
		"no siblings told":                  {tree("0-3", nil, nil), 2, []int{1, 2}, ""},
		"far from node 0":                   {tree("0-7", alone(8), sockets), 2, []int{4, 5}, ""},
		"one node":                          {tree("0-7", alone(8), sockets), 4, []int{4, 5, 6, 7}, ""},
		"never two nodes":                   {tree("0-7", alone(8), sockets), 5, nil, "at most 4"},
		"offline":                           {tree("0,2-3", alone(4), nil), 2, []int{2, 3}, ""},
		"offline siblings":                  {tree("0-3,6", smt, nil), 3, []int{1, 2, 3}, ""},
		"too few online":                    {tree("0,3", alone(4), nil), 1, nil, "of 2 processors"},
		"forbidden":                         {tree("0-7", alone(8), allowed("0,5-7")), 2, []int{5, 6}, ""},
		"too few allowed":                   {tree("0-7", alone(8), allowed("3,5")), 1, nil, "of 2 processors"},
		"a forbidden sibling":               {tree("0-7", smt, allowed("0-2,4-5")), 2, nil, "at most 1"},
		"without processor 0 the first":     {tree("0-7", alone(8), allowed("4-7")), 3, []int{5, 6, 7}, ""},
		"fast cores first":                  {tree("0-6", hybrid, intel), 1, []int{2}, ""},
		"slow ones rather than a mixture":   {tree("0-6", hybrid, intel), 3, []int{4, 5, 6}, ""},
		"never a mixture":                   {tree("0-6", hybrid, intel), 4, nil, "at most 3"},
		"fast by capacity":                  {tree("0-3", alone(4), little), 2, []int{2, 3}, ""},
		"nonsense for a list of processors": {tree("0-x", alone(4), nil), 1, nil, "of 0 processors"},
	} {
		cpus, why := ReadTopology(hostOf(t, c.files)).Pick(c.wanted)
		if !slices.Equal(cpus, c.cpus) || (c.why == "") != (why == "") || !strings.Contains(why, c.why) {
			t.Errorf("%s: %v %q, want %v %q", name, cpus, why, c.cpus, c.why)
		}
	}
}

func TestTopologyOfThisMachine(t *testing.T) {
	top := ReadTopology("/")
	for _, c := range top.CPUs {
		if !slices.Contains(c.Siblings, c.ID) {
			t.Errorf("%+v is not of its own core", c)
		}
	}
	cpus, why := top.Pick(1)
	if (len(cpus) == 0) == (why == "") {
		t.Errorf("%v %q", cpus, why)
	}
}

func FuzzCPUList(f *testing.F) {
	for _, text := range []string{"0-3,8", "0", "", "3-1", "0-99999999999", ",", "-"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list := cpuList(text)
		if !slices.IsSorted(list) || len(list) > mostCPUs || len(slices.Compact(slices.Clone(list))) != len(list) {
			t.Errorf("%q: %v", text, list)
		}
	})
}
