package hostile

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// costCases: what a program used is counted, all of it, once, and nothing else.
var costCases = []Case{
	{
		Name: "null-run", Does: "does nothing, two hundred times, and would not be charged what others use", On: every, Program: "nothing",
		Again: slices.Repeat([][]string{nil}, 199), Verdicts: ends(bench.OK), Defence: "lean", Judge: allSmall,
	},
	{
		Name: "copy-on-write", Does: "shares 32 MiB with a child that changes 8 of them", On: every, Groups: true,
		Verdicts: ends(bench.OK), Defence: "group", Instead: notInContainers, Judge: peakBetween(40<<20, 52<<20),
	},
	{
		Name: "shared-once", Does: "shares 24 MiB with two children that use all of them", On: every, Groups: true,
		Verdicts: ends(bench.OK), Defence: "group", Instead: notInContainers, Judge: peakBetween(24<<20, 36<<20),
	},
	{
		Name: "page-cache", Does: "reads many more bytes of files than it has memory", On: []Boundary{Plain, Sandboxed}, Groups: true,
		Else:   "there is no large file: what it can read is in memory already",
		Limits: bench.Limits{Memory: 32 << 20}, Timeout: 10 * time.Second, Verdicts: ends(bench.OK),
		Defence: "memory", Judge: all(readAtLeast(96<<20), peakBetween(20<<20, 34<<20)),
	},
	{
		Name: "block-io", Does: "writes 8 MiB to the disk", On: []Boundary{Plain}, Groups: true,
		Else:     "what it can write to is in memory, and is counted as that",
		Verdicts: ends(bench.OK), Defence: "group", Judge: wroteToDisk(8 << 20),
	},
	{
		Name: "other-processors", Does: "asks for all processors with two threads", On: every, Groups: true, Pinned: true,
		Limits: bench.Limits{CPUs: 2}, Verdicts: ends(bench.OK), Defence: "pin", Judge: onOneProcessor,
	},
}

// notInContainers: an engine puts them into their control group.
var notInContainers = map[Boundary]string{Container: ""}

// allSmall: each of them counted, and none as large as whoever started it.
func allSmall(t *Trial) error {
	const small = 20 << 20
	for _, o := range append([]*sandbox.Outcome{t.Outcome}, t.More...) {
		if o.Verdict != bench.OK || o.CPU == nil || o.Wall <= 0 {
			return fmt.Errorf("one of them ended %s with a time of %v", o.Verdict, o.Wall)
		}
		if rss := above(o.MaxRSS); rss < 1 || rss > small {
			return fmt.Errorf("one of them is said to have used %d bytes", rss)
		}
	}
	return nil
}

// peakBetween believes the control group's own peak.
func peakBetween(least, most int64) func(*Trial) error {
	return func(t *Trial) error {
		peak := above(t.Outcome.TreePeak)
		if peak < 0 {
			return notApplicable("this kernel can't tell a new peak from an old one")
		}
		if peak < least || peak > most {
			return fmt.Errorf("the control group's peak is %d bytes, and must be %d to %d", peak, least, most)
		}
		return nil
	}
}

func readAtLeast(want int64) func(*Trial) error {
	return func(t *Trial) error {
		if n := t.number("read"); n < want {
			return notApplicable(fmt.Sprintf("/usr has only %d bytes to read", n))
		}
		return nil
	}
}

// wroteToDisk allows for the file system's own blocks.
func wroteToDisk(want int64) func(*Trial) error {
	return func(t *Trial) error {
		wrote := above(t.Account.Tree.BlockWritten)
		switch {
		case t.says(t.Outcome, "in memory", "yes") == nil:
			return notApplicable("temporary files are in memory on this machine")
		case wrote < 0:
			return notApplicable("no control group counts what goes to disks here")
		case wrote < want || wrote > want+want/4:
			return fmt.Errorf("%d bytes were counted, and it has written %d", wrote, want)
		}
		return nil
	}
}

// onOneProcessor believes the kernel's list, and the clocks.
func onOneProcessor(t *Trial) error {
	for _, line := range t.Account.Receipt {
		if line.Limit == "cpuset" && (line.Mechanism == nil || !strings.HasPrefix(*line.Mechanism, "cgroup")) {
			return notApplicable("only a control group keeps a program on its processors, and here is none for them")
		}
	}
	want := strings.Trim(fmt.Sprint(lastProcessor()), "[]")
	if err := t.says(t.Outcome, "processors", want); err != nil {
		return err
	}
	const most = 1.2
	if share := float64(t.Outcome.CPU.Total()) / float64(t.Outcome.Wall); share > most {
		return fmt.Errorf("two threads had %.2f of a processor", share)
	}
	return nil
}

// lastProcessor is one that this process may use.
func lastProcessor() []int {
	status, _ := os.ReadFile("/proc/self/status") // a system without it has none to choose
	for line := range strings.Lines(string(status)) {
		if list, ok := strings.CutPrefix(line, "Cpus_allowed_list:"); ok {
			list = strings.TrimSpace(list)
			var n int
			if _, err := fmt.Sscan(list[strings.LastIndexAny(list, ",-")+1:], &n); err == nil {
				return []int{n}
			}
		}
	}
	return nil
}
