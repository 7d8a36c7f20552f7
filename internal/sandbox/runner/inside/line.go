//go:build linux

package inside

import (
	"syscall"

	"benchcell/internal/sandbox/runner/frame"
)

// line is a pair of sockets for a server on the same machine, which takes one
// of them out of this process: the way through a container engine is several
// times longer. The runner is not dumpable, so that nobody but the machine's
// root can take it.
type line struct{ mine, offered int }

func (a *agent) offerLine(payload []byte) bool {
	token, err := frame.DecodeLine(payload)
	if err != nil || a.line.mine > 0 {
		return false
	}
	fd := int64(0)
	if pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0); err == nil {
		a.line = line{pair[0], pair[1]}
		_, _ = syscall.Write(pair[0], []byte(token))
		fd = int64(pair[1])
	}
	a.conn.write(frame.AppendOffer(nil, fd))
	return true
}

// move goes over to the line once the server has its end. The descriptors of
// the old stream stay open, so that nothing else gets their numbers.
func (a *agent) move(payload []byte) bool {
	moved, err := frame.DecodeMoved(payload)
	if err != nil || a.line.mine <= 0 {
		return false
	}
	_ = syscall.Close(a.line.offered) // or the line would not end with the server
	if moved {
		a.conn.in, a.conn.out = a.line.mine, a.line.mine
	} else {
		_ = syscall.Close(a.line.mine)
	}
	return true
}
