//go:build linux

package inside

import (
	"syscall"

	"benchcell/internal/sandbox/runner/frame"
)

// conn is the stream to the server, read without blocking the job that runs.
type conn struct {
	in, out int
	home    []byte // the buffer's memory, for whatever fits in it
	buf     []byte // read and not yet taken
	waiting [1]pollFD
}

// readSize is what one read asks for, and more than a piece of a file needs.
const readSize = 16 << 10

// next takes the next frame and waits for it. It is false once the stream has
// ended or makes no sense. The payload is valid until the next call.
func (c *conn) next() (frame.Type, []byte, bool) {
	for {
		kind, payload, complete, ok := c.take()
		if complete || !ok {
			return kind, payload, ok
		}
		c.dawdle()
		if !c.fill() {
			return 0, nil, false
		}
	}
}

// dawdle waits a little for the next order the way poll does, because samples
// follow one another closely. After that the wait is the runtime's too, which
// then falls asleep with us.
func (c *conn) dawdle() {
	const little = 50e6
	c.waiting[0] = pollFD{fd: int32(c.in), events: pollIn}
	poll(c.waiting[:], little)
}

// take returns the first buffered frame, if it is complete.
func (c *conn) take() (kind frame.Type, payload []byte, complete, ok bool) {
	if len(c.buf) < frame.HeaderSize {
		return 0, nil, false, true
	}
	kind, n, err := frame.Header(c.buf)
	if err != nil {
		return 0, nil, false, false
	}
	whole := frame.HeaderSize + n
	if len(c.buf) < whole {
		return 0, nil, false, true
	}
	payload = c.buf[frame.HeaderSize:whole:whole]
	c.buf = c.buf[whole:]
	return kind, payload, true, true
}

// fill reads once; false is the end of the stream. What is left of a small frame
// goes to the front of home: garbage here would count as the program's memory.
func (c *conn) fill() bool {
	if len(c.buf) < cap(c.home) {
		c.buf = append(c.home[:0], c.buf...)
	} else if cap(c.buf)-len(c.buf) < readSize {
		c.buf = append(make([]byte, 0, 2*len(c.buf)+readSize), c.buf...)
	}
	for {
		n, err := syscall.Read(c.in, c.buf[len(c.buf):cap(c.buf)])
		if err == syscall.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return false
		}
		c.buf = c.buf[:len(c.buf)+n]
		return true
	}
}

// write sends b whole. A server that is gone shows as the end of the stream.
func (c *conn) write(b []byte) {
	for len(b) > 0 {
		n, err := syscall.Write(c.out, b)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return
		}
		b = b[n:]
	}
}
