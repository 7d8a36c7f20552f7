package machine

import (
	"strings"
	"testing"
)

func TestDescribeTellsOfTheHardware(t *testing.T) {
	m := Describe("v2")
	if m.Memory < 64<<20 || m.Memory > 1<<50 {
		t.Errorf("%d bytes of memory", m.Memory)
	}
	if strings.Contains(readText("/proc/cpuinfo"), "model name") && m.CPU == "" {
		t.Error("the processor has no name")
	}
}

func TestFieldOf(t *testing.T) {
	const text = "processor\t: 0\nmodel name\t: AMD EPYC: 7B13\nflags\t\t:\n\nno colon\nmodel name\t: another\n"
	for key, want := range map[string]string{"model name": "AMD EPYC: 7B13", "processor": "0", "flags": "", "model": "", "no colon": ""} {
		if got := fieldOf(text, key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

func TestKibibytes(t *testing.T) {
	for value, want := range map[string]int64{"16384 kB": 16 << 20, "0 kB": 0, "": 0, "many kB": 0, "12": 12 << 10} {
		if got := kibibytes(value); got != want {
			t.Errorf("%q: %d, want %d", value, got, want)
		}
	}
}
