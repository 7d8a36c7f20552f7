package store

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/klauspost/compress/zstd"

	"benchcell/internal/bench"
)

// Runs and plans lie as compressed JSON: of the 4 KB of a run some 300 bytes are left,
// and a page of the file holds a dozen.

// dictionary is typical runs, a line each, from which zstd takes what others have in
// common with them. It never changes, for what is stored can't be read without it: a
// better one gets a file and a number of its own, and stands beside it.
//
//go:embed dictionary-1.txt
var dictionary []byte

const dictionaryNumber = 1

// packWindow holds the dictionary and a run: by default it would be 4 MiB, all of it
// kept for runs of 4 KB.
const packWindow = 64 << 10

var (
	encoder, _ = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	packer, _  = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithEncoderDictRaw(dictionaryNumber, dictionary), zstd.WithWindowSize(packWindow), zstd.WithLowerEncoderMem(true))
	decoder, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(bench.MaxOutput),
		zstd.WithDecoderDictRaw(dictionaryNumber, dictionary))
)

// compress leaves nothing as nothing.
func compress(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return encoder.EncodeAll(b, nil)
}

func pack(r *bench.Run) ([]byte, error) {
	text, err := json.Marshal(r)
	return packer.EncodeAll(text, nil), err
}

func unpack(packed []byte, v any) error {
	text, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return fmt.Errorf("a stored record is damaged: %w", err)
	}
	return json.Unmarshal(text, v)
}
