package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"benchcell/internal/bench"
)

// Told returns once all that a read before it can have seen would outlive a loss of
// power, but for what would then be done again. What is read to be told to somebody
// is told after it; most of the time there is nothing to wait for.
//
// SQLite's log is brought to the disk here, and not by another write, so that a
// store can be read when the disk is full. What has left the log is on the disk.
func (s *Store) Told() error {
	logged := s.logged.Load() // and not what is being written: it may come after the disk has the rest
	if s.told.Load() == s.untold.Load() {
		return nil
	}
	log, err := os.OpenFile(filepath.Join(s.options.Dir, fileName+"-wal"), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // nothing was written yet
	}
	if err == nil {
		err = errors.Join(log.Sync(), log.Close())
	}
	if err != nil {
		return bench.Errorf(bench.CodeStorage, "bring what was read to the disk: %w", err)
	}
	s.told.Store(logged) // one that goes back costs another look at most
	return nil
}
