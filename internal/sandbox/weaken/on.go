//go:build weaken

package weaken

import (
	"slices"
	"strings"
	"syscall"
)

const variable = "BENCHCELL_WEAKEN"

// Off says whether the environment names a defence among those to switch off:
// BENCHCELL_WEAKEN=network,user.
func Off(defence string) bool {
	named, _ := syscall.Getenv(variable)
	return slices.Contains(strings.Split(named, ","), defence)
}

// Env hands the choice on to a runner, which has no environment of the server's.
func Env() []string {
	named, _ := syscall.Getenv(variable)
	return []string{variable + "=" + named}
}
