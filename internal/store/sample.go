package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"benchcell/internal/bench"
)

// Samples lie column by column as varints, compressed together: a column of
// times in nanoseconds takes about three bytes a sample, and equal memory and
// exit codes next to nothing. Absent values are zero, present ones shifted up.

const samplesVersion = 4 // which has what was set aside, and the evidence of why

// What few bytes unpack to is bounded, whatever a damaged store says.
var sampleDecoder, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(mostSamples*maxSampleBytes))

const (
	mostSamples    = bench.MaxIterations + bench.MaxWarmup
	maxSampleBytes = 72 // its figures as long as they can be, and a window of its own
)

func encodeSamples(list []bench.Sample) []byte {
	if len(list) == 0 {
		return nil
	}
	b := []byte{samplesVersion}
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, column := range sampleColumns {
		for i := range list {
			b = binary.AppendUvarint(b, column.get(&list[i]))
		}
	}
	return compress(appendWindows(b, list))
}

func decodeSamples(packed []byte) ([]bench.Sample, error) {
	b, err := sampleDecoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, err
	}
	if len(b) == 0 || b[0] < 1 || b[0] > samplesVersion {
		return nil, errors.New("samples of an unknown version")
	}
	columns := sampleColumns
	version := b[0]
	if version < samplesVersion {
		columns = columns[:columnsOf[version]]
	}
	b = b[1:]
	n, used := binary.Uvarint(b)
	if used <= 0 || n > mostSamples || n*uint64(len(columns)) > uint64(len(b)) { // a byte each at least
		return nil, errors.New("samples end early")
	}
	b = b[used:]
	list := make([]bench.Sample, n)
	for _, column := range columns {
		for i := range list {
			v, used := binary.Uvarint(b)
			if used <= 0 {
				return nil, errors.New("samples end early")
			}
			b = b[used:]
			column.set(&list[i], v)
		}
	}
	if version >= 4 {
		if b, err = readWindows(b, list); err != nil {
			return nil, err
		}
	}
	if len(b) > 0 {
		return nil, fmt.Errorf("%d bytes after the samples", len(b))
	}
	return list, nil
}

// columnsOf is how many of them each older version had.
var columnsOf = [...]int{1: 5, 2: 6, 3: 7}

var sampleColumns = []struct {
	get func(*bench.Sample) uint64
	set func(*bench.Sample, uint64)
}{
	{
		func(s *bench.Sample) uint64 { return uint64(s.Index)<<1 | bit(s.Warmup) },
		func(s *bench.Sample, v uint64) { s.Index, s.Warmup = int(v>>1), v&1 == 1 },
	},
	{ // nanoseconds
		func(s *bench.Sample) uint64 { return uint64(math.Round(s.Wall * 1e6)) },
		func(s *bench.Sample, v uint64) { s.Wall = float64(v) / 1e6 },
	},
	{ // nanoseconds
		func(s *bench.Sample) uint64 {
			if s.CPU == nil {
				return 0
			}
			return uint64(math.Round(*s.CPU*1e3)) + 1
		},
		func(s *bench.Sample, v uint64) {
			if v > 0 {
				cpu := float64(v-1) / 1e3
				s.CPU = &cpu
			}
		},
	},
	{
		func(s *bench.Sample) uint64 {
			if s.MaxRSS == nil {
				return 0
			}
			return uint64(*s.MaxRSS) + 1
		},
		func(s *bench.Sample, v uint64) {
			if v > 0 {
				rss := int64(v - 1)
				s.MaxRSS = &rss
			}
		},
	},
	{
		func(s *bench.Sample) uint64 {
			if s.ExitCode == nil {
				return 0
			}
			return uint64(*s.ExitCode) + 1
		},
		func(s *bench.Sample, v uint64) {
			if v > 0 {
				code := int(v - 1)
				s.ExitCode = &code
			}
		},
	},
	{ // nanoseconds, of those in the column of the CPU time
		func(s *bench.Sample) uint64 {
			if s.User == nil {
				return 0
			}
			return uint64(math.Round(*s.User*1e3)) + 1
		},
		func(s *bench.Sample, v uint64) {
			if v > 0 && s.CPU != nil {
				user := float64(v-1) / 1e3
				system := math.Round((*s.CPU-user)*1e3) / 1e3
				s.User, s.System = &user, &system
			}
		},
	},
	{ // a bit for each cause
		func(s *bench.Sample) uint64 { return causeBits(s.Disturbed) },
		func(s *bench.Sample, v uint64) { s.Disturbed = causesOf(v) },
	},
	{
		func(s *bench.Sample) uint64 { return bit(s.SetAside) },
		func(s *bench.Sample, v uint64) { s.SetAside = v == 1 },
	},
	{
		func(s *bench.Sample) uint64 { return countBits(s.Switches) },
		func(s *bench.Sample, v uint64) { s.Switches = countOf(v) },
	},
	{ // microseconds
		func(s *bench.Sample) uint64 { return scaled(s.Throttled, 1e3) },
		func(s *bench.Sample, v uint64) { s.Throttled = unscaled(v, 1e3) },
	},
}

func causeBits(disturbed *string) (bits uint64) {
	if disturbed == nil {
		return 0
	}
	for i, cause := range bench.Causes {
		if slices.Contains(strings.Split(*disturbed, ", "), cause) {
			bits |= 1 << i
		}
	}
	return bits
}

// causesOf leaves out what a newer version may have known.
func causesOf(bits uint64) *string {
	var causes []string
	for i, cause := range bench.Causes {
		if bits&(1<<i) != 0 {
			causes = append(causes, cause)
		}
	}
	return bench.Disturbed(causes)
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func insertSamples(tx *transaction, run int64, packed []byte) error {
	if packed == nil {
		return nil
	}
	if _, err := tx.Exec("INSERT INTO samples VALUES (?, ?)", run, packed); err != nil {
		return err
	}
	return addTotal(tx, "samples", int64(len(packed)))
}

func insertOutputs(tx *transaction, run int64, stdout, stderr []byte) error {
	if stdout == nil && stderr == nil {
		return nil
	}
	if _, err := tx.Exec("INSERT INTO outputs VALUES (?, ?, ?)", run, stdout, stderr); err != nil {
		return err
	}
	return addTotal(tx, "outputs", int64(len(stdout)+len(stderr)))
}

func addTotal(tx *transaction, what string, bytes int64) error {
	_, err := tx.Exec("UPDATE totals SET bytes = bytes + ? WHERE what = ?", bytes, what)
	return err
}

// Samples lists the samples of a run in the order they ran; empty once they
// have been given up for newer ones.
func (s *Store) Samples(ctx context.Context, id string) ([]bench.Sample, error) {
	if _, err := s.Run(ctx, id); err != nil {
		return nil, err
	}
	var packed []byte
	err := s.reads.QueryRowContext(ctx,
		"SELECT samples.body FROM samples JOIN runs ON runs.seq = samples.run WHERE runs.id = ?", id).Scan(&packed)
	if errors.Is(err, sql.ErrNoRows) {
		return []bench.Sample{}, nil
	}
	if err != nil {
		return nil, err
	}
	return decodeSamples(packed)
}

// Output is what was kept of one stream, byte for byte.
func (s *Store) Output(ctx context.Context, id string, stdout bool) ([]byte, error) {
	if _, err := s.Run(ctx, id); err != nil {
		return nil, err
	}
	column := "stderr"
	if stdout {
		column = "stdout"
	}
	var packed []byte
	err := s.reads.QueryRowContext(ctx,
		"SELECT outputs."+column+" FROM outputs JOIN runs ON runs.seq = outputs.run WHERE runs.id = ?", id).Scan(&packed)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && packed == nil) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return decoder.DecodeAll(packed, nil)
}
