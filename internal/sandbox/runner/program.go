//go:build linux

package runner

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// Program is an executable in a sealed memory file: it needs no place on disk,
// and nobody can change it, a guest that opens /proc/PID/exe included.
type Program struct{ file *os.File }

// NewProgram seals the bytes of an executable.
func NewProgram(name string, executable *io.SectionReader) (*Program, error) {
	if executable.Size() == 0 {
		return nil, fmt.Errorf("the program %s was not built into this binary: build it with 'make build'", name)
	}
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING|unix.MFD_EXEC)
	if errors.Is(err, unix.EINVAL) { // before Linux 6.3 all memory files can be executed
		fd, err = unix.MemfdCreate(name, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	}
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	// A child finds the file under this number, before it is closed on exec; so
	// the number must be none that the child's own descriptors get.
	const high = 64
	numbered, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, high)
	_ = unix.Close(fd)
	if errors.Is(err, unix.EINVAL) {
		return nil, fmt.Errorf("this server may not open more than %d files: raise its limit (ulimit -n)", high)
	}
	if err != nil {
		return nil, fmt.Errorf("memory file: %w", err)
	}
	p := &Program{os.NewFile(uintptr(numbered), name)}
	if _, err := io.Copy(p.file, io.NewSectionReader(executable, 0, executable.Size())); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	const seals = unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE
	if _, err := unix.FcntlInt(p.file.Fd(), unix.F_ADD_SEALS, seals); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Path starts the program from this process.
func (p *Program) Path() string { return fmt.Sprintf("/proc/self/fd/%d", p.file.Fd()) }

// Close lets go of the memory once no process runs from it.
func (p *Program) Close() error { return p.file.Close() }
