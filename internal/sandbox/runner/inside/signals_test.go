//go:build linux

package inside

import (
	"syscall"
	"testing"
	"unsafe"
)

// Whatever is sent is dropped, in whosever name. A fault of the runner itself is still
// the Go runtime's, which makes a panic of it.
func TestSignalsAreDroppedAndFaultsAreNot(t *testing.T) {
	var old [65]sigaction
	for sig := syscall.Signal(1); sig < 65; sig++ {
		_ = rtSigaction(sig, nil, &old[sig])
	}
	dropSignals()
	defer func() {
		for sig := syscall.Signal(1); sig < 65; sig++ {
			_ = rtSigaction(sig, &old[sig], nil)
		}
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	const setOwner, setSignal = 8, 10
	for _, sig := range []syscall.Signal{1, 2, 3, 4, 5, 6, 7, 8, 11, 15, 16, 31, 32, 34, 64} {
		_ = syscall.Kill(syscall.Getpid(), sig)
	}
	ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = syscall.Close(ends[0]), syscall.Close(ends[1]) }()
	for _, sig := range []uintptr{1, 2, 3, 6, 15, 16, 32, 34, 64} {
		syscall.RawSyscall(syscall.SYS_FCNTL, uintptr(ends[0]), setOwner, uintptr(syscall.Getpid()))
		syscall.RawSyscall(syscall.SYS_FCNTL, uintptr(ends[0]), setSignal, sig)
		syscall.RawSyscall(syscall.SYS_FCNTL, uintptr(ends[0]), syscall.F_SETFL, syscall.O_ASYNC)
		_, _ = syscall.Write(ends[1], []byte{1})
	}
	p := (*int)(unsafe.Pointer(nil))
	*p = 1
}
