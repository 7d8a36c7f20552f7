package builtin

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
)

var fileWriteFsync = Function{
	Name:       "file-write-fsync",
	Title:      "File Write with fsync (256 KiB)",
	Category:   "io",
	Target:     25,
	Iterations: 20,
	Setup:      setupFile,
}

const (
	fileSize  = 256 << 10
	fileBlock = 4 << 10
)

// setupFile keeps the file's name until Close: some file systems skip the
// fsync of a file that has none.
func setupFile() (*Case, error) {
	file, err := os.CreateTemp("", "benchcell-*.dat")
	if err != nil {
		return nil, err
	}
	end := func() error { return errors.Join(file.Close(), os.Remove(file.Name())) }
	return &Case{Run: newFileWrite(file), Close: end}, nil
}

// newFileWrite changes the last block for each write and reads it back; to
// read all of it would be a second benchmark.
func newFileWrite(file *os.File) func() error {
	data := bytes.Repeat([]byte("benchcell writes"), fileSize/16)
	last, back := data[fileSize-fileBlock:], make([]byte, fileBlock)
	stamp := uint64(0)
	return func() error {
		stamp++
		binary.NativeEndian.PutUint64(last, stamp)
		if _, err := file.WriteAt(data, 0); err != nil {
			return err
		}
		if err := file.Sync(); err != nil {
			return err
		}
		if _, err := file.ReadAt(back, fileSize-fileBlock); err != nil {
			return err
		}
		if !bytes.Equal(back, last) {
			return errors.New("the last block does not read as it was written")
		}
		return nil
	}
}
