package bench

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestSamples(t *testing.T) {
	for _, c := range []struct {
		name       string
		kind       Kind
		iterations int
		stated     Sampling
		want       Sampling
	}{
		{"a command's own", KindCommand, 0, Sampling{}, Sampling{10, 1000, 3000, 0}},
		{"a fixed number", KindCommand, 7, Sampling{}, Sampling{7, 7, 0, 0}},
		{"a program's own", KindProtocol, 0, Sampling{}, Sampling{10, 10, 0, 0}},
		{"a function's fixed number", KindBuiltin, 20, Sampling{}, Sampling{20, 20, 0, 0}},
		{"tests are executed once", KindTests, 20, Sampling{}, Sampling{1, 1, 0, 0}},
		{"least", KindCommand, 0, Sampling{Min: 30}, Sampling{30, 1000, 3000, 0}},
		{"least over the default most", KindCommand, 0, Sampling{Min: 5000}, Sampling{5000, 5000, 3000, 0}},
		{"most under the default least", KindCommand, 0, Sampling{Max: 4}, Sampling{4, 4, 3000, 0}},
		{"a time", KindCommand, 0, Sampling{MinTime: 500}, Sampling{10, 1000, 500, 0}},
		{"a width alone has no least time", KindCommand, 0, Sampling{Precision: 0.01}, Sampling{10, 1000, 0, 0.01}},
		{"a width and a time", KindCommand, 0, Sampling{Precision: 0.01, MinTime: 1}, Sampling{10, 1000, 1, 0.01}},
		{"rounds of a program", KindProtocol, 0, Sampling{Precision: 0.01}, Sampling{10, 1000, 0, 0.01}},
	} {
		b := Benchmark{Kind: c.kind, Definition: Definition{Iterations: c.iterations, Sampling: c.stated}}
		if got := b.Samples(); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestIterationsOfARequestGoFirst(t *testing.T) {
	b := command()
	b.Sampling = Sampling{Min: 5, Max: 50, Precision: 0.01}
	plan, err := Policy{}.Resolve(b, Overrides{Iterations: 3})
	if err != nil || plan.Samples() != (Sampling{Min: 3, Max: 3}) {
		t.Errorf("%+v, %v", plan.Samples(), err)
	}
}

func TestExitCodes(t *testing.T) {
	for text, want := range map[string]*ExitCodes{
		`true`: {All: true}, `[1,3]`: {Codes: []int{1, 3}}, `[]`: {Codes: []int{}},
		`false`: nil, `null`: nil, `1`: nil, `"all"`: nil, `[1.5]`: nil, `["1"]`: nil, `{}`: nil,
	} {
		var got ExitCodes
		err := got.UnmarshalJSON([]byte(text))
		if want == nil {
			if err == nil || CodeOf(err) != CodeInvalid {
				t.Errorf("%s was read as %+v, %v", text, got, err)
			}
			continue
		}
		again, _ := json.Marshal(got)
		if err != nil || !reflect.DeepEqual(&got, want) || string(again) != text {
			t.Errorf("%s: %+v, %v, written as %s", text, got, err, again)
		}
	}
	some, all, none := &ExitCodes{Codes: []int{3}}, &ExitCodes{All: true}, (*ExitCodes)(nil)
	if !some.Has(3) || some.Has(4) || !all.Has(99) || none.Has(1) {
		t.Error("a set has what it should not, or has not what it should")
	}
}

func FuzzExitCodes(f *testing.F) {
	f.Add([]byte(`true`))
	f.Add([]byte(`[1,2,255]`))
	f.Add([]byte(`[256]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var got ExitCodes
		if got.UnmarshalJSON(text) != nil || got.validate() != nil {
			return
		}
		for _, code := range got.Codes {
			if code < 1 || code > maxExitCode {
				t.Errorf("code %d was let through", code)
			}
		}
		again, err := json.Marshal(got)
		var back ExitCodes
		if err != nil || back.UnmarshalJSON(again) != nil || !reflect.DeepEqual(got, back) {
			t.Errorf("%+v came back as %+v, %v", got, back, err)
		}
	})
}

func TestLabelsOfARunAreItsOwn(t *testing.T) {
	b := command()
	b.Labels = Labels{"size": "1k"}
	run := NewRun("01RUN", &Plan{Benchmark: b}, nil, noon)
	run.Labels["size"] = "1M"
	if b.Labels["size"] != "1k" || run.TargetOn != OnMedian {
		t.Errorf("the definition says %v, the target is on %q", b.Labels, run.TargetOn)
	}
}
