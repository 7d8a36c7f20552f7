//go:build linux

package inside

import (
	"syscall"

	"benchcell/internal/sandbox/weaken"
)

// oomScore makes the kernel take the program before its runner, which has to tell
// what happened. A program inherits the score that the runner has while it starts
// it: to write the program's own would come out of the program's time.
type oomScore struct {
	fd   int
	text [8]byte // the runner's own score
	size int
}

// open must come before the runner gives anything up: the file belongs to root
// from then on.
func (o *oomScore) open() (err error) {
	if o.fd, err = open("/proc/self/oom_score_adj", syscall.O_RDWR); err != nil {
		return err
	}
	o.size = read(o.fd, o.text[:])
	if o.size <= 0 {
		return syscall.EIO
	}
	return nil
}

// offer has what is started next die first.
func (o *oomScore) offer() {
	if !weaken.Off("oom-score") {
		write(o.fd, []byte("1000"))
	}
}

// protect gives the runner its own score back, which nobody may be refused.
func (o *oomScore) protect() { write(o.fd, o.text[:o.size]) }
