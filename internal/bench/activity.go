package bench

import (
	"strings"
	"time"
)

// Activity is what a machine has done since it was started, on the processors
// that were asked for. Two readings tell what it did between them.
type Activity struct {
	Busy    time.Duration // all programs and the kernel, ours among them
	Steal   time.Duration // wanted, and given to others by the hypervisor
	SwapIns int64         // pages that came back from disk, on the whole machine
}

// Causes that a sample was disturbed from outside, in the order of their bits in
// the store: new ones come last.
var Causes = []string{CauseOthers, CauseSteal, CauseSwap}

// The causes.
const (
	CauseOthers = "others"
	CauseSteal  = "steal"
	CauseSwap   = "swapping"
)

// Disturbed states causes in a sample's terms: nil for none.
func Disturbed(causes []string) *string {
	return optional(strings.Join(causes, ", "))
}
