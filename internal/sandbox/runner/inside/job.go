//go:build linux

package inside

import (
	"syscall"

	"benchcell/internal/sandbox/runner/frame"
	"benchcell/internal/sandbox/weaken"
)

// job is one running program.
type job struct {
	*frame.Job
	conn   *conn
	child  *child
	result frame.Result

	deadline int64 // when the timeout is over
	killAt   int64 // when the grace is over; never before SIGTERM
	checkAt  int64 // when to look at the CPU time again; never without a limit

	inForce [3]int64 // rlimits as read back
	exited  bool
	used    usage
	out     output
}

// execute runs one job to its end and reports it. False is the end of the
// stream: the tree is dead and the runner has nobody to report to.
func (a *agent) execute(spec *frame.Job) bool {
	cpu := ownCPU()
	j := &job{Job: spec, conn: &a.conn, killAt: never, checkAt: never}
	j.result = frame.Result{SigtermAt: never, SigkillAt: never, ExitedAt: never, EmptyAt: never}
	j.out = output{conn: &a.conn, keep: spec.Output, pending: a.pending[:0]}

	c, failed := a.start(spec)
	if failed != nil {
		j.result.Status, j.result.Code, j.result.Failed = frame.NotStarted, int64(failed.errno), failed.step
	} else {
		j.child, j.inForce = c, a.inForce
		j.deadline = c.started + spec.Timeout
		if spec.CPUTime > 0 {
			j.checkAt = c.started + spec.CPUTime/cpus()
		}
		a.childSignal(true)
		j.reapOrphans() // those that nobody was told of
		if !j.wait() {
			return false
		}
		j.finish()
		j.result.Floor = a.size(spec)
	}
	j.result.RunnerTime = ownCPU() - cpu
	j.out.pending = frame.AppendResult(j.out.pending, &j.result)
	j.out.flush()
	a.pending = j.out.pending
	return true
}

// wait pumps output and keeps the clocks until the tree is empty.
func (j *job) wait() bool {
	fds := [4]pollFD{
		{fd: int32(j.conn.in), events: pollIn},
		{fd: int32(j.child.pidfd), events: pollIn},
		{fd: int32(j.child.stdout[0]), events: pollIn},
		{fd: int32(j.child.stderr[0]), events: pollIn},
	}
	for {
		poll(fds[:], j.nextWake()-now())
		if fds[1].revents != 0 {
			j.reapProgram()
			fds[1].fd = -1
		}
		j.reapOrphans()
		if fds[0].revents != 0 && !j.listen() {
			return false
		}
		j.pump(fds[2].revents != 0, fds[3].revents != 0)
		if j.exited && j.settle() {
			return true
		}
		j.keepTime()
	}
}

// nextWake is when something is due even if nothing happens.
func (j *job) nextWake() int64 {
	const settlePoll = 2e6
	wake := j.deadline
	if j.killAt != never {
		wake = j.killAt
	}
	if j.exited {
		wake = min(wake, now()+settlePoll)
	}
	if j.checkAt != never {
		wake = min(wake, j.checkAt)
	}
	if len(j.out.pending) > 0 {
		wake = min(wake, j.out.flushAt)
	}
	return wake
}

// reapProgram takes the program's end. The clock is read first.
func (j *job) reapProgram() {
	if j.exited {
		return
	}
	at := now()
	var status syscall.WaitStatus
	var ru syscall.Rusage
	for {
		pid, err := wait4(j.child.pid, &status, 0, &ru)
		if err == syscall.EINTR {
			continue
		}
		if pid != j.child.pid {
			return
		}
		break
	}
	j.exited = true
	j.used.count(&ru)
	r := &j.result
	r.Wall = at - j.child.started
	r.ExitedAt = r.Wall
	switch {
	case weaken.Off("status"):
		r.Status, r.Code = frame.Exited, int64(status>>8)&0x7f
	case status.Signaled():
		r.Status, r.Code = frame.Signaled, int64(status.Signal())
	default:
		r.Status, r.Code = frame.Exited, int64(status.ExitStatus())
	}
}

// reapOrphans takes descendants that ended while the program runs: they hold a
// place under the limit of processes until then. Their SIGCHLD ends the poll.
func (j *job) reapOrphans() {
	for !j.exited {
		pid := endedChild()
		if pid <= 0 || pid == j.child.pid {
			return
		}
		var ru syscall.Rusage
		if _, err := wait4(pid, nil, 0, &ru); err == nil {
			j.used.count(&ru)
		}
	}
}

// listen reads the stream during the job: only an order to cancel can come.
func (j *job) listen() bool {
	if !j.conn.fill() {
		killTree()
		return false
	}
	for {
		kind, _, complete, ok := j.conn.take()
		if !ok || (complete && kind != frame.TypeCancel) {
			killTree()
			return false
		}
		if !complete {
			return true
		}
		j.terminate(frame.CauseCancel)
	}
}

// pump moves output from the pipes that have some.
func (j *job) pump(stdout, stderr bool) {
	if stdout {
		j.out.read(frame.Stdout, j.child.stdout[0], &j.result.StdoutBytes)
	}
	if stderr {
		j.out.read(frame.Stderr, j.child.stderr[0], &j.result.StderrBytes)
	}
	if j.StrictOutput && max(j.result.StdoutBytes, j.result.StderrBytes) > j.Output {
		j.kill(frame.CauseOutput)
	}
	if j.out.due() {
		j.out.flush()
	}
}

// settle says whether the tree is empty. What a program leaves behind is
// killed at once, or after the grace if it was asked to end.
func (j *job) settle() bool {
	reaped := reap()
	j.used.add(reaped)
	if reaped.empty || weaken.Off("tree") {
		return true
	}
	if j.killAt != never && now() < j.killAt {
		return false
	}
	j.killNow()
	return true
}

// keepTime enforces the timeout, the grace and the CPU time.
func (j *job) keepTime() {
	t := now()
	if !j.exited && t >= j.deadline {
		j.terminate(frame.CauseTimeout)
	}
	if !j.exited && j.killAt != never && t >= j.killAt && !weaken.Off("kill") {
		j.killNow()
	}
	if j.checkAt != never && t >= j.checkAt {
		left := j.CPUTime - treeCPU(&j.used)
		if left <= 0 {
			j.kill(frame.CauseCPU)
			return
		}
		const shortest = 2e6
		j.checkAt = t + max(left/cpus(), shortest)
	}
}

// terminate sends SIGTERM to the whole tree, once, and starts the grace.
func (j *job) terminate(cause frame.Cause) {
	if j.killAt != never {
		return
	}
	j.blame(cause)
	if !weaken.Off("sigterm") {
		terminateTree()
	}
	t := now()
	j.result.SigtermAt = t - j.child.started
	j.killAt = t + j.Grace
}

// kill ends the tree without grace: a limit has been passed.
func (j *job) kill(cause frame.Cause) {
	if j.result.SigkillAt == never {
		j.blame(cause)
		j.killNow()
	}
}

func (j *job) blame(cause frame.Cause) {
	if j.result.Cause == frame.CauseNone {
		j.result.Cause = cause
	}
}

// killNow kills the whole tree and takes the program's end if it was alive.
func (j *job) killNow() {
	if j.result.SigkillAt == never {
		j.result.SigkillAt = now() - j.child.started
	}
	j.checkAt = never
	if j.exited {
		killed, reaped := killTree()
		j.result.Leftovers += int64(killed)
		j.used.add(reaped)
		return
	}
	stopAndKill()
	j.reapProgram()
}

// finish drains what the program wrote last and closes the books.
func (j *job) finish() {
	if j.used.empty {
		j.result.EmptyAt = now() - j.child.started
	}
	j.out.drain(frame.Stdout, j.child.stdout[0], &j.result.StdoutBytes)
	j.out.drain(frame.Stderr, j.child.stderr[0], &j.result.StderrBytes)
	j.child.closePipes()
	shut(j.child.pidfd)
	r, u := &j.result, &j.used
	if full(j.Disks) {
		r.DiskFull = 1
	}
	if bare(j.Swept) && noObjects() {
		r.Empty = 1
	}
	r.Core, r.OpenFiles, r.FileSize = j.inForce[0], j.inForce[1], j.inForce[2]
	r.UserTime, r.SystemTime, r.MaxRSS = u.user, u.system, u.maxRSS
	r.MinorFaults, r.MajorFaults = u.minorFaults, u.majorFaults
	r.VoluntarySwitches, r.InvoluntarySwitches = u.voluntary, u.involuntary
	r.BlocksIn, r.BlocksOut = u.blocksIn, u.blocksOut
}
