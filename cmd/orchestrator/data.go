package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// dataFolder is where everything durable is, owned by one process at a time.
type dataFolder struct {
	path string
	lock *os.File
}

// owner is what the lock file says of who owns the folder.
type owner struct {
	Pid    int    `json:"pid"`
	Server bool   `json:"server"` // it takes work from others
	URL    string `json:"url,omitempty"`
}

// errOwned is met by whoever finds the folder taken.
type errOwned struct {
	path string
	owner
}

func (e *errOwned) Error() string {
	what := "a run"
	if e.Server {
		what = "a server"
	}
	return fmt.Sprintf("the data folder %s belongs to process %d (%s)", e.path, e.Pid, what)
}

// dataPath decides where the data is: the flag, the configuration, "data"
// beside the configuration file, or the user's own place for data.
func dataPath(flag string, c *Config) (string, error) {
	switch {
	case flag != "":
		return filepath.Abs(flag)
	case filepath.IsAbs(c.Server.Data):
		return c.Server.Data, nil
	case c.Base != "" && c.Server.Data != "":
		return filepath.Join(c.Base, c.Server.Data), nil
	case c.Base != "":
		return filepath.Join(c.Base, "data"), nil
	case c.Server.Data != "":
		return filepath.Abs(c.Server.Data)
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "benchcell"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no folder for the data: state one with --data (%w)", err)
	}
	return filepath.Join(home, ".local", "share", "benchcell"), nil
}

// openData makes and locks the folder; *errOwned says who has it.
func openData(path string, me owner) (*dataFolder, error) {
	for _, dir := range []string{path, filepath.Join(path, "tmp"), filepath.Join(path, "bin")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("make the data folder: %w", err)
		}
	}
	lock, err := os.OpenFile(filepath.Join(path, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	err = unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, errors.Join(readOwner(path, lock), lock.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the data folder: %w", err), lock.Close())
	}
	d := &dataFolder{path, lock}
	return d, d.state(me)
}

// state writes down who owns the folder.
func (d *dataFolder) state(me owner) error {
	me.Pid = os.Getpid()
	text, err := json.Marshal(me)
	if err != nil {
		return err
	}
	if err := d.lock.Truncate(0); err != nil {
		return err
	}
	_, err = d.lock.WriteAt(text, 0)
	return err
}

func readOwner(path string, lock *os.File) error {
	e := &errOwned{path: path}
	text, err := os.ReadFile(lock.Name())
	if err == nil {
		// Half-written text leaves the zero owner: not a server, asked again.
		_ = json.Unmarshal(text, &e.owner)
	}
	return e
}

// waitForData opens the folder once another run has let go of it. A server that
// owns it is an error, for the caller to hand its work to.
func waitForData(ctx context.Context, path string, told func(error)) (*dataFolder, error) {
	const again = 50 * time.Millisecond
	for first := true; ; first = false {
		d, err := openData(path, owner{})
		var taken *errOwned
		if !errors.As(err, &taken) || taken.Server {
			return d, err
		}
		if first {
			told(err)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(again):
		}
	}
}

// name is short and the same in every life of this folder: what is made outside
// of it, control groups and containers, bears it and can be swept.
func (d *dataFolder) name() string {
	sum := sha256.Sum256([]byte(d.path))
	return "d" + hex.EncodeToString(sum[:4])
}

// install writes a program that came along in the binary to the folder, under
// a name that changes with its content, and returns its path.
func (d *dataFolder) install(name string, executable *io.SectionReader) (string, error) {
	if executable.Size() == 0 {
		return "", nil
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(executable, 0, executable.Size())); err != nil {
		return "", err
	}
	path := filepath.Join(d.path, "bin", name+"-"+hex.EncodeToString(sum.Sum(nil)[:6]))
	if info, err := os.Stat(path); err == nil && info.Size() == executable.Size() {
		return path, nil
	}
	old, _ := filepath.Glob(filepath.Join(d.path, "bin", name+"-*"))
	for _, o := range old {
		_ = os.Remove(o) // of an earlier version; at worst it stays
	}
	if err := writeProgram(path+".new", executable); err != nil {
		return "", fmt.Errorf("write %s to the data folder: %w", name, err)
	}
	return path, os.Rename(path+".new", path)
}

func writeProgram(path string, executable *io.SectionReader) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o700)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, io.NewSectionReader(executable, 0, executable.Size()))
	return errors.Join(err, file.Close())
}

func (d *dataFolder) close() error { return d.lock.Close() }

// socket is where the owner of the folder gives orders to its server.
func socketPath(data string) string { return filepath.Join(data, "operator.sock") }
