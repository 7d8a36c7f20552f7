//go:build linux

package main

import "os"

func init() {
	add(map[string]program{
		"flood":       func([]string) { write(os.Stdout, 1<<40) },
		"flood-err":   func([]string) { write(os.Stderr, 1<<40) },
		"much-to-say": func([]string) { write(os.Stdout, 8<<20) },
	})
}

func write(to *os.File, bytes int64) {
	block := make([]byte, 64<<10)
	for i := range block {
		block[i] = 'y'
	}
	for n := int64(0); n < bytes; n += int64(len(block)) {
		if _, err := to.Write(block); err != nil {
			os.Exit(1)
		}
	}
}
