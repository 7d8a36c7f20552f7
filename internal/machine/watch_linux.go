package machine

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"benchcell/internal/bench"
)

// tick is the unit of /proc/stat, on every Linux.
const tick = 10 * time.Millisecond

// Watch reads what processors do, through files held open.
type Watch struct {
	cpus    []int // nil are all
	stat    *os.File
	swap    *os.File    // nil without swap: it takes longer to read than all the rest
	stalls  [3]*os.File // of processors, memory and I/O; nil without PSI
	clocks  []*os.File  // of the processors; none where the kernel does not tell
	thermal []*os.File  // how often they were slowed; the same
	buf     []byte
}

// NewWatch watches these processors, nil for all that there are.
func NewWatch(root string, cpus []int) (*Watch, error) {
	w := &Watch{cpus: cpus, buf: make([]byte, 64<<10)}
	var err, err2 error
	w.stat, err = os.Open(filepath.Join(root, "/proc/stat"))
	if (host{root: root}).swap() != nil {
		w.swap, err2 = os.Open(filepath.Join(root, "/proc/vmstat"))
	}
	if err := errors.Join(err, err2); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	for i, name := range []string{"cpu", "memory", "io"} {
		w.stalls[i], _ = os.Open(filepath.Join(root, "/proc/pressure", name))
	}
	for _, id := range cpus {
		dir := filepath.Join(root, fmt.Sprintf("/sys/devices/system/cpu/cpu%d", id))
		w.clocks = append(w.clocks, existing(dir+"/cpufreq/scaling_cur_freq")...)
		w.thermal = append(w.thermal, existing(dir+"/thermal_throttle/core_throttle_count", dir+"/thermal_throttle/package_throttle_count")...)
	}
	return w, nil
}

// existing opens those of the files that there are.
func existing(names ...string) (files []*os.File) {
	for _, name := range names {
		if f, err := os.Open(name); err == nil {
			files = append(files, f)
		}
	}
	return files
}

// Read takes tens of microseconds: it belongs between samples.
func (w *Watch) Read() (a bench.Activity) {
	a.Busy, a.Steal = processorTimes(w.text(w.stat), w.cpus)
	if w.swap != nil {
		a.SwapIns = counterOf(w.text(w.swap), "pswpin")
	}
	for i, stall := range []**time.Duration{&a.StallCPU, &a.StallMemory, &a.StallIO} {
		if w.stalls[i] != nil {
			*stall = stalled(w.text(w.stalls[i]))
		}
	}
	a.MHz, a.Thermal = w.clock(), w.throttles()
	return a
}

// throttles is how often the processors were slowed down because they were hot.
func (w *Watch) throttles() (sum *int64) {
	for _, f := range w.thermal {
		if n, err := strconv.ParseInt(string(bytes.TrimSpace(w.text(f))), 10, 64); err == nil {
			sum = plus(sum, n)
		}
	}
	return sum
}

func plus(sum *int64, n int64) *int64 {
	if sum != nil {
		n += *sum
	}
	return &n
}

// clock is the mean of the processors' frequencies.
func (w *Watch) clock() *float64 {
	sum := 0.0
	for _, f := range w.clocks {
		kHz, err := strconv.ParseUint(string(bytes.TrimSpace(w.text(f))), 10, 40)
		if err != nil {
			return nil
		}
		sum += float64(kHz) / 1e3
	}
	if sum == 0 {
		return nil
	}
	mean := sum / float64(len(w.clocks))
	return &mean
}

// stalled is the total of the first line of a pressure file: "some avg10=0.00
// avg60=0.00 avg300=0.00 total=12345", in microseconds.
func stalled(text []byte) *time.Duration {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	_, total, found := bytes.Cut(line, []byte("total="))
	us, err := strconv.ParseUint(string(total), 10, 50)
	if !found || err != nil {
		return nil
	}
	d := time.Duration(us) * time.Microsecond //nolint:gosec // of 50 bits
	return &d
}

// Processors is how many are watched.
func (w *Watch) Processors() int {
	if len(w.cpus) > 0 {
		return len(w.cpus)
	}
	n := 0
	for line := range bytes.Lines(w.text(w.stat)) {
		if bytes.HasPrefix(line, []byte("cpu")) && !bytes.HasPrefix(line, []byte("cpu ")) {
			n++
		}
	}
	return n
}

// text is the head of a file, which is where the processors are.
func (w *Watch) text(f *os.File) []byte {
	n, err := syscall.Pread(int(f.Fd()), w.buf, 0)
	if err != nil {
		return nil
	}
	return w.buf[:n]
}

// Close lets go of the files.
func (w *Watch) Close() error {
	var errs []error
	for _, f := range slices.Concat([]*os.File{w.stat, w.swap}, w.stalls[:], w.clocks, w.thermal) {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}

// processorTimes adds up lines of /proc/stat: "cpu3 user nice system idle iowait
// irq softirq steal guest guest_nice". What guests use is in user already.
func processorTimes(text []byte, cpus []int) (busy, steal time.Duration) {
	for line := range bytes.Lines(text) {
		name, ok := bytes.CutPrefix(line, []byte("cpu"))
		if !ok {
			break // they are the first lines
		}
		f := bytes.Fields(name)
		if len(f) < 8 {
			continue
		}
		if len(cpus) > 0 {
			if id, err := strconv.Atoi(string(f[0])); name[0] == ' ' || err != nil || !slices.Contains(cpus, id) {
				continue
			}
			f = f[1:]
		} else if name[0] != ' ' {
			break // the line of all of them came first
		}
		if len(f) < 8 {
			continue
		}
		for _, i := range []int{0, 1, 2, 5, 6} {
			busy += ticks(f[i])
		}
		steal += ticks(f[7])
	}
	return busy, steal
}

func ticks(number []byte) time.Duration {
	n, _ := strconv.ParseInt(string(number), 10, 48) // of a kernel that says nothing: none
	return time.Duration(n) * tick
}

// counterOf is the number behind a name, one a line.
func counterOf(text []byte, name string) int64 {
	for line := range bytes.Lines(text) {
		if key, value, ok := bytes.Cut(bytes.TrimSpace(line), []byte(" ")); ok && string(key) == name {
			n, _ := strconv.ParseInt(string(value), 10, 64)
			return n
		}
	}
	return 0
}
