package bench

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestDecodeProtocolResult(t *testing.T) {
	for _, c := range []struct {
		name, stdout string
		want         []float64
		err          string
	}{
		{"as asked for", `{"name":"x","samples":[1,2.5]}`, []float64{1, 2.5}, ""},
		{"more fields and white space", "\n {\"samples\":[0,0],\"more\":{}} \n", []float64{0, 0}, ""},
		{"exactly the wall time", `{"samples":[50,50]}`, []float64{50, 50}, ""},
		{"nothing", "", nil, "printed no result"},
		{"white space", " \n\t", nil, "printed no result"},
		{"not JSON", "done in 5 ms", nil, "not the expected JSON"},
		{"binary", "\x00\xff\xfe", nil, "not the expected JSON"},
		{"cut", `{"samples":[1,`, nil, "not the expected JSON"},
		{"text before", `starting {"samples":[1,2]}`, nil, "not the expected JSON"},
		{"another type", `[1,2]`, nil, "not the expected JSON"},
		{"words for numbers", `{"samples":["1","2"]}`, nil, "not the expected JSON"},
		{"NaN", `{"samples":[NaN,1]}`, nil, "not the expected JSON"},
		{"too large a number", `{"samples":[1e999,1]}`, nil, "not the expected JSON"},
		{"two results", `{"samples":[1,2]}{"samples":[1,2]}`, nil, "more than one JSON object"},
		{"text behind", `{"samples":[1,2]} bye`, nil, "more than one JSON object"},
		{"its own error", `{"error":"no database"}`, nil, "the program reports: no database"},
		{"null", `null`, nil, "0 samples for 2 iterations"},
		{"too few", `{"samples":[1]}`, nil, "1 samples for 2 iterations"},
		{"too many", `{"samples":[1,1,1]}`, nil, "3 samples for 2 iterations"},
		{"null for a number", `{"samples":[1,null]}`, nil, "samples[1] is null"},
		{"below zero", `{"samples":[1,-0.5]}`, nil, "samples[1] is -0.5"},
		{"longer than it ran", `{"samples":[60,60]}`, nil, "120 ms of samples but ran for 100 ms"},
		{"an overflowing sum", `{"samples":[1e308,1e308]}`, nil, "+Inf ms of samples"},
	} {
		got, err := DecodeProtocolResult([]byte(c.stdout), ProtocolConfig{Iterations: 2}, 100)
		if c.err == "" && (err != nil || !slices.Equal(got, c.want)) {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
		if c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: %v, want %s", c.name, err, c.err)
		}
	}
}

func TestAProgramsErrorIsCut(t *testing.T) {
	_, err := DecodeProtocolResult([]byte(`{"error":"`+strings.Repeat("x", 1<<20)+`"}`), ProtocolConfig{}, 1)
	if err == nil || len(err.Error()) > 600 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

func FuzzDecodeProtocolResult(f *testing.F) {
	f.Add([]byte(`{"name":"x","samples":[1,2.5]}`), 2, 100.0)
	f.Add([]byte(`{"samples":[1e308,1e308]}`), 2, math.MaxFloat64)
	f.Add([]byte(`{"error":"no"}`), 0, 0.0)
	f.Fuzz(func(t *testing.T, stdout []byte, iterations int, wall float64) {
		samples, err := DecodeProtocolResult(stdout, ProtocolConfig{Iterations: iterations}, wall)
		if err != nil {
			return
		}
		sum := 0.0
		for _, s := range samples {
			if !(s >= 0 && s <= math.MaxFloat64) {
				t.Errorf("a sample of %v ms", s)
			}
			sum += s
		}
		if len(samples) != iterations || sum > wall {
			t.Errorf("%d samples for %d iterations, %v ms in %v", len(samples), iterations, sum, wall)
		}
	})
}
