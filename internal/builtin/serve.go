package builtin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"benchcell/internal/bench"
)

// maxConfig bounds the config, in bytes; a real one has about a hundred.
const maxConfig = 64 << 10

// Serve speaks the runner protocol once: it reads one bench.ProtocolConfig as
// JSON from in, up to its end, measures the function called name and writes
// one bench.ProtocolResult as JSON to out. With an error nothing was written,
// unless out itself failed.
//
// The name in the config is what the user calls the benchmark; it is handed
// back and selects nothing.
func Serve(ctx context.Context, name string, in io.Reader, out io.Writer) error {
	f, ok := Lookup(name)
	if !ok {
		return bench.Errorf(bench.CodeNotFound, "no builtin function is called %q", name).
			WithHint("bench-builtin -list prints those there are")
	}
	return serve(ctx, f, in, out)
}

func serve(ctx context.Context, f Function, in io.Reader, out io.Writer) error {
	config, err := decodeConfig(in)
	if err != nil {
		return err
	}
	times, err := Measure(ctx, f, config.Warmup, config.Iterations)
	if err != nil {
		return err
	}
	result := bench.ProtocolResult{Name: config.Name, Samples: millis(times)}
	if err := json.NewEncoder(out).Encode(result); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// decodeConfig refuses a field that it does not know: it would be a wish that
// silently has no effect.
func decodeConfig(in io.Reader) (bench.ProtocolConfig, error) {
	var config bench.ProtocolConfig
	text, err := io.ReadAll(io.LimitReader(in, maxConfig+1))
	if err != nil {
		return config, fmt.Errorf("read the config: %w", err)
	}
	if len(text) > maxConfig {
		return config, bench.Errorf(bench.CodeInvalid, "the config has more than %d bytes", maxConfig)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return config, bench.Errorf(bench.CodeInvalid, "the config is empty").
			WithHint(`standard input must be one JSON object like {"name":"x","iterations":10}`)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&config); err != nil {
		return config, bench.Errorf(bench.CodeInvalid, "the config is not the expected JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return config, bench.Errorf(bench.CodeInvalid, "the config is more than one JSON object (byte %d)", decoder.InputOffset())
	}
	return config, checkCounts(config.Warmup, config.Iterations)
}

func millis(times []time.Duration) []float64 {
	samples := make([]float64, len(times))
	for i, d := range times {
		samples[i] = float64(d) / float64(time.Millisecond)
	}
	return samples
}
