package cgroup

import (
	"context"
	"path/filepath"
)

// Remote reads a group's figures through somebody who sees its files.
type Remote struct {
	counters, totals []remoteFile
	read             func(ctx context.Context, paths []string) ([]string, error)
}

type remoteFile struct {
	name    string
	figures []figure
}

// NewRemote reads the files of the reader's own group, which is mounted at
// /sys/fs/cgroup in its container, on v1 and v2 alike.
func NewRemote(read func(ctx context.Context, paths []string) ([]string, error)) *Remote {
	return &Remote{
		counters: remoteFiles(figuresV1, figuresV2), totals: remoteFiles(totalsV1, totalsV2), read: read,
	}
}

// remoteFiles names the files of both versions: those that are there will answer.
func remoteFiles(v1, v2 []figure) (list []remoteFile) {
	const root = "/sys/fs/cgroup"
	for _, fig := range v1 {
		list = addFile(list, filepath.Join(root, fig.controller, fig.file), fig)
	}
	for _, fig := range v2 {
		list = addFile(list, filepath.Join(root, fig.file), fig)
	}
	return list
}

func addFile(list []remoteFile, name string, fig figure) []remoteFile {
	for i := range list {
		if list[i].name == name {
			list[i].figures = append(list[i].figures, fig)
			return list
		}
	}
	return append(list, remoteFile{name, []figure{fig}})
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

// Counters asks for all counters at once.
func (r *Remote) Counters(ctx context.Context) (Counters, error) {
	c, err := r.ask(ctx, r.counters)
	return c.Counters, err
}

// Totals asks for all totals at once.
func (r *Remote) Totals(ctx context.Context) (Totals, error) {
	c, err := r.ask(ctx, r.totals)
	return c.Totals, err
}

// ask reads files; one that is missing leaves its figures absent.
func (r *Remote) ask(ctx context.Context, files []remoteFile) (c reading, err error) {
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = f.name
	}
	texts, err := r.read(ctx, paths)
	for i, text := range texts {
		if text != "" {
			c.take([]byte(text), files[i].figures)
		}
	}
	return c, err
}
