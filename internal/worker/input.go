package worker

import (
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"

	"benchcell/internal/bench"
)

// standardInput is what every execution of the run reads.
func standardInput(plan *bench.Plan) ([]byte, error) {
	switch {
	case plan.Kind == bench.KindBuiltin || plan.Kind == bench.KindProtocol:
		return json.Marshal(protocolConfig(plan))
	case plan.StdinLines > 0:
		return generatedLines(plan.StdinLines), nil
	}
	return []byte(plan.Stdin), nil
}

func protocolConfig(plan *bench.Plan) bench.ProtocolConfig {
	return bench.ProtocolConfig{
		Name: plan.Name, Target: plan.Target, Category: plan.Category,
		Iterations: plan.Samples().Min, Warmup: plan.Warmups(),
	}
}

// generatedLines is text of 64 bytes a line: hexadecimal digits of a fixed
// pseudo-random sequence, the same on every machine and in every version.
func generatedLines(n int) []byte {
	source := rand.NewChaCha8([32]byte([]byte("benchcell generated input, v1 ..")))
	line := make([]byte, 31)
	text := make([]byte, 0, n*64)
	for range n {
		_, _ = source.Read(line) // never fails
		text = hex.AppendEncode(text, line)
		text = append(text, ' ', '\n')
	}
	return text
}
