package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// ProtocolConfig is what a builtin or protocol program finds on its standard
// input: one JSON object.
type ProtocolConfig struct {
	Name       string   `json:"name"`
	Target     *float64 `json:"target"` // ms per iteration
	Iterations int      `json:"iterations"`
	Category   string   `json:"category"`
	Warmup     int      `json:"warmup"` // untimed iterations first
}

// ProtocolResult is what it answers on its standard output: one JSON object.
type ProtocolResult struct {
	Name    string    `json:"name"`
	Samples []float64 `json:"samples"` // ms, one per iteration, in order
	Error   string    `json:"error,omitempty"`
}

// DecodeProtocolResult reads and distrusts a result: the program timed itself,
// so the least we check is that the times are possible. wall is the length in
// milliseconds of its whole execution, by our own clock.
func DecodeProtocolResult(stdout []byte, config ProtocolConfig, wall float64) ([]float64, error) {
	if len(bytes.TrimSpace(stdout)) == 0 {
		return nil, errors.New("the program printed no result: it must print one JSON object with samples")
	}
	var result struct {
		Samples []*float64 // null is no time, and no zero either
		Error   string
	}
	decoder := json.NewDecoder(bytes.NewReader(stdout))
	if err := decoder.Decode(&result); err != nil {
		return nil, Errorf(CodeInvalid, "the program's result is not the expected JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, Errorf(CodeInvalid, "the program printed more than one JSON object (byte %d)", decoder.InputOffset())
	}
	if result.Error != "" {
		return nil, Errorf(CodeInvalid, "the program reports: %.500s", result.Error)
	}
	if len(result.Samples) != config.Iterations {
		return nil, Errorf(CodeInvalid, "the program reports %d samples for %d iterations", len(result.Samples), config.Iterations)
	}
	samples, sum := make([]float64, len(result.Samples)), 0.0
	for i, s := range result.Samples {
		if s == nil {
			return nil, Errorf(CodeInvalid, "samples[%d] is null: it must be a time", i)
		}
		if *s < 0 { // JSON has no NaN and no infinity
			return nil, Errorf(CodeInvalid, "samples[%d] is %v: a time must not be below 0", i, *s)
		}
		samples[i] = *s
		sum += *s
	}
	if sum > wall {
		return nil, Errorf(CodeInvalid, "the program reports %.6g ms of samples but ran for %.6g ms", sum, wall)
	}
	return samples, nil
}
