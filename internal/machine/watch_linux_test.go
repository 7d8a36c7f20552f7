package machine

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"benchcell/internal/bench"
)

const statText = "cpu  100 10 20 1000 50 3 2 7 5 0\ncpu0 60 10 10 500 25 1 1 2 5 0\ncpu1 40 0 10 500 25 2 1 5 0 0\nintr 5 cpu9 1 1\n"

func TestWatch(t *testing.T) {
	files := map[string]string{"/proc/stat": statText, "/proc/vmstat": "nr_free 1\npswpin 12\npswpout 9\n", "/proc/meminfo": "SwapTotal: 1024 kB\n"}
	root := hostOf(t, files)
	for name, c := range map[string]struct {
		cpus []int
		want bench.Activity
	}{
		"all":     {nil, bench.Activity{Busy: 1350 * time.Millisecond, Steal: 70 * time.Millisecond, SwapIns: 12}},
		"one":     {[]int{1}, bench.Activity{Busy: 530 * time.Millisecond, Steal: 50 * time.Millisecond, SwapIns: 12}},
		"two":     {[]int{0, 1}, bench.Activity{Busy: 1350 * time.Millisecond, Steal: 70 * time.Millisecond, SwapIns: 12}},
		"missing": {[]int{9}, bench.Activity{SwapIns: 12}},
	} {
		w, err := NewWatch(root, c.cpus)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Read(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", name, got)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
	delete(files, "/proc/vmstat")
	for _, root := range []string{t.TempDir(), hostOf(t, files)} {
		if _, err := NewWatch(root, nil); err == nil {
			t.Error("what is to be watched is not there")
		}
	}
}

// A machine without swap brings nothing back from it, whatever it did before.
func TestWatchWithoutSwap(t *testing.T) {
	w, err := NewWatch(hostOf(t, map[string]string{"/proc/stat": statText, "/proc/vmstat": "pswpin 12\n", "/proc/meminfo": "SwapTotal: 0 kB\n"}), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if a := w.Read(); a.SwapIns != 0 || a.Busy == 0 {
		t.Errorf("read %+v", a)
	}
}

func TestWatchReadsWhatNotEveryMachineHas(t *testing.T) {
	const hot = "/sys/devices/system/cpu/cpu%d/thermal_throttle/%s_throttle_count"
	const clock = "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_cur_freq"
	files := map[string]string{
		"/proc/stat": statText, "/proc/vmstat": "pswpin 0\n",
		"/proc/pressure/cpu":    "some avg10=0.00 avg60=0.00 avg300=0.00 total=1500\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=9\n",
		"/proc/pressure/memory": "some avg10=0.00 total=none\n",
		fmt.Sprintf(clock, 0):   "2000000\n", fmt.Sprintf(clock, 1): "3000000\n",
		fmt.Sprintf(hot, 0, "core"): "2\n", fmt.Sprintf(hot, 1, "core"): "0\n", fmt.Sprintf(hot, 1, "package"): "5\n", fmt.Sprintf(hot, 2, "core"): "9\n",
	}
	w, err := NewWatch(hostOf(t, files), []int{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	a := w.Read()
	if a.StallCPU == nil || *a.StallCPU != 1500*time.Microsecond || a.StallMemory != nil || a.StallIO != nil || a.MHz == nil || *a.MHz != 2500 || a.Thermal == nil || *a.Thermal != 7 {
		t.Errorf("read %+v", a)
	}
}

func FuzzProcessorTimes(f *testing.F) {
	f.Add([]byte(statText))
	f.Add([]byte("cpu\ncpu1\ncpu 1"))
	f.Fuzz(func(_ *testing.T, text []byte) {
		processorTimes(text, nil)
		processorTimes(text, []int{1})
		counterOf(text, "pswpin")
		stalled(text)
	})
}

func BenchmarkWatch(b *testing.B) {
	w, err := NewWatch("/", []int{0})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	for b.Loop() {
		w.Read()
	}
}
