package machine

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// hostOf is a synthetic host of these files.
func hostOf(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for path, text := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestDisturbances(t *testing.T) {
	const cpu = "/sys/devices/system/cpu/"
	noisy := map[string]string{
		cpu + "cpu0/cpufreq/scaling_governor": "powersave\n", cpu + "intel_pstate/no_turbo": "0\n", cpu + "smt/active": "1\n",
		"/proc/meminfo": "MemTotal:  100 kB\nSwapTotal:  2048 kB\n", "/proc/loadavg": "1.53 1.00 0.9 2/300 99\n",
		"/sys/kernel/mm/transparent_hugepage/enabled": "[always] madvise never\n", "/proc/sys/kernel/randomize_va_space": "2\n",
		"/proc/cpuinfo": "model name : x\nflags\t\t: fpu hypervisor sse\n", "/sys/class/dmi/id/sys_vendor": "QEMU\n",
	}
	quiet := map[string]string{
		cpu + "cpu0/cpufreq/scaling_governor": "performance\n", cpu + "intel_pstate/no_turbo": "1\n", cpu + "smt/active": "0\n",
		"/proc/meminfo": "SwapTotal:  0 kB\n", "/proc/loadavg": "0.02 0.01 0.0 1/300 99\n",
		"/sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n", "/proc/sys/kernel/randomize_va_space": "0\n",
		"/proc/cpuinfo": "flags\t\t: fpu sse\n",
	}
	amd := map[string]string{cpu + "cpufreq/boost": "1\n"}
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"noisy":            {noisy, []string{"governor powersave", "turbo on", "smt on", "swap on", "transparent huge pages always", "address randomisation on", "load 1.53", "virtualised QEMU"}},
		"quiet":            {quiet, nil},
		"says nothing":     {nil, nil},
		"boost of another": {amd, []string{"turbo on"}},
	} {
		var got []string
		for _, d := range Disturbances(hostOf(t, c.files)) {
			got = append(got, d.Name+" "+d.State)
			if d.Effect == "" || d.Remedy == "" {
				t.Errorf("%s: %+v leaves the reader alone", name, d)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
