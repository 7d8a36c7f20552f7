//go:build linux

package inside

// Numbers that package syscall lacks or names differently.
const (
	sysMemfdCreate = 319
	sysFstatat     = 262 // newfstatat
	sysSeccomp     = 317
)
