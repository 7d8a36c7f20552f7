package runner

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"

	"benchcell/internal/sandbox/runner/frame"
)

// Move takes the conversation to a shorter way: the runner makes a pair of
// sockets, and take gets one of them out of it by its number there; it must hand
// over nothing on which the token does not come first. moved is false if take
// could not, and the conversation goes on where it was.
func (c *Conn) Move(ctx context.Context, take func(fd int, token string) (net.Conn, error)) (moved bool, err error) {
	token := rand.Text()
	if err := c.write(func(b []byte) []byte { return frame.AppendLine(b, token) }); err != nil {
		return false, err
	}
	fd, err := answer(ctx, c, frame.TypeOffer, frame.DecodeOffer)
	if err != nil || fd == 0 {
		return false, err
	}
	line, failed := take(int(fd), token)
	err = c.write(func(b []byte) []byte { return frame.AppendMoved(b, failed == nil) })
	if failed != nil {
		return false, err
	}
	if err != nil {
		_ = line.Close()
		return false, fmt.Errorf("move to a line: %w", err)
	}
	c.stream = line
	c.in.Reset(line)
	return true, nil
}
