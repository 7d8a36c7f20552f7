package cgroup

import (
	"context"
	"path/filepath"
)

// Remote reads a group's figures through somebody who sees its files.
type Remote struct {
	sources []remoteFile
	read    func(ctx context.Context, paths []string) ([]string, error)
}

type remoteFile struct {
	name    string
	figures []figure
}

// NewRemote reads the files of the reader's own group, which is mounted at
// /sys/fs/cgroup in its container, on v1 and v2 alike.
func NewRemote(read func(ctx context.Context, paths []string) ([]string, error)) *Remote {
	r := &Remote{read: read}
	for _, fig := range figuresV1 {
		r.add(filepath.Join("/sys/fs/cgroup", fig.controller, fig.file), fig)
	}
	for _, fig := range figuresV2 {
		r.add(filepath.Join("/sys/fs/cgroup", fig.file), fig)
	}
	return r
}

func (r *Remote) add(name string, fig figure) {
	for i := range r.sources {
		if r.sources[i].name == name {
			r.sources[i].figures = append(r.sources[i].figures, fig)
			return
		}
	}
	r.sources = append(r.sources, remoteFile{name, []figure{fig}})
}

// ReadBack reads the limits in force, as seen from inside.
func (r *Remote) ReadBack(ctx context.Context) (Effective, error) {
	var failed error
	read := func(path string) string {
		texts, err := r.read(ctx, []string{path})
		if err != nil {
			failed = err
			return ""
		}
		return texts[0]
	}
	v2 := read("/sys/fs/cgroup/cgroup.controllers") != ""
	e := readBack(v2, func(controller, file string) string {
		if v2 {
			return read("/sys/fs/cgroup/" + file)
		}
		return read("/sys/fs/cgroup/" + controller + "/" + file)
	})
	return e, failed
}

// Counters asks for all files at once. One that is missing leaves its figures
// absent; v1 and v2 have no file name in common but cpu.stat, whose keys differ.
func (r *Remote) Counters(ctx context.Context) (Counters, error) {
	paths := make([]string, len(r.sources))
	for i, s := range r.sources {
		paths[i] = s.name
	}
	texts, err := r.read(ctx, paths)
	var c Counters
	for i, text := range texts {
		if text != "" {
			c.take([]byte(text), r.sources[i].figures)
		}
	}
	return c, err
}
