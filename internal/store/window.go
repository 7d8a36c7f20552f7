package store

import (
	"encoding/binary"
	"errors"
	"math"

	"benchcell/internal/bench"
)

// What the machine did is the same for all samples of a window, so the windows
// come behind the samples' columns: from which sample on, for how many, and what.
// Shares have four digits.

// windowNumbers is how many numbers a window has.
const windowNumbers = 10

// appendWindows writes those of samples that share their quality.
func appendWindows(b []byte, list []bench.Sample) []byte {
	var windows [][2]int // place of the first sample and behind the last
	for i := range list {
		if q := list[i].Quality; q != nil && i > 0 && q == list[i-1].Quality {
			windows[len(windows)-1][1] = i + 1
		} else if q != nil {
			windows = append(windows, [2]int{i, i + 1})
		}
	}
	b = binary.AppendUvarint(b, uint64(len(windows)))
	for _, w := range windows {
		q := list[w[0]].Quality
		for _, v := range [windowNumbers]uint64{
			uint64(w[0]), uint64(w[1] - w[0]), scaled(&q.Window, 10), //nolint:gosec // both are places in the list
			scaled(q.Others, 1e4), scaled(q.Steal, 1e4), countBits(q.SwapIns),
			scaled(q.StallCPU, 1e4), scaled(q.StallMemory, 1e4), scaled(q.StallIO, 1e4), shifted(q.Frequency),
		} {
			b = binary.AppendUvarint(b, v)
		}
	}
	return b
}

// readWindows gives each sample the quality of its window, and what follows.
func readWindows(b []byte, list []bench.Sample) ([]byte, error) {
	n, used := binary.Uvarint(b)
	if used <= 0 || n > uint64(len(list)) {
		return nil, errors.New("samples have no windows")
	}
	b = b[used:]
	end := uint64(0) // of the window before: they follow one another
	for range n {
		var v [windowNumbers]uint64
		for i := range v {
			if v[i], used = binary.Uvarint(b); used <= 0 {
				return nil, errors.New("samples end early")
			}
			b = b[used:]
		}
		if v[0] < end || v[0] > uint64(len(list)) || v[1] > uint64(len(list))-v[0] {
			return nil, errors.New("a window lies beyond its place")
		}
		q := &bench.Quality{
			Others: unscaled(v[3], 1e4), Steal: unscaled(v[4], 1e4), SwapIns: countOf(v[5]),
			StallCPU: unscaled(v[6], 1e4), StallMemory: unscaled(v[7], 1e4), StallIO: unscaled(v[8], 1e4), Frequency: unshifted(v[9]),
		}
		if ms := unscaled(v[2], 10); ms != nil {
			q.Window = *ms
		}
		end = v[0] + v[1]
		for i := v[0]; i < end; i++ {
			list[i].Quality = q
		}
	}
	return b, nil
}

// scaled is a figure as a whole number of parts, shifted up; 0 is none.
func scaled(v *float64, parts float64) uint64 {
	if v == nil {
		return 0
	}
	return uint64(math.Round(max(*v, 0)*parts)) + 1
}

func unscaled(v uint64, parts float64) *float64 {
	if v == 0 {
		return nil
	}
	f := float64(v-1) / parts
	return &f
}

// shifted is a share that may be below nothing: of a clock, never under -1.
func shifted(v *float64) uint64 {
	if v == nil {
		return 0
	}
	up := *v + 1
	return scaled(&up, 1e4)
}

func unshifted(v uint64) *float64 {
	f := unscaled(v, 1e4)
	if f != nil {
		*f = math.Round((*f-1)*1e4) / 1e4
	}
	return f
}

func countBits(v *int64) uint64 {
	if v == nil || *v < 0 {
		return 0
	}
	return uint64(*v) + 1
}

func countOf(v uint64) *int64 {
	if v == 0 || v > math.MaxInt64 {
		return nil
	}
	n := int64(v - 1)
	return &n
}
