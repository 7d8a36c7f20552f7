//go:build linux

// Package inside is the runner: the small program at the inside of every
// boundary. It starts the benchmark, times it, ends it when its time is up,
// clears what it left behind, and says over its stream what happened.
//
// It is lean on purpose. Its own size is the floor of every child's maximum
// resident set and the memory that each waiting runner costs, so it stands on
// package syscall alone: no os, no fmt, no reflection. While a program runs it
// needs no new thread, which a fork bomb at the limit of processes would deny.
package inside

import (
	"runtime"
	"syscall"

	"benchcell/internal/sandbox/runner/frame"
	"benchcell/internal/sandbox/weaken"
)

// Exit codes of the runner itself. The server sees them when a runner dies.
const (
	exitStreamEnded = 0 // the server closed the stream or is gone
	exitBadFrame    = 3
	exitSetup       = 4
)

// agent is the state between jobs.
type agent struct {
	conn  conn
	line  line
	null  int                 // /dev/null, the empty standard input
	guest *syscall.Credential // who the programs are, nil for whoever the runner is
	stdin spool
	work  work
	jobs  int

	// The samples of a benchmark repeat one job: what was decoded and grown for
	// the last one serves the next, and the runner stays small.
	lastPayload []byte
	lastJob     *frame.Job
	pending     []byte
	limited     *frame.Job // whose limits are in force
	inForce     [3]int64   // and what they are, in the order of limits
	sized       *frame.Job // after which the runner's own size was seen
	peak        int64      // and what it was, in bytes
	cores       cores

	dropped sigaction // what the runner does with signals
	oom     oomScore
}

// Main serves jobs from descriptor in, answers on descriptor out, and returns
// the exit code once the stream ends. Whatever still runs is killed first. With
// build set the first order is to build a boundary.
func Main(in, out int, build bool) int {
	a := &agent{conn: conn{in: in, out: out, home: make([]byte, 0, readSize)}}
	syscall.CloseOnExec(in)
	syscall.CloseOnExec(out)
	if !weaken.Off("descriptors") {
		closeOthers(in, out)
	}
	if a.oom.open() != nil || (build && !a.build()) {
		return exitSetup
	}
	if err := a.setUp(); err != nil {
		return exitSetup
	}
	a.greet()
	for {
		kind, payload, ok := a.conn.next()
		if !ok {
			killTree()
			return exitStreamEnded
		}
		if !a.serve(kind, payload) {
			killTree()
			return exitBadFrame
		}
	}
}

// build makes the boundary that the server describes, and reports if it can't.
func (a *agent) build() bool {
	kind, payload, ok := a.conn.next()
	if !ok || kind != frame.TypeBoundary {
		return false
	}
	description, err := frame.DecodeBoundary(payload)
	if err != nil {
		return false
	}
	b := builder{Boundary: description}
	b.build()
	if !b.ok() {
		a.conn.write(frame.AppendFailed(nil, b.failed))
		return false
	}
	if b.Guest != b.User {
		a.guest = &syscall.Credential{Uid: uint32(b.Guest), Gid: uint32(b.Guest)}
	}
	return true
}

func (a *agent) setUp() (err error) {
	if !weaken.Off("signals") {
		a.dropped = dropSignals()
	}
	if weaken.Off("lean") {
		ballast()
	}
	if err := becomeSubreaper(); err != nil {
		return err
	}
	if !weaken.Off("dumpable") {
		if err := becomeUndumpable(); err != nil {
			return err
		}
	}
	a.null, err = syscall.Open("/dev/null", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	a.stdin.fd, a.work.fd = -1, -1
	return err
}

// ballast makes the runner as large as a server is, in a build that can weaken.
func ballast() {
	b, err := syscall.Mmap(-1, 0, 64<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	for i := 0; err == nil && i < len(b); i += 4096 {
		b[i] = 1
	}
}

func (a *agent) greet() {
	a.conn.write(frame.AppendReady(nil, frame.Ready{
		Version: frame.Version, Pid: int64(syscall.Getpid()), Floor: ownPeak(),
	}))
}

// serve handles one frame and says whether the stream still makes sense.
func (a *agent) serve(kind frame.Type, payload []byte) bool {
	switch kind {
	case frame.TypeStdin:
		first, chunk, err := frame.DecodeStdin(payload)
		return err == nil && a.stdin.add(first, chunk) == nil
	case frame.TypeCancel:
		return true // the job it was meant for is over
	case frame.TypePut:
		return a.put(payload)
	case frame.TypeKeep:
		a.work.kept = marks(workFolder)
		return true
	case frame.TypeRestore:
		return a.restore(payload)
	case frame.TypeRead:
		return a.read(payload)
	case frame.TypeLine:
		return a.offerLine(payload)
	case frame.TypeMoved:
		return a.move(payload)
	case frame.TypeJob:
		job, err := a.decode(payload)
		if err != nil {
			return false
		}
		a.collectGarbage()
		return a.execute(job)
	}
	return false
}

func (a *agent) decode(payload []byte) (*frame.Job, error) {
	if a.lastJob != nil && string(payload) == string(a.lastPayload) {
		return a.lastJob, nil
	}
	job, err := frame.DecodeJob(payload)
	a.lastPayload, a.lastJob = append(a.lastPayload[:0], payload...), job
	return job, err
}

// size is the runner's own peak, which is what the kernel begins with to count a
// program's. It is looked at anew for a new job, and now and then for one that is
// repeated, because that takes 10 µs.
func (a *agent) size(job *frame.Job) int64 {
	if a.sized != job || a.jobs%64 == 0 {
		a.sized, a.peak = job, ownPeak()
	}
	return a.peak
}

// collectGarbage bounds the heap of a runner in a very long session. A job
// leaves a third of a KiB, a collection costs 350 KiB for good, and the
// collector's own threshold of 4 MiB would double the runner.
func (a *agent) collectGarbage() {
	a.jobs++
	if a.jobs%1024 == 0 {
		runtime.GC()
	}
}
