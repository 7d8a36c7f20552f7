package worker

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"benchcell/internal/bench"
	host "benchcell/internal/machine"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/process"
	"benchcell/internal/sandbox/sandboxtest"
)

func TestMain(m *testing.M) { os.Exit(sandboxtest.Main(m)) }

// pinnedSpinner keeps one processor busy until the test ends: a child has the
// processors of the thread that starts it.
func pinnedSpinner(t *testing.T, guest string, cpu int) {
	t.Helper()
	cmd, started := exec.Command(guest, "spin", "1", "60000"), make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with its processors
		var set unix.CPUSet
		set.Set(cpu)
		err := unix.SchedSetaffinity(0, &set)
		if err == nil {
			err = cmd.Start()
		}
		started <- err
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
}

func TestABusyLoopOnItsProcessorDisturbsASample(t *testing.T) {
	top := host.ReadTopology("/")
	cpu := top.CPUs[len(top.CPUs)-1].ID
	guest := sandboxtest.Build(t, "internal/sandbox/sandboxtest/guest")
	backend := process.New(process.Config{
		Runner: sandboxtest.Program(t, "runner-image/runner"), Owner: "test-spinner", Temp: t.TempDir(),
		CgroupParent: "none", Keep: 1, Log: slog.New(slog.DiscardHandler),
	})
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error)
	go func() { stopped <- backend.Run(ctx) }()
	defer func() { stop(); <-stopped }()
	w := &Worker{
		Backends: map[bench.Isolation]sandbox.Backend{bench.Process: backend}, Observer: &witness{},
		Pick: func(float64) ([]int, string) { return []int{cpu}, "" },
		Watch: func(cpus []int) (Watch, int, error) {
			watch, err := host.NewWatch("/", cpus)
			return watch, watch.Processors(), err
		},
	}
	pinnedSpinner(t, guest, cpu)
	none, now := 0, time.Now().UTC()
	p := plan(func(p *bench.Plan) {
		p.Command, p.Iterations, p.Warmup = []string{guest, "spin", "1", "300"}, 3, &none
		p.Timeout, p.Grace = 60_000, 1000
	})
	m := w.Execute(t.Context(), bench.NewRun("run", p, nil, now).Take(now).Run, p)
	if m.Verdict != bench.OK || marks(m) != "xxx" {
		t.Errorf("verdict %s, %s, %+v, %s", m.Verdict, marks(m), m.Warnings, m.Error)
	}
}
