package machine

import "benchcell/internal/bench"

// describe fills in what Linux tells. What it does not tell stays empty.
func describe(m *bench.Machine) {
	h := host{"/"}
	m.CPU = fieldOf(h.read("/proc/cpuinfo"), "model name")
	meminfo := h.read("/proc/meminfo")
	m.Memory = kibibytes(fieldOf(meminfo, "MemTotal"))
	m.Swap = kibibytes(fieldOf(meminfo, "SwapTotal")) > 0
	m.SMT = h.read("/sys/devices/system/cpu/smt/active") == "1"
	m.Governor = h.read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
	m.Virtualised = h.hypervisor()
}
