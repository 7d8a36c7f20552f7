package runner

import (
	"fmt"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// TakeSocket gets a copy of a socket out of another process, which needs the
// right to trace it. The number may mean anything there: it is believed only if
// the token waits to be read, and otherwise nothing has been touched.
func TakeSocket(pid, fd int, token string) (net.Conn, error) {
	process, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return nil, fmt.Errorf("pidfd_open: %w", err)
	}
	defer unix.Close(process)
	taken, err := unix.PidfdGetfd(process, fd, 0)
	if err != nil {
		return nil, fmt.Errorf("pidfd_getfd: %w", err)
	}
	file := os.NewFile(uintptr(taken), "line")
	defer file.Close() // the connection has a copy of its own
	said := make([]byte, len(token))
	n, _, err := unix.Recvfrom(taken, said, unix.MSG_PEEK|unix.MSG_DONTWAIT)
	if err != nil || string(said[:max(n, 0)]) != token {
		return nil, fmt.Errorf("descriptor %d of process %d is not the one offered: %w", fd, pid, err)
	}
	if _, err := unix.Read(taken, said); err != nil {
		return nil, err
	}
	return net.FileConn(file)
}
