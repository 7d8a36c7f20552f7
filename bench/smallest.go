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

// smallest is a static program that does nothing but end well. What a run costs
// beyond it is all ours.
func smallest() ([]byte, error) { return spinning(0) }

// spinning is a static program that counts down so many times and ends well: one
// ELF header, one segment, a loop of two instructions, and exit(0).
func spinning(times uint32) ([]byte, error) {
	var code []byte
	switch runtime.GOARCH {
	case "amd64":
		if times > 0 { // mov ecx, times; again: dec ecx; jnz again
			code = append(binary.LittleEndian.AppendUint32([]byte{0xb9}, times), 0xff, 0xc9, 0x75, 0xfc)
		}
		code = append(code, 0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05) // mov eax, 60; xor edi, edi; syscall
		return executable(62, code)
	case "arm64":
		if times > 0 { // movz x1, low; movk x1, high; again: subs x1, x1, 1; b.ne again
			for _, word := range []uint32{0xd2800001 | times&0xffff<<5, 0xf2a00001 | times>>16<<5, 0xf1000421, 0x54ffffe1} {
				code = binary.LittleEndian.AppendUint32(code, word)
			}
		}
		code = append(code, 0xa8, 0x0b, 0x80, 0xd2, 0, 0, 0x80, 0xd2, 1, 0, 0, 0xd4) // mov x8, 93; mov x0, 0; svc 0
		return executable(183, code)
	}
	return nil, errors.New("no smallest program for " + runtime.GOARCH)
}

// executable of code for a machine, by its number in ELF.
func executable(machine uint16, code []byte) ([]byte, error) {
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
	return writeProgram(dir, "smallest", program)
}

func writeProgram(dir, name string, program []byte) (string, error) {
	path := filepath.Join(dir, name)
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
