package builtin

import (
	"context"
	"errors"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

// counted is a function that counts its calls and fails at one of them.
type counted struct {
	runs, closes int
	onRun        func(n int) error
	closeErr     error
}

func (c *counted) function() Function {
	return Function{Name: "counted", Setup: func() (*Case, error) {
		return &Case{
			Run: func() error {
				c.runs++
				if c.onRun == nil {
					return nil
				}
				return c.onRun(c.runs)
			},
			Close: func() error { c.closes++; return c.closeErr },
		}, nil
	}}
}

func TestMeasureCounts(t *testing.T) {
	tests := []struct{ warmup, iterations int }{{0, 1}, {0, 7}, {3, 5}}
	for _, test := range tests {
		var c counted
		samples, err := Measure(t.Context(), c.function(), test.warmup, test.iterations)
		if err != nil || len(samples) != test.iterations {
			t.Errorf("%+v: %d samples, %v", test, len(samples), err)
		}
		if c.runs != test.warmup+test.iterations || c.closes != 1 {
			t.Errorf("%+v: %d runs, %d closes", test, c.runs, c.closes)
		}
		for _, s := range samples {
			if s < 0 {
				t.Errorf("%+v: sample %v", test, s)
			}
		}
	}
}

func TestMeasureRefusesCounts(t *testing.T) {
	tests := []struct {
		warmup, iterations int
		field              string
	}{
		{0, 0, "iterations"},
		{0, -1, "iterations"},
		{0, bench.MaxIterations + 1, "iterations"},
		{-1, 1, "warmup"},
		{bench.MaxWarmup + 1, 1, "warmup"},
	}
	for _, test := range tests {
		var c counted
		_, err := Measure(t.Context(), c.function(), test.warmup, test.iterations)
		if bench.CodeOf(err) != bench.CodeInvalid || !strings.Contains(err.Error(), test.field) {
			t.Errorf("%+v: %v", test, err)
		}
		if c.runs != 0 || c.closes != 0 {
			t.Errorf("%+v: it was set up all the same", test)
		}
	}
}

func TestMeasureStopsBetweenIterations(t *testing.T) {
	tests := []struct {
		name                 string
		endAt, runs, samples int
	}{
		{"in a warm-up", 1, 1, 0},
		{"in the last warm-up", 2, 2, 0},
		{"in an iteration", 5, 5, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			cause := errors.New("enough")
			c := counted{onRun: func(n int) error {
				if n == test.endAt {
					cancel(cause)
				}
				return nil
			}}
			samples, err := Measure(ctx, c.function(), 2, 10)
			if !errors.Is(err, cause) || len(samples) != test.samples {
				t.Errorf("%d samples, %v", len(samples), err)
			}
			if c.runs != test.runs || c.closes != 1 {
				t.Errorf("%d runs, %d closes", c.runs, c.closes)
			}
		})
	}
}

func TestMeasureDoesNotStartAfterTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var c counted
	if _, err := Measure(ctx, c.function(), 0, 1); !errors.Is(err, context.Canceled) || c.closes != 0 {
		t.Errorf("%v, %d closes", err, c.closes)
	}
}

func TestMeasureHandsBackErrors(t *testing.T) {
	wrong, stuck := errors.New("wrong answer"), errors.New("stuck")
	c := counted{closeErr: stuck, onRun: func(n int) error {
		if n == 3 {
			return wrong
		}
		return nil
	}}
	samples, err := Measure(t.Context(), c.function(), 1, 10)
	if !errors.Is(err, wrong) || !errors.Is(err, stuck) || !strings.Contains(err.Error(), "iteration 2 of 10") {
		t.Errorf("error %v", err)
	}
	if len(samples) != 1 || c.runs != 3 || c.closes != 1 {
		t.Errorf("%d samples, %d runs, %d closes", len(samples), c.runs, c.closes)
	}
}

func TestMeasureHandsBackSetupError(t *testing.T) {
	broken := errors.New("broken")
	f := Function{Name: "f", Setup: func() (*Case, error) { return nil, broken }}
	if _, err := Measure(t.Context(), f, 0, 1); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}
