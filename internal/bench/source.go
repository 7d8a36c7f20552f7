package bench

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"strings"
)

// Bounds of a source: a tar of files for /work.
const (
	MaxSource      = 16 << 20 // bytes of the tar
	MaxSourceFiles = 1000
	MaxSourceDepth = 32 // folders above a file
)

// SourceHash is the name of a source: the SHA-256 of its tar.
func SourceHash(archive []byte) string {
	sum := sha256.Sum256(archive)
	return hex.EncodeToString(sum[:])
}

// ReadSource lists the files of a tar. Anything but plain files and folders is
// refused, as is a path that leads out; nothing is unpacked before all of it
// has been looked at.
func ReadSource(archive []byte) ([]File, error) {
	if len(archive) > MaxSource {
		return nil, Errorf(CodeInvalid, "the source has %d bytes: it must have at most %d", len(archive), MaxSource)
	}
	var files []File
	seen := map[string]bool{}
	left := len(archive)
	r := tar.NewReader(bytes.NewReader(archive))
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, Errorf(CodeInvalid, "the source is no tar: %w", err)
		}
		f, err := readEntry(h, r, left)
		if err != nil {
			return nil, err
		}
		if f == nil {
			continue
		}
		left -= len(f.Content)
		if seen[f.Path] {
			return nil, Errorf(CodeInvalid, "the source has %.200q twice", f.Path)
		}
		seen[f.Path] = true
		if files = append(files, *f); len(files) > MaxSourceFiles {
			return nil, Errorf(CodeInvalid, "the source has more than %d files", MaxSourceFiles)
		}
	}
}

// readEntry is the file of one entry; nil for a folder, which comes with its
// files. Together they have no more bytes than the archive: a sparse one, of which
// it states the holes, could have any number.
func readEntry(h *tar.Header, r io.Reader, left int) (*File, error) {
	switch h.Typeflag {
	case tar.TypeDir, tar.TypeXGlobalHeader:
		return nil, nil //nolint:nilnil // no file, and nothing wrong
	case tar.TypeReg:
	default:
		return nil, Errorf(CodeInvalid, "%.200q in the source is neither a file nor a folder: links and devices are refused", h.Name)
	}
	f := File{Path: strings.TrimPrefix(h.Name, "./"), Executable: h.Mode&0o111 != 0}
	if err := f.validate(); err != nil {
		return nil, Errorf(CodeInvalid, "the source: %w", err)
	}
	content, err := io.ReadAll(io.LimitReader(r, int64(left)+1))
	if err != nil {
		return nil, Errorf(CodeInvalid, "the source ends within %.200q: %w", h.Name, err)
	}
	if len(content) > left {
		return nil, Errorf(CodeInvalid, "%.200q in the source is longer than its part of the tar: sparse files are refused", h.Name)
	}
	f.Content = string(content)
	return &f, nil
}

// PackSource makes a tar of files: the same for the same files.
func PackSource(files []File) ([]byte, error) {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, f := range files {
		content, err := f.Bytes()
		if err != nil {
			return nil, Errorf(CodeInvalid, "file %.200q is not base64: %w", f.Path, err)
		}
		mode := int64(0o644)
		if f.Executable {
			mode = 0o755
		}
		if err := w.WriteHeader(&tar.Header{Name: f.Path, Mode: mode, Size: int64(len(content))}); err != nil {
			return nil, Errorf(CodeInvalid, "file %.200q: %w", f.Path, err)
		}
		if _, err := w.Write(content); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return archive.Bytes(), err
}

// depth counts the folders above a file.
func depth(name string) int { return strings.Count(path.Clean(name), "/") }
