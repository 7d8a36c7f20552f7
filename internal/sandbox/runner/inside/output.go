//go:build linux

package inside

import (
	"benchcell/internal/sandbox/runner/frame"
	"benchcell/internal/sandbox/weaken"
)

// output forwards what a program writes: up to keep bytes of each stream, in
// the order of arrival. What is past that is drained and counted, so that the
// program never blocks on a full pipe. Small outputs wait a little and travel
// with the result, because waking the server disturbs the measurement.
type output struct {
	conn    *conn
	keep    int64
	pending []byte // frames not yet sent
	flushAt int64
}

const (
	flushSize  = 32 << 10
	flushDelay = 50e6
)

// chunk is where bytes from the pipes land; one program runs at a time.
var chunk [64 << 10]byte

// read takes one chunk from a pipe.
func (o *output) read(stream frame.Stream, fd int, produced *int64) {
	if weaken.Off("drain") && *produced >= o.keep {
		return
	}
	n := read(fd, chunk[:])
	if n == 0 {
		return // nothing there yet
	}
	kept := min(int64(n), max(o.keep-*produced, 0))
	*produced += int64(n)
	if kept > 0 {
		if len(o.pending) == 0 {
			o.flushAt = now() + flushDelay
		}
		o.pending = frame.AppendOutput(o.pending, stream, chunk[:kept])
	}
}

// drain takes what is left in a pipe without waiting for its end: a process
// that escaped the tree may hold it open.
func (o *output) drain(stream frame.Stream, fd int, produced *int64) {
	for before := never; before != *produced; {
		before = *produced
		o.read(stream, fd, produced)
		if len(o.pending) > flushSize {
			o.flush()
		}
	}
}

func (o *output) due() bool {
	return len(o.pending) > flushSize || (len(o.pending) > 0 && now() >= o.flushAt)
}

func (o *output) flush() {
	o.conn.write(o.pending)
	o.pending = o.pending[:0]
}
