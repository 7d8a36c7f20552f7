// Package machine says what host this is, and keeps its measurements apart.
// It reads and changes nothing but the lock file.
package machine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"benchcell/internal/bench"
)

// Describe is the fingerprint of this host. cgroup is the mode that the
// control-group code found.
func Describe(cgroup string) bench.Machine {
	m := bench.Machine{
		OS: runtime.GOOS, Arch: runtime.GOARCH, Cores: runtime.NumCPU(), Cgroup: cgroup,
	}
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		m.Kernel = unix.ByteSliceToString(name.Release[:])
	}
	describe(&m)
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // a struct of words and numbers
	}
	sum := sha256.Sum256(text)
	m.ID = hex.EncodeToString(sum[:6])
	if m.Hostname, err = os.Hostname(); err != nil {
		m.Hostname = "unknown"
	}
	return m
}
