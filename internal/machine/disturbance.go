package machine

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"benchcell/internal/bench"
)

// Disturbances lists what makes figures of this host drift or spread, as files
// below root tell it, which is "/" but in tests. It changes nothing: the remedy
// is a command for the reader to weigh. Where there is no command it says so.
func Disturbances(root string) []bench.Disturbance {
	h := host{root}
	var found []bench.Disturbance
	for _, look := range []func() *bench.Disturbance{
		h.governor, h.turbo, h.smt, h.swap, h.hugePages, h.randomisation, h.load, h.virtualised,
	} {
		if d := look(); d != nil {
			found = append(found, *d)
		}
	}
	return found
}

// host reads files below a root.
type host struct{ root string }

func (h host) read(path string) string {
	return strings.TrimSpace(readText(filepath.Join(h.root, path)))
}

func (h host) governor() *bench.Disturbance {
	state := h.read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
	if state == "" || state == "performance" {
		return nil
	}
	return &bench.Disturbance{
		Name: "governor", State: state,
		Effect: "The clock follows the load, so short samples run at whatever speed the last one left.",
		Remedy: "cpupower frequency-set -g performance",
	}
}

func (h host) turbo() *bench.Disturbance {
	d := bench.Disturbance{
		Name: "turbo", State: "on",
		Effect: "The clock rises while the chip is cool and few cores work, and falls in the middle of a run.",
	}
	switch {
	case h.read("/sys/devices/system/cpu/intel_pstate/no_turbo") == "0":
		d.Remedy = "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo"
	case h.read("/sys/devices/system/cpu/cpufreq/boost") == "1":
		d.Remedy = "echo 0 > /sys/devices/system/cpu/cpufreq/boost"
	default:
		return nil
	}
	return &d
}

func (h host) smt() *bench.Disturbance {
	if h.read("/sys/devices/system/cpu/smt/active") != "1" {
		return nil
	}
	return &bench.Disturbance{
		Name: "smt", State: "on",
		Effect: "Two processors share a core: what runs on the sibling slows the sample.",
		Remedy: "echo off > /sys/devices/system/cpu/smt/control",
	}
}

func (h host) swap() *bench.Disturbance {
	if kibibytes(fieldOf(h.read("/proc/meminfo"), "SwapTotal")) == 0 {
		return nil
	}
	return &bench.Disturbance{
		Name: "swap", State: "on",
		Effect: "Memory that went to disk comes back in the middle of a sample.",
		Remedy: "swapoff -a",
	}
}

func (h host) hugePages() *bench.Disturbance {
	if !strings.Contains(h.read("/sys/kernel/mm/transparent_hugepage/enabled"), "[always]") {
		return nil
	}
	return &bench.Disturbance{
		Name: "transparent huge pages", State: "always",
		Effect: "Whether memory comes in large pages is luck, and changes time and peak memory from run to run.",
		Remedy: "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled",
	}
}

func (h host) randomisation() *bench.Disturbance {
	state := h.read("/proc/sys/kernel/randomize_va_space")
	if state == "" || state == "0" {
		return nil
	}
	return &bench.Disturbance{
		Name: "address randomisation", State: "on",
		Effect: "Each start lays memory out anew, which moves short commands by a few per cent. More samples even it out.",
		Remedy: "setarch -R before a trusted command; leave it on for the machine: it is a defence",
	}
}

// load is what others keep running; benchcell's own work is in it too.
func (h host) load() *bench.Disturbance {
	first, _, _ := strings.Cut(h.read("/proc/loadavg"), " ")
	average, err := strconv.ParseFloat(first, 64)
	const busy = 0.5 // of one processor: more than a desktop at rest
	if err != nil || average < busy {
		return nil
	}
	return &bench.Disturbance{
		Name: "load", State: first,
		Effect: fmt.Sprintf("On average %s programs wanted to run over the last minute.", first),
		Remedy: "see with 'top' which, and end or move them",
	}
}

func (h host) virtualised() *bench.Disturbance {
	name := h.hypervisor()
	if name == "" {
		return nil
	}
	return &bench.Disturbance{
		Name: "virtualised", State: name,
		Effect: "Neighbours on the same host take time and cache that no figure in here shows but steal.",
		Remedy: "use a machine of its own; comparing interleaved, as 'orchestrator compare' does, cancels drift",
	}
}

// hypervisor names who runs this machine, "" on bare metal.
func (h host) hypervisor() string {
	if !strings.Contains(fieldOf(h.read("/proc/cpuinfo"), "flags"), "hypervisor") {
		return ""
	}
	if vendor := h.read("/sys/class/dmi/id/sys_vendor"); vendor != "" {
		return vendor
	}
	return "unnamed hypervisor"
}

func readText(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(text)
}

// fieldOf is the value of the first "key : value" line.
func fieldOf(text, key string) string {
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(line, ":")
		if ok && strings.TrimSpace(name) == key {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func kibibytes(value string) int64 {
	n, err := strconv.ParseInt(strings.TrimSuffix(value, " kB"), 10, 64)
	if err != nil {
		return 0
	}
	return n << 10
}
