package runner

import (
	"fmt"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/runner/frame"
)

// Outcome reads the report of one job. Evidence that only the boundary's owner
// can see is given; the verdict follows from both.
func (r *Report) Outcome(job *frame.Job, seen bench.Evidence) *sandbox.Outcome {
	o := &sandbox.Outcome{
		Wall:           time.Duration(r.Wall),
		Output:         bench.Output{Stdout: r.Stdout, Stderr: r.Stderr},
		StdoutProduced: r.StdoutBytes,
		StderrProduced: r.StderrBytes,
		Evidence:       seen,
	}
	o.Evidence.StdoutDropped = r.StdoutBytes - int64(len(r.Stdout))
	o.Evidence.StderrDropped = r.StderrBytes - int64(len(r.Stderr))
	if r.Status == frame.NotStarted {
		o.Verdict = bench.StartFailed
		o.Death = bench.Death{How: "not_started"}
		o.Reason = r.whyNotStarted(job)
		return o
	}
	o.Started = r.Sent
	o.Moments = r.moments()
	o.CPU = &sandbox.CPU{User: time.Duration(r.UserTime), System: time.Duration(r.SystemTime)}
	// Copies: a pointer into the report would keep the output with it, of each sample
	// until the run has ended.
	o.MaxRSS, o.Switches, o.Evidence.Leftovers = new(r.MaxRSS), new(r.InvoluntarySwitches), new(r.Leftovers)
	o.Evidence.LimitReached = r.limitReached()
	o.Death = r.death(o.Evidence)
	o.Verdict = r.verdict(job, o.Evidence)
	return o
}

// OutOfMemory is the outcome of a job whose runner can't report any more.
func OutOfMemory(seen bench.Evidence, reason string) *sandbox.Outcome {
	return &sandbox.Outcome{Verdict: bench.OOM, Death: bench.Death{How: "not_ended"}, Evidence: seen, Reason: reason}
}

// verdict names the first cause. What the kernel refused or killed came before
// our own clock ran out, so it is named before the timeout.
func (r *Report) verdict(job *frame.Job, e bench.Evidence) bench.Verdict {
	failed := r.Status != frame.Exited || r.Code != 0 || r.Cause != frame.CauseNone
	switch {
	case r.Cause == frame.CauseCancel:
		return bench.Cancelled
	case above(e.OOMKills):
		return bench.OOM
	case r.Cause == frame.CauseCPU:
		return bench.CPULimit
	case job.StrictOutput && e.StdoutDropped+e.StderrDropped > 0:
		return bench.OutputLimit
	case failed && above(e.PidsRefused):
		return bench.PidsLimit
	case r.Cause == frame.CauseTimeout:
		return bench.Timeout
	case failed && (r.DiskFull > 0 || (r.Status == frame.Signaled && r.Code == int64(syscall.SIGXFSZ))):
		return bench.DiskLimit
	case r.Status == frame.Signaled:
		return bench.Signaled
	case r.Code != 0:
		return bench.NonzeroExit
	}
	return bench.OK
}

func above(n *int64) bool { return n != nil && *n > 0 }

func (r *Report) limitReached() *string {
	name := map[frame.Cause]string{
		frame.CauseTimeout: bench.LimitTimeout,
		frame.CauseCPU:     bench.LimitCPUTime,
		frame.CauseOutput:  bench.LimitOutput,
	}[r.Cause]
	if name == "" {
		return nil
	}
	return &name
}

func (r *Report) death(e bench.Evidence) bench.Death {
	code := int(r.Code)
	if r.Status == frame.Exited {
		return bench.Death{How: "exited", Code: &code}
	}
	sig := syscall.Signal(r.Code)
	name, by := SignalName(sig), r.sender(sig, e)
	return bench.Death{How: "signaled", Signal: &name, SentBy: &by}
}

func (r *Report) sender(sig syscall.Signal, e bench.Evidence) string {
	// What we sent after its end was for those that it left behind.
	sent := func(at int64) bool { return at >= 0 && at <= r.ExitedAt }
	switch {
	case sig == syscall.SIGKILL && sent(r.SigkillAt), sig == syscall.SIGTERM && sent(r.SigtermAt):
		return "benchcell"
	case sig == syscall.SIGKILL && above(e.OOMKills):
		return "kernel"
	case sig == syscall.SIGSEGV, sig == syscall.SIGBUS, sig == syscall.SIGFPE, sig == syscall.SIGILL,
		sig == syscall.SIGXFSZ, sig == syscall.SIGXCPU, sig == syscall.SIGSYS:
		return "kernel"
	}
	return "program"
}

// RSSSource is where MaxRSS was read, and what of it is not the program's. By the time
// that the runner tells its size it may have grown beyond what the program began with.
func (r *Report) RSSSource() string {
	return fmt.Sprintf("wait4 ru_maxrss (floor %d KiB: the runner's own size)", min(r.Floor, r.MaxRSS)>>10)
}

// SignalName is the usual name, SIGKILL for 9.
func SignalName(sig syscall.Signal) string {
	if name := unix.SignalName(sig); name != "" {
		return name
	}
	return fmt.Sprintf("signal %d", int(sig))
}

func (r *Report) moments() []sandbox.Moment {
	list := []sandbox.Moment{{Event: bench.EventStarted, At: r.Sent}}
	for _, m := range []struct {
		event string
		after int64
	}{
		{bench.EventSigterm, r.SigtermAt},
		{bench.EventSigkill, r.SigkillAt},
		{bench.EventExited, r.ExitedAt},
		{bench.EventEmpty, r.EmptyAt},
	} {
		if m.after >= 0 {
			list = append(list, sandbox.Moment{Event: m.event, At: r.Sent.Add(time.Duration(m.after))})
		}
	}
	// What outlived the program is killed after its exit, an obstinate program before.
	slices.SortStableFunc(list, func(a, b sandbox.Moment) int { return a.At.Compare(b.At) })
	return list
}

// whyNotStarted says what was wrong in the user's terms.
func (r *Report) whyNotStarted(job *frame.Job) string {
	errno := syscall.Errno(r.Code)
	program := job.Argv[0]
	switch {
	case r.Failed == frame.StepLookup && errno == syscall.EACCES:
		return fmt.Sprintf("%s in PATH is not executable (%s)", program, unix.ErrnoName(errno))
	case r.Failed == frame.StepLookup:
		return fmt.Sprintf("%s was not found in PATH (%s)", program, unix.ErrnoName(errno))
	case r.Failed == frame.StepDir:
		return fmt.Sprintf("the working folder %s can't be used: %s (%s)", job.Dir, errno.Error(), unix.ErrnoName(errno))
	case r.Failed == frame.StepExec && errno == syscall.ENOENT: // the kernel says the same of all
		return fmt.Sprintf("%s is not there, or the interpreter or loader that it names is not (ENOENT)", program)
	case r.Failed == frame.StepExec && errno == syscall.ENOEXEC:
		return fmt.Sprintf("%s is no program for this machine: exec format error (ENOEXEC)", program)
	case r.Failed == frame.StepExec && errno == syscall.EACCES:
		return fmt.Sprintf("%s is not executable: permission denied (EACCES)", program)
	case r.Failed == frame.StepExec && errno == syscall.E2BIG:
		return fmt.Sprintf("the arguments and the environment of %s are too long for the kernel (E2BIG)", program)
	}
	return fmt.Sprintf("%s could not be started: %s (%s, at step %q)", program, errno.Error(), unix.ErrnoName(errno), r.Failed)
}
