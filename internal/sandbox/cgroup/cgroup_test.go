//go:build linux

package cgroup

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/sandboxtest"
)

func TestMounts(t *testing.T) {
	const (
		v2     = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
		memory = "31 23 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
		joint  = "32 23 0:28 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
		named  = "33 23 0:29 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n"
		hybrid = "34 23 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
	)
	for name, c := range map[string]struct {
		text    string
		unified string
		v1      []string
	}{
		"v2":        {v2, "/sys/fs/cgroup", nil},
		"v1":        {memory + joint + named, "", []string{"cpu", "cpuacct", "memory"}},
		"hybrid":    {memory + joint + named + hybrid, "/sys/fs/cgroup/unified", []string{"cpu", "cpuacct", "memory"}},
		"none":      {"23 1 0:1 / / rw - ext4 /dev/vda rw\n", "", nil},
		"malformed": {"x\n1 2 - \n- cgroup2\n\n", "", nil},
	} {
		p := &Place{v1: map[string]string{}}
		if err := p.readMounts(strings.NewReader(c.text)); err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(p.v1)); p.unified != c.unified || !slices.Equal(got, c.v1) {
			t.Errorf("%s: unified %q, v1 %q", name, p.unified, got)
		}
	}
}

func FuzzMounts(f *testing.F) {
	f.Add("34 23 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n")
	f.Fuzz(func(_ *testing.T, text string) {
		_ = (&Place{v1: map[string]string{}}).readMounts(strings.NewReader(text))
	})
}

func TestLookUp(t *testing.T) {
	const stat = "usage_usec 12\nuser_usec 7\nnr_throttled 3\n"
	for _, c := range []struct {
		text, key string
		want      int64
		ok        bool
	}{
		{"4096\n", "", 4096, true},
		{stat, "usage_usec", 12, true},
		{stat, "nr_throttled", 3, true},
		{stat, "usage", 0, false},
		{"max\n", "", 0, false},
		{"", "", 0, false},
		{"", "oom_kill", 0, false},
		{"oom_kill\n", "oom_kill", 0, false},
	} {
		if got, ok := lookUp([]byte(c.text), c.key); got != c.want || ok != c.ok {
			t.Errorf("%q in %q: %d %v", c.key, c.text, got, ok)
		}
	}
}

// On v1 a kernel that does not count writes what one does that has nothing to count.
func TestBytesOnDevices(t *testing.T) {
	const nothing, some = "Total 0\n", "254:0 Read 4096\n254:0 Write 512\n8:0 Write 512\nTotal 5120\n"
	if n, ok := sumIfAny([]byte(some), " Write "); n != 1024 || !ok {
		t.Errorf("%d, %v", n, ok)
	}
	if n, ok := sumIfAny([]byte(nothing), " Write "); ok {
		t.Errorf("%d is said to be known", n)
	}
	written := int64(1024)
	for _, c := range []struct{ before, after, want *int64 }{{nil, nil, nil}, {nil, &written, &written}, {&written, nil, nil}, {&written, &written, new(int64)}} {
		got := Totals{BlockWritten: c.before}.Tree(Totals{BlockWritten: c.after}).BlockWritten
		if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%v to %v: %v", c.before, c.after, got)
		}
	}
}

// A mark that nothing sets back is of this time only if it rose.
func TestMarkOfProcesses(t *testing.T) {
	three, nine := int64(3), int64(9)
	for _, c := range []struct{ before, after, want *int64 }{
		{nil, nil, nil}, {nil, &three, &three}, {&three, nil, nil}, {&three, &three, nil}, {&three, &nine, &nine},
	} {
		if got := (Totals{PidsPeak: c.before}).Tree(Totals{PidsPeak: c.after}).PidsPeak; got != c.want {
			t.Errorf("%v to %v: %v", c.before, c.after, got)
		}
	}
}

func FuzzLookUp(f *testing.F) {
	f.Add([]byte("usage_usec 12\nuser_usec 7\n"), "user_usec")
	f.Fuzz(func(_ *testing.T, text []byte, key string) { lookUp(text, key) })
}

func TestResources(t *testing.T) {
	r := Resources(bench.Limits{Memory: 64 << 20, CPUs: 0.5, Pids: 10})
	if *r.Memory.Limit != 64<<20 || *r.Memory.Swap != 64<<20 || *r.Memory.KernelTCP != 64<<20 {
		t.Errorf("memory %d, with swap %d, of sockets %d", *r.Memory.Limit, *r.Memory.Swap, *r.Memory.KernelTCP)
	}
	if *r.CPU.Quota != 50_000 || *r.CPU.Period != 100_000 || *r.Pids.Limit != 10+RunnerPids {
		t.Errorf("quota %d of %d, pids %d", *r.CPU.Quota, *r.CPU.Period, *r.Pids.Limit)
	}
	if r := Resources(bench.Limits{}); r.Memory != nil || r.CPU != nil || r.Pids != nil {
		t.Errorf("no limits became %+v", r)
	}
}

// place is the machine's own, below a group that the test removes.
func place(t testing.TB) *Place {
	t.Helper()
	sandboxtest.NeedRoot(t)
	p, err := Find("/benchcell-test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := (&Group{place: p, path: p.parent}).remove(); err != nil {
			t.Errorf("the parent group is not empty: %v", err)
		}
	})
	return p
}

func create(t testing.TB, p *Place, name string) *Group {
	t.Helper()
	g, err := p.Create(name, bench.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Delete(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// sleeper starts a process inside the group.
func sleeper(t *testing.T, g *Group) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("sleep", "1000")
	startIn(t, g, cmd)
	return cmd
}

func startIn(t *testing.T, g *Group, cmd *exec.Cmd) {
	t.Helper()
	if fd, ok := g.FD(); ok {
		cmd.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: fd}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := g.Adopt(cmd.Process.Pid); err != nil {
		t.Fatal(err)
	}
}

func TestLimitsAreReadBack(t *testing.T) {
	g := create(t, place(t), "limits")
	for _, want := range []bench.Limits{
		bench.DefaultLimits(),
		{Memory: 2 << 30, CPUs: 1.5, Pids: 500},
		{Memory: 32 << 20, CPUs: 0.25, Pids: 3},
		{Memory: 64 << 20, CPUs: 2, Pids: 300},
	} {
		if err := g.SetLimits(want); err != nil {
			t.Fatal(err)
		}
		e := g.ReadBack()
		if e.Limits.Memory != want.Memory || e.Limits.CPUs != want.CPUs || e.Limits.Pids != want.Pids {
			t.Errorf("asked for %+v, in force is %+v", want, e.Limits)
		}
		if len(e.Mechanism) != 3 || e.Swap == nil || *e.Swap != 0 {
			t.Errorf("mechanisms %v, swap %v", e.Mechanism, e.Swap)
		}
		if e.Sockets != nil && *e.Sockets != want.Memory {
			t.Errorf("sockets may hold %d bytes", *e.Sockets)
		}
	}
}

func TestProcessesAreInTheGroupAndDie(t *testing.T) {
	g := create(t, place(t), "kill")
	cmd := sleeper(t, g)
	for _, dir := range g.folders() {
		text, err := os.ReadFile(filepath.Join(dir, "cgroup.procs"))
		if err != nil || len(strings.Fields(string(text))) != 1 {
			t.Errorf("%s holds %q, %v", dir, text, err)
		}
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	if err := g.Kill(); err != nil {
		t.Fatal(err)
	}
	<-done
	if pids, err := g.Pids(); err != nil || len(pids) != 0 {
		t.Errorf("left: %v, %v", pids, err)
	}
}

const headless = "CGROUP_TEST_HEADLESS"

// With the variable this program ends its first thread and goes on in another.
func init() {
	if os.Getenv(headless) == "" {
		return
	}
	runtime.LockOSThread()
	runtime.GOMAXPROCS(2)
	started := make(chan struct{})
	go func() {
		close(started)
		time.Sleep(time.Minute)
		os.Exit(1)
	}()
	<-started
	_, _, _ = syscall.Syscall(syscall.SYS_EXIT, 0, 0, 0)
}

// A process whose first thread has ended dies too.
func TestAProcessWithoutItsFirstThreadDies(t *testing.T) {
	g := create(t, place(t), "headless")
	cmd := exec.Command(os.Args[0]) //nolint:gosec // this program
	cmd.Env = append(os.Environ(), headless+"=1")
	startIn(t, g, cmd)
	for state := ""; state != "Z"; time.Sleep(time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", cmd.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		state = strings.Fields(string(stat))[2]
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	if err := g.Kill(); err != nil {
		_ = cmd.Process.Kill()
		t.Error(err)
	}
	<-done
}

// A group that somebody has frozen dies too: on v1 no signal reaches what is frozen.
func TestAFrozenGroupDies(t *testing.T) {
	g := create(t, place(t), "frozen")
	cmd := sleeper(t, g)
	file, state := filepath.Join(g.folder("freezer"), "freezer.state"), "FROZEN"
	if g.place.Mode == V2 {
		file, state = filepath.Join(g.v2Dir(), "cgroup.freeze"), "1"
	}
	if err := writeFile(file, state); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	if err := g.Kill(); err != nil {
		t.Error(err)
		_ = g.v1.Thaw()
	}
	<-done
}

// Without cgroup.kill the group is frozen and killed one by one.
func TestKillWithoutUnified(t *testing.T) {
	p := place(t)
	if p.Mode == V2 {
		t.Skip("v2 has cgroup.kill; its fallback is the library's")
	}
	old := *p
	old.unified, old.Mode = "", V1
	g := create(t, &old, "freeze")
	cmd := sleeper(t, g)
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	if err := g.Kill(); err != nil {
		t.Fatal(err)
	}
	<-done
}

func TestCounters(t *testing.T) {
	g := create(t, place(t), "count")
	cmd := sleeper(t, g)
	defer func() { _ = g.Kill(); _ = cmd.Wait() }()
	c := g.Counters()
	for name, v := range map[string]*int64{
		"memory peak": c.MemoryPeak, "CPU": c.CPU, "throttled": c.Throttled, "OOM kills": c.OOMKills, "pids denied": c.PidsDenied,
	} {
		if v == nil {
			t.Errorf("%s can't be read here", name)
		}
	}
	if c.CPU != nil && *c.CPU < 0 {
		t.Errorf("CPU %d", *c.CPU)
	}
}

func TestAPeakIsReset(t *testing.T) {
	g := create(t, place(t), "peak")
	cmd := sleeper(t, g)
	defer func() { _ = g.Kill(); _ = cmd.Wait() }()
	before := int64(0)
	for range 100 { // until it has all the memory that it needs
		c := g.Counters()
		if before > 0 && *c.MemoryPeak == before {
			break
		}
		before = *c.MemoryPeak
		time.Sleep(20 * time.Millisecond)
	}
	if g.ResetPeak() { // not every kernel can
		if after := g.Counters(); *after.MemoryPeak > before {
			t.Errorf("peak %d after the reset, %d before", *after.MemoryPeak, before)
		}
	}
}

// A kernel file that is missing leaves its figure absent, never zero.
func TestMissingFileIsAbsent(t *testing.T) {
	g := &Group{place: &Place{Mode: V2, unified: t.TempDir()}, path: "/"}
	if err := os.WriteFile(filepath.Join(g.v2Dir(), "cpu.stat"), []byte("usage_usec 5\nuser_usec 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	g.files = openFigures(g)
	defer g.files.close()
	c := g.Counters()
	if c.CPU == nil || *c.CPU != 5000 || c.MemoryPeak != nil || c.OOMKills != nil || c.Throttled != nil {
		t.Errorf("counters %+v", c)
	}
	if g.ResetPeak() {
		t.Error("a peak was reset that does not exist")
	}
}

func TestSweep(t *testing.T) {
	p := place(t)
	mine, err := p.Create("mine-1", bench.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	other := create(t, p, "other-1")
	cmd := sleeper(t, mine)
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	if n, err := p.Sweep("mine-"); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	<-done
	for _, dir := range mine.folders() {
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("%s is left", dir)
		}
	}
	for _, dir := range other.folders() {
		if _, err := os.Stat(dir); err != nil {
			t.Errorf("another's group was touched: %v", err)
		}
	}
	mine.files.close()
	_ = mine.dir.Close()
}

func BenchmarkCounters(b *testing.B) {
	sandboxtest.NeedRoot(b)
	p, err := Find("/benchcell-bench")
	if err != nil {
		b.Fatal(err)
	}
	g, err := p.Create("counters", bench.DefaultLimits())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		g.Counters()
	}
	if err := g.Delete(); err != nil {
		b.Error(err)
	}
	_ = (&Group{place: p, path: p.parent}).remove()
}
