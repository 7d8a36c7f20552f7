//go:build linux

package main

import (
	"os"
	"strconv"
	"time"
)

func init() {
	add(map[string]program{
		"hold-executable": holdExecutable,
		"holder":          func([]string) { time.Sleep(20 * time.Second) },
		"run-executables": runExecutables,
	})
}

// copySelf writes this program to a file that it gives, open for writing.
func copySelf(name string) *os.File {
	text, err := os.ReadFile("/proc/self/exe")
	f, err2 := os.OpenFile(folder()+"/"+name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o700)
	if err == nil && err2 == nil {
		_, err = f.Write(text)
	}
	if err != nil || err2 != nil {
		try("copy", err)
		try("file", err2)
		os.Exit(1)
	}
	return f
}

// holdExecutable leaves an orphan behind that has an executable open for writing,
// which nobody can start as long as that is so.
func holdExecutable([]string) {
	f := copySelf("held")
	_, err := os.StartProcess(os.Args[0], []string{os.Args[0], "holder", os.Args[2]},
		&os.ProcAttr{Files: []*os.File{nil, nil, nil, f}, Sys: newSession})
	if err != nil {
		try("start", err)
		os.Exit(1)
	}
}

// runExecutables starts what was held, and then copies of its own, each as soon as
// it is written.
func runExecutables([]string) {
	try("held", runOnce(folder()+"/held"))
	done := 0
	for range 100 {
		_ = copySelf("copy").Close()
		if err := runOnce(folder() + "/copy"); err != nil {
			try("a copy", err)
			continue
		}
		_ = os.Remove(folder() + "/copy")
		done++
	}
	say("copies", strconv.Itoa(done))
}

func runOnce(name string) error {
	p, err := os.StartProcess(name, []string{name, "nothing", os.Args[2]}, &os.ProcAttr{Files: []*os.File{nil, nil, nil}})
	if err == nil {
		_, err = p.Wait()
	}
	return err
}
