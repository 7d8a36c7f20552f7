//go:build linux

package main

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/docker/docker/api/types/image"
)

// smallest is a static program that does nothing but end well: one ELF header,
// one segment, and exit(0). What a run costs beyond it is all ours.
func smallest() ([]byte, error) {
	code, machine := []byte(nil), uint16(0)
	switch runtime.GOARCH {
	case "amd64":
		machine = 62
		code = []byte{0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05} // mov eax, 60; xor edi, edi; syscall
	case "arm64":
		machine = 183
		code = []byte{0xa8, 0x0b, 0x80, 0xd2, 0, 0, 0x80, 0xd2, 1, 0, 0, 0xd4} // mov x8, 93; mov x0, 0; svc 0
	default:
		return nil, errors.New("no smallest program for " + runtime.GOARCH)
	}
	const base, headers = 0x400000, 64 + 56
	size := uint64(headers + len(code))
	var elf bytes.Buffer
	for _, part := range []any{
		[16]byte{0x7f, 'E', 'L', 'F', 2, 1, 1},
		uint16(2), machine, uint32(1), // 64 bits, little endian, executable
		uint64(base + headers), uint64(64), uint64(0), uint32(0), uint16(64), uint16(56), uint16(1), uint16(0), uint16(0), uint16(0),
		uint32(1), uint32(5), uint64(0), uint64(base), uint64(base), size, size, uint64(0x1000), // load it, read and execute
		code,
	} {
		if err := binary.Write(&elf, binary.LittleEndian, part); err != nil {
			return nil, err
		}
	}
	return elf.Bytes(), nil
}

// writeSmallest puts the program into a folder and returns its path.
func writeSmallest(dir string) (string, error) {
	program, err := smallest()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "smallest")
	return path, os.WriteFile(path, program, 0o700) //nolint:gosec // it is a program
}

// smallestImage holds nothing but that program.
const smallestImage = "benchcell/bench-smallest"

func (p *peer) makeImage(ctx context.Context) error {
	program, err := smallest()
	if err != nil {
		return err
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	if err := w.WriteHeader(&tar.Header{Name: "smallest", Mode: 0o755, Size: int64(len(program))}); err != nil {
		return err
	}
	if _, err := w.Write(program); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	progress, err := p.client.ImageImport(ctx, image.ImportSource{Source: &archive, SourceName: "-"}, smallestImage, image.ImportOptions{})
	if err != nil {
		return err
	}
	defer progress.Close()
	_, err = io.Copy(io.Discard, progress)
	return err
}
