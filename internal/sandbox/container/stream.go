package container

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/docker/docker/api/types"
)

// stream is the attached connection of a container as a plain one: the engine
// puts eight bytes before each piece of output, which say whose it is and how
// long. What PID 1 writes to its standard error is a fault's last words.
type stream struct {
	net.Conn
	in   io.Reader
	left int // of the current piece
	last []byte
}

func newStream(h types.HijackedResponse) *stream { return &stream{Conn: h.Conn, in: h.Reader} }

// SyscallConn implements syscall.Conn where the connection to the engine does.
func (s *stream) SyscallConn() (syscall.RawConn, error) {
	if c, ok := s.Conn.(syscall.Conn); ok {
		return c.SyscallConn()
	}
	return nil, errors.ErrUnsupported
}

const (
	pieceStdout = 1
	pieceStderr = 2
	maxLast     = 4 << 10
)

// Read implements io.Reader.
func (s *stream) Read(p []byte) (int, error) {
	for s.left == 0 {
		var header [8]byte
		if _, err := io.ReadFull(s.in, header[:]); err != nil {
			return 0, s.explain(err)
		}
		size := int(binary.BigEndian.Uint32(header[4:]))
		switch header[0] {
		case pieceStdout:
			s.left = size
		case pieceStderr:
			if err := s.keepLast(size); err != nil {
				return 0, err
			}
		default:
			return 0, errors.New("the engine's stream makes no sense")
		}
	}
	n, err := s.in.Read(p[:min(len(p), s.left)])
	s.left -= n
	return n, err
}

func (s *stream) keepLast(size int) error {
	text, err := io.ReadAll(io.LimitReader(s.in, int64(size)))
	s.last = append(s.last, text...)
	s.last = s.last[max(len(s.last)-maxLast, 0):]
	return err
}

// explain adds the runner's last words, if it had any.
func (s *stream) explain(err error) error {
	if len(s.last) == 0 {
		return err
	}
	return errors.Join(err, errors.New("the runner said: "+string(s.last)))
}
