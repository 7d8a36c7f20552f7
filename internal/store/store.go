// Package store keeps everything durable in one SQLite file: it is the only
// truth, and after a crash it says what to do. Runs change through Apply
// alone, and each change is written with its event in one transaction.
//
// Writes of all callers share transactions (group commit). Reads run beside
// them on connections that can't write. It knows nothing of the other parts.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver

	"benchcell/internal/bench"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options are the operator's choices. Zero fields take their defaults.
type Options struct {
	Dir         string // the data folder; it exists and is ours
	MaxQueue    int    // most queued runs, default 10,000
	MaxShare    int    // most of them by one client, default a quarter
	KeepOutputs int64  // bytes of outputs, default 1 GiB
	KeepSamples int64  // bytes of samples, default 1 GiB
	KeepSources int64  // bytes of sources, default 1 GiB
	KeepEvents  int64  // events, default 200,000
	KeepAudit   int64  // lines of the audit log, default 100,000
	MinFree     int64  // bytes of free disk under which no run is taken, default 128 MiB
	Log         *slog.Logger
}

func (o *Options) applyDefaults() {
	set := func(field *int64, value int64) {
		if *field == 0 {
			*field = value
		}
	}
	set(&o.KeepOutputs, 1<<30)
	set(&o.KeepSamples, 1<<30)
	set(&o.KeepSources, 1<<30)
	set(&o.KeepEvents, 200_000)
	set(&o.KeepAudit, 100_000)
	set(&o.MinFree, 128<<20)
	if o.MaxQueue == 0 {
		o.MaxQueue = 10_000
	}
	if o.MaxShare == 0 {
		o.MaxShare = (o.MaxQueue + 3) / 4
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// Store is an open store. Its methods may be called at the same time.
type Store struct {
	options Options
	writes  *transaction
	reads   *preparedDB
	queue   chan *write
	done    chan struct{} // the writer has ended
	bell    *bench.Bell
	loose   bool // how the writer's connection stands: see setDurability

	// How many changes there may be to be told, are in the log, and may be told: see Told.
	untold, logged, told atomic.Int64

	watchers watchers
	held     held
	latest   remembered[*bench.Run]
	medians  remembered[[]float64]

	closing sync.RWMutex // held for reading by those who enqueue
	closed  bool
}

const fileName = "benchcell.db"

// Open opens or makes the store in a folder, migrates it, and marks what was
// running when an earlier server died as interrupted.
func Open(ctx context.Context, options Options) (*Store, error) {
	options.applyDefaults()
	file := filepath.Join(options.Dir, fileName)
	writes, err := sql.Open("sqlite", dsn(file, "_txlock=immediate&_pragma=synchronous(full)"))
	if err != nil {
		return nil, err
	}
	writes.SetMaxOpenConns(1)
	if err := migrate(ctx, writes, file, migrations); err != nil {
		return nil, errors.Join(bench.Errorf(bench.CodeStorage, "open the store %s: %w", file, err), writes.Close())
	}
	tx, err := newTransaction(ctx, writes)
	if err != nil {
		return nil, errors.Join(err, writes.Close())
	}
	reads, err := sql.Open("sqlite", dsn(file, "_pragma=query_only(1)"))
	if err != nil {
		return nil, errors.Join(err, tx.Close())
	}
	reads.SetMaxOpenConns(4)
	reads.SetMaxIdleConns(4)
	s := &Store{
		options: options, writes: tx, reads: &preparedDB{DB: reads},
		queue: make(chan *write, 256), done: make(chan struct{}), bell: bench.NewBell(),
	}
	s.logged.Store(s.untold.Add(1)) // by a server that was killed, perhaps
	go s.writeLoop()
	if err := s.interruptRunning(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func dsn(file, more string) string {
	name := (&url.URL{Path: file}).EscapedPath() // the driver splits at '?'
	return "file:" + name + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)" +
		"&_pragma=foreign_keys(1)&_pragma=cache_size(-8192)&_pragma=temp_store(memory)&" + more
}

// migrate brings the schema up to date. A copy of the store is kept before
// anything changes; a store from a newer version is left alone.
func migrate(ctx context.Context, db *sql.DB, file string, steps fs.FS) error {
	folder, err := fs.Sub(steps, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, folder, goose.WithGoMigrations(
		goose.NewGoMigration(4, nil, nil), // filled the points that 12 fills
		goose.NewGoMigration(12, &goose.GoFunc{RunTx: fillPoints}, nil)))
	if err != nil {
		return err
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return fmt.Errorf("it has version %d and this program knows %d: use a newer benchcell", have, want)
	}
	if have == want {
		return nil
	}
	if have > 0 {
		if err := keepCopy(ctx, db, fmt.Sprintf("%s.before-%d-from-%d", file, want, have)); err != nil {
			return fmt.Errorf("keep a copy before migrating: %w", err)
		}
	}
	_, err = provider.Up(ctx)
	return err
}

// keepCopy copies a store. What bears the name is whole, and there is one: a server that
// is started again and again, because it can't migrate, must not fill the disk.
func keepCopy(ctx context.Context, db *sql.DB, name string) error {
	part := name + ".part" // of one that was killed, perhaps
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		_ = os.Remove(part)
		return err
	}
	older, err := filepath.Glob(name + "-*")
	whole := name + "-" + time.Now().UTC().Format("20060102T150405")
	err = errors.Join(err, os.Chmod(part, 0o600), os.Rename(part, whole))
	for _, o := range older {
		if err == nil && o != whole {
			err = os.Remove(o)
		}
	}
	return err
}

// Close waits for the writes under way; later ones are refused.
func (s *Store) Close() error {
	s.settle()
	s.closing.Lock()
	first := !s.closed
	s.closed = true
	s.closing.Unlock()
	if first {
		close(s.queue)
	}
	<-s.done
	if !first {
		return nil
	}
	return errors.Join(s.reads.Close(), s.writes.Close())
}

// Bell rings after every change. Take its channel before reading, so that no
// change falls between.
func (s *Store) Bell() *bench.Bell { return s.bell }
