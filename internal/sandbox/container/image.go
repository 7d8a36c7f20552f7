package container

import (
	"archive/tar"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"sync"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// Where our programs are in an image.
const (
	programFolder = "/.benchcell"
	runnerPath    = programFolder + "/runner"
	builtinPath   = programFolder + "/bench-builtin"
)

// RunnerImage names the image with our own programs alone.
const RunnerImage = "benchcell/runner"

// images makes the images that boundaries start from, once each.
type images struct {
	engine  *engine
	runner  *io.SectionReader
	builtin *io.SectionReader
	allowed []string // that a definition may name

	mu    sync.Mutex
	ready map[string]string // by what was asked for: the image with our runner in it
}

// prepare gives the image to start for what a benchmark asks for: our own for
// "", otherwise a thin one on top of the image asked for, with our runner.
func (m *images) prepare(ctx context.Context, ref, arch string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if made, ok := m.ready[ref]; ok {
		if have, err := m.engine.image(ctx, made); err == nil && have != nil {
			return made, nil
		}
		delete(m.ready, ref)
	}
	made, err := m.make(ctx, ref, arch)
	if err != nil {
		return "", err
	}
	m.ready[ref] = made
	return made, nil
}

// Image is one that was made for what a benchmark asks for.
type Image struct{ Made, For string }

// Prepare makes the images of all configured benchmarks.
func (b *Backend) Prepare(ctx context.Context) ([]Image, error) {
	info, err := b.reach(ctx)
	if err != nil {
		return nil, err
	}
	list := []Image{}
	for _, k := range b.kinds() {
		made, err := b.images.prepare(ctx, k.image, info.Arch)
		if err != nil {
			return list, err
		}
		image := Image{made, k.image}
		if k.image == "" {
			image.For = "the built-in benchmarks"
		}
		list = append(list, image)
	}
	return list, nil
}

func (m *images) make(ctx context.Context, ref, arch string) (string, error) {
	if m.runner.Size() == 0 || m.builtin.Size() == 0 {
		return "", sandbox.Unavailable("make build", "the programs for containers were not built into this binary")
	}
	if ref == "" {
		return m.makeRunner(ctx, arch)
	}
	base, err := m.base(ctx, ref)
	if err != nil {
		return "", err
	}
	if base.Arch != arch {
		return "", sandbox.Unavailable("use an image for "+arch, "image %s is for %s and the engine runs %s", ref, base.Arch, arch)
	}
	tag, err := m.hash(base.ID)
	if err != nil {
		return "", err
	}
	name := "benchcell/with-runner:" + tag
	if have, err := m.engine.image(ctx, name); err != nil || have != nil {
		return name, err
	}
	files := m.archive(false)
	defer files.Close()
	if err := m.engine.derive(ctx, base.ID, name, files, nil); err != nil {
		return "", sandbox.Unavailable("", "the runner could not be put on top of image %s: %w", ref, err)
	}
	return name, nil
}

func (m *images) makeRunner(ctx context.Context, arch string) (string, error) {
	tag, err := m.hash("")
	if err != nil {
		return "", err
	}
	name := RunnerImage + ":" + tag
	if have, err := m.engine.image(ctx, name); err != nil || have != nil {
		return name, err
	}
	files := m.archive(true)
	defer files.Close()
	if err := m.engine.importImage(ctx, files, name, arch); err != nil {
		return "", sandbox.Unavailable("", "the runner image could not be made: %w", err)
	}
	return name, nil
}

// base finds the image that a benchmark asks for, and pulls it if need be.
func (m *images) base(ctx context.Context, ref string) (*imageInfo, error) {
	have, err := m.engine.image(ctx, ref)
	if err != nil || have != nil {
		return have, err
	}
	if err := m.engine.pull(ctx, ref); err != nil {
		return nil, sandbox.Unavailable("load it ('docker pull', 'docker load'), or make it with 'make image'",
			"the engine has no image %s and could not pull it: %w", ref, err)
	}
	have, err = m.engine.image(ctx, ref)
	if err == nil && have == nil {
		err = bench.Errorf(bench.CodeUnavailable, "image %s was pulled and is not there", ref)
	}
	return have, err
}

// archive is our programs as a tar: whole, with the folders of a root, for an
// image of our own; or the runner alone, to go on top of another.
func (m *images) archive(whole bool) io.ReadCloser {
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(m.write(tar.NewWriter(writer), whole)) }()
	return reader
}

func (m *images) write(w *tar.Writer, whole bool) error {
	folders := []string{programFolder[1:], "work"}
	if whole {
		folders = append(folders, "dev", "etc", "proc", "sys", "tmp")
	}
	// A tmpfs takes on the mode of what it covers, and not every engine its owner.
	modes := map[string]int64{"work": 0o1777, "tmp": 0o1777}
	for _, name := range folders {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: cmp.Or(modes[name], 0o755)}); err != nil {
			return err
		}
	}
	if err := writeProgram(w, runnerPath, m.runner); err != nil {
		return err
	}
	if whole {
		if err := writeProgram(w, builtinPath, m.builtin); err != nil {
			return err
		}
	}
	return w.Close()
}

func writeProgram(w *tar.Writer, path string, executable *io.SectionReader) error {
	err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: path[1:], Mode: 0o755, Size: executable.Size()})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, io.NewSectionReader(executable, 0, executable.Size()))
	return err
}

// hash tells apart what the image of a base, or our own for "", is made of.
func (m *images) hash(base string) (string, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%d:%s", len(base), base)
	err := m.write(tar.NewWriter(sum), base == "")
	return hex.EncodeToString(sum.Sum(nil)[:8]), err
}

// permitted says whether strangers' code may ask for an image.
func (m *images) permitted(ref string) bool {
	return ref == "" || slices.Contains(m.allowed, ref)
}
