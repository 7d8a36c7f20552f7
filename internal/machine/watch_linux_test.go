package machine

import (
	"testing"
	"time"

	"benchcell/internal/bench"
)

const statText = "cpu  100 10 20 1000 50 3 2 7 5 0\ncpu0 60 10 10 500 25 1 1 2 5 0\ncpu1 40 0 10 500 25 2 1 5 0 0\nintr 5 cpu9 1 1\n"

func TestWatch(t *testing.T) {
	root := hostOf(t, map[string]string{"/proc/stat": statText, "/proc/vmstat": "nr_free 1\npswpin 12\npswpout 9\n"})
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
		if got := w.Read(); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := NewWatch(t.TempDir(), nil); err == nil {
		t.Error("nothing is watched")
	}
}

func FuzzProcessorTimes(f *testing.F) {
	f.Add([]byte(statText))
	f.Add([]byte("cpu\ncpu1\ncpu 1"))
	f.Fuzz(func(_ *testing.T, text []byte) {
		processorTimes(text, nil)
		processorTimes(text, []int{1})
		counterOf(text, "pswpin")
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
