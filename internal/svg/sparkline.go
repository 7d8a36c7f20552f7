package svg

import (
	"fmt"
	"math"
)

// Series is what a sparkline draws.
type Series struct {
	Values  []float64 // oldest first
	Target  *float64  // dashed
	Changes []int     // values from which on the level is another
	Title   string    // what it shows, in words
}

// Sizes of a sparkline, in pixels.
const (
	sparkWidth, sparkHeight = 100.0, 28.0
	sparkInset              = 3.0
)

// Sparkline draws values in order. Without any it is empty but for its title.
func Sparkline(s Series) []byte {
	b := picture(sparkWidth, sparkHeight, s.Title)
	x, y := scales(&s)
	if s.Target != nil {
		fmt.Fprintf(b, `<line class="target" x1="0" x2="%[1]s" y1="%[2]s" y2="%[2]s"/>`, number(sparkWidth), number(y(*s.Target)))
	}
	for _, i := range s.Changes {
		fmt.Fprintf(b, `<line class="change" x1="%[1]s" x2="%[1]s" y1="0" y2="%[2]s"/>`, number(x(i)-0.5), number(sparkHeight))
	}
	if n := len(s.Values); n > 0 {
		b.WriteString(`<polyline class="line" points="`)
		for i, v := range s.Values {
			fmt.Fprintf(b, "%s,%s ", number(x(i)), number(y(v)))
		}
		fmt.Fprintf(b, `"/><circle class="end" cx="%s" cy="%s" r="2"/>`, number(x(n-1)), number(y(s.Values[n-1])))
	}
	b.WriteString("</svg>")
	return b.Bytes()
}

// scales say where a value lies. A level line lies in the middle, not on the floor.
func scales(s *Series) (x func(int) float64, y func(float64) float64) {
	low, high := math.Inf(1), math.Inf(-1)
	note := func(v float64) { low, high = min(low, v), max(high, v) }
	for _, v := range s.Values {
		note(v)
	}
	if s.Target != nil {
		note(*s.Target)
	}
	x = func(i int) float64 {
		if len(s.Values) < 2 {
			return sparkWidth - sparkInset
		}
		return sparkInset + float64(i)/float64(len(s.Values)-1)*(sparkWidth-2*sparkInset)
	}
	y = func(v float64) float64 {
		if !(high > low) {
			return sparkHeight / 2
		}
		return sparkInset + (high-v)/(high-low)*(sparkHeight-2*sparkInset)
	}
	return x, y
}
