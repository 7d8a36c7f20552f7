//go:build unix

package hostile

import (
	"io/fs"
	"syscall"
)

// owners is who has a file, and under how many names.
func owners(info fs.FileInfo) []uint64 {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return []uint64{uint64(st.Uid), uint64(st.Gid), uint64(st.Nlink)}
}
