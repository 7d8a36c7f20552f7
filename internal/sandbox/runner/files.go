package runner

import (
	"context"
	"encoding/base64"
	"fmt"
	"syscall"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/runner/frame"
)

// orderTimeout bounds an order that is no job: files, restoring, figures.
const orderTimeout = 30 * time.Second

// pieceSize is how much of a file or of the standard input goes out at a time:
// with its path it fits the runner's buffer, which a larger one would have grow.
// In a container that would count as the benchmark's memory.
const pieceSize = 11 << 10

// PutFiles writes a definition's files to the working folder and has it
// remembered. A full folder is the definition's fault, told as CodeInvalid.
func (c *Conn) PutFiles(ctx context.Context, files []bench.File) error {
	c.empty = false
	for _, f := range files {
		content := []byte(f.Content)
		if f.Encoding == "base64" {
			var err error
			if content, err = base64.StdEncoding.DecodeString(f.Content); err != nil {
				return bench.Errorf(bench.CodeInvalid, "file %s is not base64: %w", f.Path, err)
			}
		}
		done, err := c.put(ctx, f, content)
		if err != nil {
			return err
		}
		if done.Errno != 0 {
			return bench.Errorf(bench.CodeInvalid, "file %s can't be written to /work: %s", f.Path, syscall.Errno(done.Errno).Error())
		}
	}
	return c.Keep()
}

// Keep has the working folder remembered as it is: Restore will compare.
func (c *Conn) Keep() error {
	c.kept = true
	return c.write(frame.AppendKeep)
}

func (c *Conn) put(ctx context.Context, f bench.File, content []byte) (frame.Done, error) {
	for first := true; ; first = false {
		n := min(len(content), pieceSize)
		p := frame.Put{Path: f.Path, First: first, Last: n == len(content), Executable: f.Executable, Chunk: content[:n]}
		if err := c.write(func(b []byte) []byte { return frame.AppendPut(b, &p) }); err != nil {
			return frame.Done{}, err
		}
		if p.Last {
			return answer(ctx, c, frame.TypeDone, frame.DecodeDone)
		}
		content = content[n:]
	}
}

// Restore readies the boundary for the next sample: the folders of clean are
// emptied, and the working folder is what it was after PutFiles, or empty, which
// is true. Where there is nothing to do, as the last job's report has it, the runner
// is not asked.
func (c *Conn) Restore(ctx context.Context, clean []string) (emptied bool, err error) {
	if c.empty && !c.kept {
		return false, nil
	}
	if err := c.write(func(b []byte) []byte { return frame.AppendRestore(b, clean) }); err != nil {
		return false, err
	}
	done, err := answer(ctx, c, frame.TypeDone, frame.DecodeDone)
	if err == nil && done.Errno != 0 {
		err = fmt.Errorf("the boundary could not be cleared between samples: %w", syscall.Errno(done.Errno))
	}
	c.kept = c.kept && !done.Emptied
	return done.Emptied, err
}

// ReadInside reads kernel files of the boundary from its inside; "" is missing.
func (c *Conn) ReadInside(ctx context.Context, paths []string) ([]string, error) {
	if err := c.write(func(b []byte) []byte { return frame.AppendRead(b, paths) }); err != nil {
		return nil, err
	}
	texts, err := answer(ctx, c, frame.TypeTexts, frame.DecodeTexts)
	if err == nil && len(texts) != len(paths) {
		err = fmt.Errorf("the runner answered %d of %d files", len(texts), len(paths))
	}
	return texts, err
}

// answer waits for the one frame that answers an order.
func answer[T any](ctx context.Context, c *Conn, want frame.Type, decode func([]byte) (T, error)) (T, error) {
	var none T
	if err := c.stream.SetReadDeadline(time.Now().Add(orderTimeout)); err != nil {
		return none, err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.stream.SetReadDeadline(time.Now()) })
	defer stop()
	kind, payload, err := c.next()
	if err != nil {
		return none, lost(err)
	}
	if kind != want {
		return none, fmt.Errorf("the runner sent frame type %d, not %d", kind, want)
	}
	return decode(payload)
}
