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

	// Time in which something on the whole machine waited (PSI), what the clock of
	// the processors was on average when it was read, and how often they were slowed
	// down because they were hot; nil where nothing says.
	StallCPU, StallMemory, StallIO *time.Duration
	MHz                            *float64
	Thermal                        *int64
}

// Quality is the evidence of what a machine did beside samples. Null is what it
// does not tell.
type Quality struct {
	Window      float64  `json:"window" doc:"ms that were counted: of one long sample, or of all short ones that share this"`
	Others      *float64 `json:"others" doc:"share of the processors' time that other programs used"`
	Steal       *float64 `json:"steal" doc:"share of it that the hypervisor gave away"`
	SwapIns     *int64   `json:"swapIns" doc:"pages that came back from disk"`
	StallCPU    *float64 `json:"stallCPU" doc:"share of the window in which anything on the machine waited for a processor (PSI), the program included; so the next two"`
	StallMemory *float64 `json:"stallMemory" doc:"for memory"`
	StallIO     *float64 `json:"stallIO" doc:"for I/O"`
	Frequency   *float64 `json:"frequency" doc:"change of the processors' clock over the window, as a share: -0.1 is a tenth slower"`
}

// Causes that a sample was disturbed from outside, in the order of their bits in
// the store: new ones come last.
var Causes = []string{CauseOthers, CauseSteal, CauseSwap, CauseFrequency, CauseThermal}

// The causes.
const (
	CauseOthers = "others"
	CauseSteal  = "steal"
	CauseSwap   = "swapping"

	CauseFrequency = "frequency"
	CauseThermal   = "thermal"
)

// Disturbed states causes in a sample's terms: nil for none.
func Disturbed(causes []string) *string {
	return optional(strings.Join(causes, ", "))
}
