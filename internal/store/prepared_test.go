package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A bare LIMIT ? is prepared anew each time that it is executed.
func TestNoLimitIsBare(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(file, "_test.go") && strings.Contains(string(text), "LIMIT "+"?") {
			t.Errorf("%s has a bare LIMIT ?: write LIMIT +?", file)
		}
	}
}
