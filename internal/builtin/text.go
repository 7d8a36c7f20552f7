package builtin

import (
	"math/rand/v2"
	"strconv"
)

var words = [...]string{
	"amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbour",
	"island", "jasper", "kestrel", "lagoon", "meadow", "north", "orchard", "prairie",
}

func pick(random *rand.Rand) string { return words[random.IntN(len(words))] }

// logText generates a server's log of whole lines, size bytes or a few more,
// and says how many lines report a failure (status 500 to 504).
func logText(seed uint64, size int) (text []byte, failures int) {
	random := rand.New(rand.NewPCG(seed, 0))
	text = make([]byte, 0, size+256)
	for line := int64(0); len(text) < size; line++ {
		status := 200 + random.Int64N(5)
		if random.IntN(10) == 0 {
			status += 300
			failures++
		}
		text = appendLine(text, random, line, status)
	}
	return text, failures
}

func appendLine(text []byte, random *rand.Rand, line, status int64) []byte {
	text = append(text, "seq="...)
	text = strconv.AppendInt(text, line, 10)
	text = append(text, " service="...)
	text = append(text, pick(random)...)
	text = append(text, '-')
	text = append(text, pick(random)...)
	text = append(text, " request="...)
	text = strconv.AppendUint(text, uint64(random.Uint32()), 16)
	text = append(text, " status="...)
	text = strconv.AppendInt(text, status, 10)
	text = append(text, " took="...)
	text = strconv.AppendInt(text, random.Int64N(5000), 10)
	text = append(text, "us path=/"...)
	text = append(text, pick(random)...)
	text = append(text, '/')
	text = append(text, pick(random)...)
	return append(text, '\n')
}
