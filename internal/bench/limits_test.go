package bench

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestLimitsName(t *testing.T) {
	for want, l := range map[string]Limits{
		"memory is 8388607: it must be 8388608 to 1125899906842624": {Memory: 8<<20 - 1},
		"memory is -1":                             {Memory: -1},
		"memory is 9.223372036854776e+18":          {Memory: math.MaxInt64},
		"cpus is 0.001: it must be 0.01 to 1024":   {CPUs: 0.001},
		"cpus is 1025":                             {CPUs: 1025},
		"cpus is NaN":                              {CPUs: math.NaN()},
		"cpus is +Inf":                             {CPUs: math.Inf(1)},
		"cpuTime is 0.5: it must be 1 to 86400000": {CPUTime: 0.5},
		"cpuTime is 1e+30":                         {CPUTime: 1e30},
		"pids is -1: it must be 1 to 4194304":      {Pids: -1},
		"pids is 4194305":                          {Pids: 4194305},
		"output is -1: it must be 1 to 134217728":  {Output: -1},
		"output is 134217729":                      {Output: MaxOutput + 1},
		"disk is 4095: it must be 4096 to":         {Disk: 4095},
	} {
		err := l.Validate("limits")
		if err == nil || !strings.HasPrefix(err.Error(), "limits."+want) || CodeOf(err) != CodeInvalid {
			t.Errorf("%+v: %v, want limits.%s", l, err, want)
		}
	}
	for _, l := range []Limits{{}, DefaultLimits(), {CPUTime: 1, CPUs: 0.01}} {
		if err := l.Validate("limits"); err != nil {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

func TestLimitsAreLoweredByAnyoneAndRaisedByNone(t *testing.T) {
	ceiling := DefaultLimits()
	if err := ceiling.Within(ceiling); err != nil {
		t.Errorf("the ceiling itself: %v", err)
	}
	lower := Limits{Memory: 9 << 20, CPUs: 0.5, CPUTime: 1, Pids: 1, Output: 1, Disk: 4096}
	if err := lower.Within(ceiling); err != nil {
		t.Errorf("lower: %v", err)
	}
	for name, l := range map[string]Limits{
		"memory": {Memory: 1 << 30}, "cpus": {CPUs: 1.01}, "pids": {Pids: 129}, "output": {Output: 2 << 20}, "disk": {Disk: 65 << 20},
	} {
		err := l.Within(ceiling)
		if err == nil || !strings.Contains(err.Error(), "limits."+name+" is ") || !strings.Contains(err.Error(), "raise limits."+name) {
			t.Errorf("%s above the ceiling: %v", name, err)
		}
	}
	if err := (Limits{CPUTime: 6}).Within(Limits{CPUTime: 5}); err == nil {
		t.Error("cpuTime above a configured one was let through")
	}
}

func TestLimitsOver(t *testing.T) {
	got := Limits{Memory: 9 << 20, CPUTime: 7}.Over(Limits{CPUs: 2, Memory: 1}).Over(DefaultLimits())
	want := Limits{Memory: 9 << 20, CPUs: 2, CPUTime: 7, Pids: 128, Output: 1 << 20, Disk: 64 << 20}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	names := slices.Sorted(maps.Keys(Limits{Memory: 1, CPUTime: 1}.Stated()))
	if !slices.Equal(names, []string{LimitCPUTime, LimitMemory}) {
		t.Errorf("stated: %v", names)
	}
	if all := got.Stated(); len(all) != 6 {
		t.Errorf("of six limits %v are stated", all)
	}
}
