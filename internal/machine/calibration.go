package machine

import (
	"sync"
	"time"
)

// calibration is how long a fixed piece of work takes: it tells a machine that
// became slower from a program that did. Other versions of it can't be compared.
const (
	passes  = 3       // of which the fastest tells the machine's speed
	words   = 1 << 18 // 2 MiB: more than a core's own caches mostly hold
	strides = 20_000
	rounds  = 300_000
	answer  = 16835261058309948960
)

// Calibration measures the machine's own speed, not more often than each is used.
type Calibration struct {
	mu    sync.Mutex
	taken time.Time
	ms    float64
}

// afresh is how long a figure holds: the speed drifts over minutes.
const afresh = time.Minute

// Milliseconds is how long the fixed piece of work takes now, or took less than
// a minute ago.
func (c *Calibration) Milliseconds() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken.IsZero() || time.Since(c.taken) >= afresh {
		c.ms, c.taken = fastestPass(), time.Now()
	}
	return c.ms
}

func fastestPass() float64 {
	memory := make([]uint64, words)
	fastest := time.Duration(1<<63 - 1)
	for range passes {
		began := time.Now()
		if fixedWork(memory) != answer {
			panic("the calibration's answer is wrong: this machine can't compute")
		}
		fastest = min(fastest, time.Since(began))
	}
	return float64(fastest) / 1e6
}

// fixedWork is bound by memory first, each step waiting for the one before, and
// by integer arithmetic then.
func fixedWork(memory []uint64) uint64 {
	x := uint64(88172645463325252)
	for i := range memory { // or the kernel lends one page of zeros for all
		memory[i] = uint64(i)
	}
	for range strides {
		x = x*6364136223846793005 + memory[x>>46] + 1442695040888963407
	}
	for range rounds {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}
