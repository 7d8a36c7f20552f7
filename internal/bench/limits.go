package bench

import "fmt"

// Limits bound one run. Zero means not stated: no limit can be switched off.
type Limits struct {
	Memory  int64   `json:"memory,omitempty" minimum:"8388608" doc:"bytes, of the whole tree, swap included"`
	CPUs    float64 `json:"cpus,omitempty" exclusiveMinimum:"0" maximum:"1024" doc:"processors, in fractions"`
	CPUTime float64 `json:"cpuTime,omitempty" exclusiveMinimum:"0" doc:"milliseconds of CPU time of the whole tree"`
	Pids    int64   `json:"pids,omitempty" minimum:"1" doc:"processes and threads at one time"`
	Output  int64   `json:"output,omitempty" minimum:"1" doc:"bytes kept of each stream"`
	Disk    int64   `json:"disk,omitempty" minimum:"1" doc:"bytes written"`
}

// Names of the limits in receipts and errors.
const (
	LimitTimeout   = "timeout"
	LimitBudget    = "budget" // of the whole run
	LimitMemory    = "memory"
	LimitCPUs      = "cpus"
	LimitCPUTime   = "cpuTime"
	LimitPids      = "pids"
	LimitOutput    = "output"
	LimitDisk      = "disk"
	LimitOpenFiles = "openFiles"
	LimitCore      = "core"
)

// MinMemory is the least memory a run can be given, in bytes.
const MinMemory = 8 << 20

// MaxOutput is the most that can be kept of one stream, in bytes.
const MaxOutput = 128 << 20

// DefaultLimits are in force where neither definition nor configuration says
// otherwise.
func DefaultLimits() Limits {
	return Limits{Memory: 512 << 20, CPUs: 1, Pids: 128, Output: 1 << 20, Disk: 64 << 20}
}

// limit describes one field for the code that treats all alike.
type limit struct {
	name     string
	get      func(*Limits) float64
	set      func(*Limits, float64)
	min, max float64
}

// maxBytes is more than any host has, and a float64 still counts it exactly.
const maxBytes = 1 << 50

var limitFields = []limit{
	{LimitMemory, func(l *Limits) float64 { return float64(l.Memory) }, func(l *Limits, v float64) { l.Memory = int64(v) }, MinMemory, maxBytes},
	{LimitCPUs, func(l *Limits) float64 { return l.CPUs }, func(l *Limits, v float64) { l.CPUs = v }, 0.01, 1024},
	{LimitCPUTime, func(l *Limits) float64 { return l.CPUTime }, func(l *Limits, v float64) { l.CPUTime = v }, 1, MaxTimeout},
	{LimitPids, func(l *Limits) float64 { return float64(l.Pids) }, func(l *Limits, v float64) { l.Pids = int64(v) }, 1, 1 << 22},
	{LimitOutput, func(l *Limits) float64 { return float64(l.Output) }, func(l *Limits, v float64) { l.Output = int64(v) }, 1, MaxOutput},
	{LimitDisk, func(l *Limits) float64 { return float64(l.Disk) }, func(l *Limits, v float64) { l.Disk = int64(v) }, 4096, maxBytes},
}

// Validate checks what is stated, whatever the configured limits are.
func (l Limits) Validate(field string) error {
	for _, f := range limitFields {
		v := f.get(&l)
		if v != 0 && !(v >= f.min && v <= f.max) { // so that NaN is refused too
			return Errorf(CodeInvalid, "%s.%s is %s: it must be %s to %s", field, f.name, number(v), number(f.min), number(f.max))
		}
	}
	return nil
}

// Over takes the stated limits, and for the rest those below.
func (l Limits) Over(below Limits) Limits {
	for _, f := range limitFields {
		if f.get(&l) == 0 {
			f.set(&l, f.get(&below))
		}
	}
	return l
}

// Within refuses a limit above its ceiling: limits are lowered by anyone and
// raised by the configuration alone.
func (l Limits) Within(ceiling Limits) error {
	for _, f := range limitFields {
		if v, top := f.get(&l), f.get(&ceiling); top > 0 && v > top {
			return Errorf(CodeInvalid, "limits.%s is %s: it must be at most %s", f.name, number(v), number(top)).
				WithHint("raise limits.%s in the configuration", f.name)
		}
	}
	return nil
}

func number(v float64) string { return fmt.Sprintf("%.16g", v) }

// Stated lists the names of the limits that l states.
func (l Limits) Stated() map[string]bool {
	names := map[string]bool{}
	for _, f := range limitFields {
		if f.get(&l) != 0 {
			names[f.name] = true
		}
	}
	return names
}
