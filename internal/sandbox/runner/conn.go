// Package runner is the server's end of the runner: the program in a sealed
// memory file, the conversation with it, and what its report means. The other
// end is package inside; what is said is package frame.
package runner

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"benchcell/internal/sandbox/runner/frame"
)

// answerMargin is how much longer than the job may take the runner has to
// report. After it the boundary is destroyed from outside.
const answerMargin = 5 * time.Second

// Stream leads to a runner and back.
type Stream interface {
	io.ReadWriteCloser
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}

// Conn is the conversation with one runner. One job at a time.
type Conn struct {
	stream Stream
	in     *bufio.Reader
	ready  frame.Ready
	empty  bool // nothing lies in the folders of a boundary, as its last job has left it
	kept   bool // something in them is to stay

	mu  sync.Mutex // of writes: a cancel can come between
	out []byte
}

// Greet waits for the runner's greeting.
func Greet(ctx context.Context, stream Stream) (*Conn, error) {
	c := &Conn{stream: stream, in: bufio.NewReaderSize(stream, 32<<10)}
	stop := context.AfterFunc(ctx, func() { _ = stream.SetReadDeadline(time.Now()) })
	defer stop()
	kind, payload, err := c.next()
	if err != nil {
		return nil, fmt.Errorf("the runner did not greet: %w", err)
	}
	if kind == frame.TypeFailed {
		return nil, notBuilt(payload)
	}
	if kind != frame.TypeReady {
		return nil, fmt.Errorf("the runner greeted with frame type %d", kind)
	}
	if c.ready, err = frame.DecodeReady(payload); err != nil {
		return nil, err
	}
	if c.ready.Version != frame.Version {
		return nil, fmt.Errorf("the runner speaks version %d, this server %d", c.ready.Version, frame.Version)
	}
	return c, nil
}

// notBuilt says in words why a runner has no boundary.
func notBuilt(payload []byte) error {
	f, err := frame.DecodeFailed(payload)
	if err != nil {
		return err
	}
	return fmt.Errorf("the boundary could not be built: %s: %w", f.Step, syscall.Errno(f.Errno))
}

// Floor is the runner's own size in bytes: no child's maximum reads below it.
func (c *Conn) Floor() int64 { return c.ready.Floor }

// Waits says whether the runner is still there: it says nothing unasked, so that what
// there is to read of one that waits is its end.
func (c *Conn) Waits() bool {
	link, ok := c.stream.(syscall.Conn)
	if !ok {
		return true // that can't be seen
	}
	raw, err := link.SyscallConn()
	if errors.Is(err, errors.ErrUnsupported) {
		return true
	}
	if err != nil {
		return false
	}
	waits := false
	err = raw.Control(func(fd uintptr) {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0) //nolint:gosec // a descriptor
		waits = n == 0 && err == nil
	})
	return waits && err == nil
}

// Close ends the conversation; the runner kills what it runs and leaves.
func (c *Conn) Close() error { return c.stream.Close() }

// SetStdin hands over the standard input of all jobs that ask for it.
func (c *Conn) SetStdin(data []byte) error {
	for first := true; first || len(data) > 0; first = false {
		n := min(len(data), pieceSize)
		chunk := data[:n]
		if err := c.write(func(b []byte) []byte { return frame.AppendStdin(b, first, chunk) }); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// Report is what the runner said of one job.
type Report struct {
	frame.Result
	Sent           time.Time // when the job went out: the start, but for the way there
	Stdout, Stderr []byte
}

// Do runs one job. When ctx ends the runner is told to end the program. live,
// if not nil, sees output as it comes. An error means that the runner can't be
// used again.
func (c *Conn) Do(ctx context.Context, job *frame.Job, live func(stdout bool, chunk []byte)) (*Report, error) {
	job = loosen(job)
	report := &Report{Sent: time.Now()}
	if err := c.stream.SetReadDeadline(report.Sent.Add(time.Duration(job.Timeout+job.Grace) + answerMargin)); err != nil {
		return nil, err
	}
	if err := c.write(func(b []byte) []byte { return frame.AppendJob(b, job) }); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { c.cancel(job) })
	defer stop()
	for {
		kind, payload, err := c.next()
		if err != nil {
			return nil, lost(err)
		}
		switch kind {
		case frame.TypeOutput:
			if err := report.keep(payload, job.Output, live); err != nil {
				return nil, err
			}
		case frame.TypeResult:
			result, err := frame.DecodeResult(payload)
			if err != nil {
				return nil, err
			}
			report.Result, c.empty = *result, result.Empty == 1
			return report, nil
		default:
			return nil, fmt.Errorf("the runner sent frame type %d", kind)
		}
	}
}

// lost says in words that the runner gives no answer.
func lost(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("the runner did not answer in time, as if something had stopped it: %w", err)
	}
	return fmt.Errorf("the runner was lost: %w", err)
}

func (c *Conn) cancel(job *frame.Job) {
	_ = c.stream.SetReadDeadline(time.Now().Add(time.Duration(job.Grace) + answerMargin))
	// An error here shows at the reader too.
	_ = c.write(frame.AppendCancel)
}

// keep takes one chunk of output; the runner's own cap is not believed.
func (r *Report) keep(payload []byte, limit int64, live func(bool, []byte)) error {
	stream, chunk, err := frame.DecodeOutput(payload)
	if err != nil {
		return err
	}
	to := &r.Stdout
	if stream == frame.Stderr {
		to = &r.Stderr
	}
	if int64(len(*to)+len(chunk)) > limit {
		return errors.New("the runner sent more output than was asked for")
	}
	*to = append(*to, chunk...)
	if live != nil {
		live(stream == frame.Stdout, chunk)
	}
	return nil
}

func (c *Conn) write(add func([]byte) []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out = add(c.out[:0])
	// What is at the other end may have been stopped, or be an engine that reads no more.
	if err := c.stream.SetWriteDeadline(time.Now().Add(orderTimeout)); err != nil {
		return lost(err)
	}
	if _, err := c.stream.Write(c.out); err != nil {
		return lost(err)
	}
	return nil
}

// next reads one frame. The payload is valid until the next call.
func (c *Conn) next() (frame.Type, []byte, error) {
	header, err := c.in.Peek(frame.HeaderSize)
	if err != nil {
		return 0, nil, err
	}
	kind, n, err := frame.Header(header)
	if err != nil {
		return 0, nil, err
	}
	if n > frame.MaxChunk+16 {
		return 0, nil, frame.ErrTooLarge // the runner sends nothing larger
	}
	_, _ = c.in.Discard(frame.HeaderSize)
	if n <= c.in.Size() {
		payload, err := c.in.Peek(n)
		_, _ = c.in.Discard(len(payload))
		return kind, payload, err
	}
	payload := make([]byte, n)
	_, err = io.ReadFull(c.in, payload)
	return kind, payload, err
}
