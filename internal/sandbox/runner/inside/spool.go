//go:build linux

package inside

import "syscall"

// spool keeps the standard input of all jobs in a sealed memory file: a
// program reads it at its own pace, from the start each time, without a pump
// beside it that would disturb the measurement.
type spool struct {
	fd     int
	sealed bool
}

func (s *spool) add(first bool, chunk []byte) error {
	if first {
		if s.fd >= 0 {
			_ = syscall.Close(s.fd)
		}
		fd, err := memfd()
		if err != nil {
			return err
		}
		s.fd, s.sealed = fd, false
	}
	for len(chunk) > 0 {
		n, err := syscall.Write(s.fd, chunk)
		if err != nil {
			return err
		}
		chunk = chunk[n:]
	}
	return nil
}

// rewind readies the input for the next program, which can't change it.
func (s *spool) rewind() (int, error) {
	if !s.sealed {
		if err := seal(s.fd); err != nil {
			return -1, err
		}
		s.sealed = true
	}
	_, err := syscall.Seek(s.fd, 0, 0)
	return s.fd, err
}
