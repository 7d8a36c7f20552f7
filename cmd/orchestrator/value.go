package main

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/docker/go-units"

	"benchcell/internal/bench"
)

// Duration is a time as configurations write it: "10s".
type Duration time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a duration like \"10s\" or \"300ms\"", text)
	}
	if v <= 0 || v > 24*time.Hour {
		return fmt.Errorf("%q is outside its range: above 0 and at most 24h", text)
	}
	*d = Duration(v)
	return nil
}

// Interval is a time too, or "off".
type Interval time.Duration

const (
	never        = "off"
	mostInterval = 365 * 24 * time.Hour
)

// UnmarshalText implements encoding.TextUnmarshaler.
func (i *Interval) UnmarshalText(text []byte) error {
	if string(text) == never {
		*i = 0
		return nil
	}
	v, err := time.ParseDuration(string(text))
	if err != nil || v <= 0 || v > mostInterval {
		return fmt.Errorf("%q is neither %q nor a duration like \"24h\", above 0 and at most 8760h", text, never)
	}
	*i = Interval(v)
	return nil
}

// String implements fmt.Stringer.
func (i Interval) String() string {
	if i == 0 {
		return never
	}
	return Duration(i).String()
}

// Millis is the duration in milliseconds.
func (d Duration) Millis() float64 { return float64(d) / float64(time.Millisecond) }

// String implements fmt.Stringer.
func (d Duration) String() string {
	text := time.Duration(d).String() // "24h0m0s"
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}

// Size is a number of bytes as configurations write it: "256MiB".
type Size int64

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Size) UnmarshalText(text []byte) error {
	v, err := units.RAMInBytes(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a size like \"256MiB\"", text)
	}
	if v <= 0 {
		return fmt.Errorf("%q is outside its range: above 0", text)
	}
	*s = Size(v)
	return nil
}

// String implements fmt.Stringer.
func (s Size) String() string {
	for i, unit := range []string{"GiB", "MiB", "KiB"} {
		if size := Size(1) << (30 - 10*i); s >= size && s%size == 0 {
			return strconv.FormatInt(int64(s/size), 10) + unit
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

// Share is a part of a whole as people write it: "1%", or 0.01.
type Share float64

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Share) UnmarshalText(text []byte) error {
	number, percent := strings.CutSuffix(string(text), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil {
		return fmt.Errorf("%q is not a share like \"1%%\" or 0.01", text)
	}
	if percent {
		v /= 100
	}
	if !(v >= bench.MinPrecision && v <= bench.MaxPrecision) {
		return fmt.Errorf("%q is outside its range: %g%% to %g%%", text, 100*bench.MinPrecision, 100*bench.MaxPrecision)
	}
	*s = Share(v)
	return nil
}

// Secret is a text that never shows: not in a log, not in an error.
type Secret string

// String implements fmt.Stringer.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "[secret]"
}

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Secret) UnmarshalText(text []byte) error { //nolint:unparam // the interface has an error
	*s = Secret(text)
	return nil
}
