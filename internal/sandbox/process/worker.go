//go:build linux

package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/cgroup"
	"benchcell/internal/sandbox/runner"
	"benchcell/internal/sandbox/runner/frame"
	"benchcell/internal/sandbox/weaken"
)

// greetTimeout bounds the start of a runner: it takes milliseconds.
const greetTimeout = 10 * time.Second

// maxJobs retires a runner: each job leaves a third of a KiB on its heap, and some
// leave more. What it has grown by, in bytes, the memory of all its programs reads.
const (
	maxJobs   = 512
	maxGrowth = 512 << 10
)

// worker is one started runner with its control group.
type worker struct {
	kind    kind
	view    *runner.View        // from inside its sandbox
	proof   []runner.Protection // what that shows
	cmd     *exec.Cmd
	conn    *runner.Conn
	group   *cgroup.Group    // nil without control groups
	limits  bench.Limits     // in force in the group
	inForce cgroup.Effective // and as read back since
	totals  cgroup.Totals    // when the last session ended
	temp    string           // TMPDIR of the next session, or of the one under way
	jobs    int
	size    int64         // bytes of the runner, as it told last
	dead    chan struct{} // closed once the runner has been waited for
}

// start makes a runner ready for its first job. Its whole cost is paid here,
// ahead of the run: the process, its groups, the 10 ms of moving it into v1.
func (b *Backend) start(ctx context.Context, k kind) (*worker, error) {
	w := &worker{kind: k, dead: make(chan struct{})}
	err := b.raise(ctx, w)
	if err != nil {
		w.destroy()
		w = nil
	}
	if k.sandboxed {
		b.remember(w, err)
	}
	return w, err
}

func (b *Backend) raise(ctx context.Context, w *worker) error {
	if !w.kind.sandboxed {
		if err := b.newTemp(w); err != nil {
			return err
		}
	}
	if b.place != nil {
		name := fmt.Sprintf("%s-%d-%d", b.config.Owner, os.Getpid(), b.serial.Add(1))
		group, err := b.place.Create(name, runner.Loosen(bench.DefaultLimits()))
		if err != nil {
			return err
		}
		w.group, w.limits, w.inForce, w.totals = group, bench.DefaultLimits(), group.ReadBack(), group.Totals()
	}
	stream, err := w.spawn(b.program.Path())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, greetTimeout)
	defer cancel()
	if w.kind.sandboxed {
		err = b.enclosed(ctx, w, stream)
	} else if w.conn, err = runner.Greet(ctx, stream); err == nil {
		err = w.adopt()
	}
	if err != nil {
		_ = stream.Close()
	}
	return err
}

// enclosed has the runner build its boundary, in its control group already, and
// sees from inside whether all of it is in force.
func (b *Backend) enclosed(ctx context.Context, w *worker, stream runner.Stream) error {
	description, err := b.boundary(w.kind)
	if err != nil {
		return err
	}
	if err := w.adopt(); err != nil {
		return err
	}
	if _, err := stream.Write(frame.AppendBoundary(nil, description)); err != nil {
		return fmt.Errorf("describe the boundary to the runner: %w", err)
	}
	if w.conn, err = runner.Greet(ctx, stream); err != nil {
		return err
	}
	if w.view, err = w.conn.Look(ctx, "/proc/self/exe", int64(w.kind.size)); err != nil {
		return err
	}
	w.proof = protections(w.view)
	return w.verify()
}

// adopt moves the runner into its group, which all that it starts inherits.
func (w *worker) adopt() error {
	if w.group == nil || weaken.Off("group") {
		return nil
	}
	return w.group.Adopt(w.cmd.Process.Pid)
}

// spawn starts the runner with a pipe to it as descriptor 3 and one back as 4. A
// socket would do, but when its reader takes a message its writer is woken: this
// server, to no end, just when the program starts.
func (w *worker) spawn(path string) (runner.Stream, error) {
	orders, to, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("pipe: %w", err)
	}
	defer orders.Close()
	from, answers, err := os.Pipe()
	if err != nil {
		_ = to.Close()
		return nil, fmt.Errorf("pipe: %w", err)
	}
	defer answers.Close()
	stream := pipes{from, to}
	w.cmd = &exec.Cmd{
		Path: path,
		Args: []string{"benchcell-runner"},
		// One thread runs Go code, no signal preempts it, nothing grows a heap.
		Env:         append([]string{"RUNNER_STREAM=3,4", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1"}, weaken.Env()...),
		ExtraFiles:  []*os.File{orders, answers},
		Stderr:      os.Stderr,
		SysProcAttr: &syscall.SysProcAttr{Setsid: !weaken.Off("session")},
	}
	if w.kind.sandboxed {
		w.cmd.Env = append(w.cmd.Env, "RUNNER_BUILD=1")
		enclose(w.cmd.SysProcAttr)
	}
	if w.group != nil && !weaken.Off("group") {
		if fd, ok := w.group.FD(); ok {
			w.cmd.SysProcAttr.UseCgroupFD, w.cmd.SysProcAttr.CgroupFD = true, fd
		}
	}
	if err := w.cmd.Start(); err != nil {
		_ = stream.Close()
		return nil, fmt.Errorf("start the runner: %w", err)
	}
	go func() {
		defer close(w.dead)
		_ = w.cmd.Wait() // how a runner ended shows on its stream
	}()
	return stream, nil
}

// pipes are the server's ends of a runner's two.
type pipes struct {
	*os.File // from the runner
	to       *os.File
}

func (p pipes) Write(b []byte) (int, error) { return p.to.Write(b) }

func (p pipes) SetWriteDeadline(t time.Time) error { return p.to.SetWriteDeadline(t) }

func (p pipes) Close() error { return errors.Join(p.File.Close(), p.to.Close()) }

// destroy ends the runner and whatever is in its group, and waits for it.
func (w *worker) destroy() {
	if w.conn != nil {
		_ = w.conn.Close() // the runner kills its tree and leaves
	}
	if w.cmd != nil && w.cmd.Process != nil {
		select {
		case <-w.dead:
		case <-time.After(time.Second):
			_ = w.cmd.Process.Kill()
		}
	}
	if w.group != nil {
		_ = errors.Join(w.group.Kill(), w.group.Delete())
	}
	if w.cmd != nil && w.cmd.Process != nil {
		<-w.dead
	}
	_ = w.removeTemp() // or the next start of the server does
}

func (w *worker) isSpent() bool {
	return w.jobs >= maxJobs || w.size > w.conn.Floor()+maxGrowth
}

func (w *worker) removeTemp() error {
	if w.temp == "" {
		return nil
	}
	err := os.Remove(w.temp) // mostly it is empty
	if err != nil {
		err = os.RemoveAll(w.temp)
	}
	if err != nil {
		return fmt.Errorf("remove the program's temporary folder: %w", err)
	}
	w.temp = ""
	return nil
}

// setLimits puts the limits of the next session in force.
func (w *worker) setLimits(limits bench.Limits) error {
	if w.group == nil || w.limits == limits {
		return nil
	}
	if err := w.group.SetLimits(runner.Loosen(limits)); err != nil {
		return fmt.Errorf("set limits: %w", err)
	}
	w.limits, w.inForce = limits, w.group.ReadBack()
	return nil
}

func (w *worker) cpuSource() string {
	if w.group == nil {
		return ""
	}
	return w.group.CPUSource()
}
