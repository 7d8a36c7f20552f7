//go:build linux

package inside

// Numbers that package syscall lacks or names differently.
const (
	sysMemfdCreate = 279
	sysFstatat     = 79
	sysSeccomp     = 277
)
