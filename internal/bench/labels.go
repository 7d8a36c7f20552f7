package bench

import "unicode/utf8"

// Labels tell benchmarks and runs apart by parameters of their owner's: the
// size of an input, a compression level.
type Labels map[string]string

// Bounds of labels.
const (
	maxLabels     = 32
	maxLabelName  = 64  // bytes
	maxLabelValue = 200 // bytes
)

func (l Labels) validate() error {
	if len(l) > maxLabels {
		return Errorf(CodeInvalid, "labels has %d entries: it must have at most %d", len(l), maxLabels)
	}
	for name, value := range l {
		if name == "" || len(name) > maxLabelName || !utf8.ValidString(name) {
			return Errorf(CodeInvalid, "labels %.200q: a name must be 1 to %d bytes of UTF-8", name, maxLabelName)
		}
		if len(value) > maxLabelValue || !utf8.ValidString(value) {
			return Errorf(CodeInvalid, "labels.%s has %d bytes: it must be at most %d bytes of UTF-8", name, len(value), maxLabelValue)
		}
	}
	return nil
}
