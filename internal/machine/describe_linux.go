package machine

import (
	"os"
	"strconv"
	"strings"

	"benchcell/internal/bench"
)

// describe fills in what Linux tells. What it does not tell stays empty.
func describe(m *bench.Machine) {
	cpuinfo := readText("/proc/cpuinfo")
	m.CPU = fieldOf(cpuinfo, "model name")
	meminfo := readText("/proc/meminfo")
	m.Memory = kibibytes(fieldOf(meminfo, "MemTotal"))
	m.Swap = kibibytes(fieldOf(meminfo, "SwapTotal")) > 0
	m.SMT = strings.TrimSpace(readText("/sys/devices/system/cpu/smt/active")) == "1"
	m.Governor = strings.TrimSpace(readText("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"))
	if strings.Contains(fieldOf(cpuinfo, "flags"), "hypervisor") {
		m.Virtualised = "unnamed hypervisor"
		if vendor := strings.TrimSpace(readText("/sys/class/dmi/id/sys_vendor")); vendor != "" {
			m.Virtualised = vendor
		}
	}
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
