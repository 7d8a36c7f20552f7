package machine

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestTheCalibrationIsTheSameWorkEachTime(t *testing.T) {
	memory := make([]uint64, words)
	for range 2 {
		if got := fixedWork(memory); got != answer {
			t.Errorf("the answer is %d: another piece of work can't be compared with what is stored", got)
		}
	}
}

func TestACalibrationHoldsForAMinute(t *testing.T) {
	var c Calibration
	if ms := c.Milliseconds(); ms <= 0 {
		t.Errorf("it took %v ms", ms)
	}
	synctest.Test(t, func(t *testing.T) {
		c := Calibration{ms: -1, taken: time.Now()}
		time.Sleep(afresh - time.Nanosecond)
		if ms := c.Milliseconds(); ms != -1 {
			t.Errorf("it was taken again: %v ms", ms)
		}
		time.Sleep(time.Nanosecond)
		if ms := c.Milliseconds(); ms == -1 {
			t.Error("it was not taken again")
		}
	})
}

func BenchmarkCalibration(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(fastestPass(), "ms/pass")
	}
}
