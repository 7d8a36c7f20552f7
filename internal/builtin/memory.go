package builtin

import (
	"encoding/binary"
	"fmt"
)

var memoryCopy = Function{
	Name:       "memory-copy",
	Title:      "Memory Bandwidth (copy of 32 MiB)",
	Category:   "memory",
	Target:     40,
	Iterations: 20,
	Setup:      setupMemoryCopy,
}

const (
	copySize  = 32 << 20
	copyStamp = 1 << 20 // a stamp in each MiB
)

// setupMemoryCopy stamps the source anew for each copy: a look at every byte
// would read as much memory again as the copy that is measured.
func setupMemoryCopy() (*Case, error) {
	source, target := make([]byte, copySize), make([]byte, copySize)
	// Unwritten pages all map to one page of zeroes, which is no memory to copy.
	for i := range source {
		source[i], target[i] = byte(i), 0xff
	}
	stamp := uint64(0)
	return pure(func() error {
		stamp++
		for i := 0; i < copySize; i += copyStamp {
			binary.NativeEndian.PutUint64(source[i:], stamp+uint64(i))
		}
		copy(target, source)
		for i := 0; i < copySize; i += copyStamp {
			if got := binary.NativeEndian.Uint64(target[i:]); got != stamp+uint64(i) {
				return fmt.Errorf("byte %d was not copied", i)
			}
		}
		return nil
	}), nil
}
