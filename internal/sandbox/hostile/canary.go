package hostile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// canary is a file of the host that everybody could read and nobody may touch.
type canary struct {
	dir, token string
	was        string
}

func newCanary(work string) (*canary, error) {
	dir, err := os.MkdirTemp(work, "canary-")
	if err != nil {
		return nil, err
	}
	c := &canary{dir: dir, token: rand.Text()[:10]}
	err = errors.Join(os.Chmod(dir, 0o755), os.WriteFile(c.file(), []byte(c.token), 0o644)) //nolint:gosec // it is meant to be open
	c.was = c.look()
	return c, err
}

func (c *canary) file() string { return filepath.Join(c.dir, "canary") }

// look is all there is to see of it.
func (c *canary) look() string {
	text, err := os.ReadFile(c.file())
	info, err2 := os.Lstat(c.file())
	names, err3 := os.ReadDir(c.dir)
	if err := errors.Join(err, err2, err3); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%q %v %v %v", text, info.Mode(), owners(info), len(names))
}

func (c *canary) touched() error {
	if now := c.look(); now != c.was {
		return fmt.Errorf("a file of the host was %s and is %s", c.was, now)
	}
	return nil
}

func (c *canary) remove() error { return os.RemoveAll(c.dir) }
