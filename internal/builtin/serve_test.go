package builtin

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"benchcell/internal/bench"
)

func TestServe(t *testing.T) {
	tests := []struct {
		name, config string
		want         bench.ProtocolConfig
	}{
		{
			"as the server sends it", `{"name":"Ping","target":0.8,"iterations":4,"category":"performance","warmup":1}`,
			bench.ProtocolConfig{Name: "Ping", Iterations: 4},
		},
		{
			"as the seed sends it", `{"name":"Ping","target":null,"iterations":1,"category":""}`,
			bench.ProtocolConfig{Name: "Ping", Iterations: 1},
		},
		{"with white space", "\n\t{ \"iterations\" : 2 } \r\n", bench.ProtocolConfig{Iterations: 2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := Serve(t.Context(), "channel-ping-pong", strings.NewReader(test.config), &out); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(out.String(), `{"name":"`+test.want.Name+`"`) {
				t.Errorf("the name was not handed back: %s", out.String())
			}
			samples, err := bench.DecodeProtocolResult(out.Bytes(), test.want, math.MaxFloat64)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range samples {
				if s <= 0 {
					t.Errorf("10,000 round trips took %v ms", s)
				}
			}
		})
	}
}

func TestServeRefuses(t *testing.T) {
	tests := []struct{ name, config, want string }{
		{"nothing", "", "the config is empty"},
		{"white space", " \n", "the config is empty"},
		{"no JSON", "iterations=3", "not the expected JSON"},
		{"cut", `{"iterations":3`, "not the expected JSON"},
		{"another type", `[1]`, "not the expected JSON"},
		{"no integer", `{"iterations":1.5}`, "iterations"},
		{"unknown field", `{"iterations":3,"iteration":9}`, `unknown field "iteration"`},
		{"two objects", `{"iterations":3}{"iterations":4}`, "more than one JSON object"},
		{"no iterations", `{"name":"x"}`, "iterations is 0: it must be 1 to 1000000"},
		{"null", `null`, "iterations is 0"},
		{"negative", `{"iterations":-4}`, "iterations is -4"},
		{"too many", `{"iterations":1000001}`, "iterations is 1000001"},
		{"overflow", `{"iterations":99999999999999999999}`, "iterations"},
		{"negative warm-up", `{"iterations":1,"warmup":-1}`, "warmup is -1"},
		{"too long", `{"iterations":1}` + strings.Repeat(" ", maxConfig), "more than 65536 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			err := Serve(t.Context(), "sha256", strings.NewReader(test.config), &out)
			if bench.CodeOf(err) != bench.CodeInvalid || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, it must hold %q", err, test.want)
			}
			if out.Len() != 0 {
				t.Errorf("wrote %q all the same", out.String())
			}
		})
	}
}

func TestServeUnknownFunction(t *testing.T) {
	err := Serve(t.Context(), "nothing", strings.NewReader(`{"iterations":1}`), io.Discard)
	if bench.CodeOf(err) != bench.CodeNotFound || !strings.Contains(err.Error(), `"nothing"`) {
		t.Errorf("error %v", err)
	}
}

func TestServeEndlessInputIsBounded(t *testing.T) {
	endless := io.MultiReader(strings.NewReader(`{"name":"`), zeroes{})
	if err := Serve(t.Context(), "sha256", endless, io.Discard); err == nil {
		t.Error("accepted")
	}
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestServeBrokenPipes(t *testing.T) {
	broken := errors.New("broken pipe")
	if err := Serve(t.Context(), "sha256", iotest.ErrReader(broken), io.Discard); !errors.Is(err, broken) {
		t.Errorf("reading: %v", err)
	}
	in, out := io.Pipe()
	_ = in.CloseWithError(broken) // always nil
	if err := Serve(t.Context(), "channel-ping-pong", strings.NewReader(`{"iterations":1}`), out); !errors.Is(err, broken) {
		t.Errorf("writing: %v", err)
	}
}

// FuzzServe: whatever the config, either the answer is one that the server
// accepts, or there is an error that says something and no answer.
func FuzzServe(f *testing.F) {
	for _, seed := range []string{
		`{"name":"x","target":0.8,"iterations":10,"category":"performance","warmup":1}`,
		`{"name":"\ud800","iterations":1}`, `{"iterations":-1}`, `{"iterations":1}{}`, `null`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		config, err := decodeConfig(bytes.NewReader(text))
		if err == nil && config.Iterations+config.Warmup > 1000 {
			t.Skip("valid, but slow")
		}
		var c counted
		var out bytes.Buffer
		if err := serve(t.Context(), c.function(), bytes.NewReader(text), &out); err != nil {
			if err.Error() == "" || out.Len() > 0 || c.runs > 0 {
				t.Errorf("error %q after %d runs and %d bytes", err, c.runs, out.Len())
			}
			return
		}
		if _, err := bench.DecodeProtocolResult(out.Bytes(), config, math.MaxFloat64); err != nil {
			t.Errorf("config %q: %v", text, err)
		}
		if c.runs != config.Warmup+config.Iterations || c.closes != 1 {
			t.Errorf("config %q: %d runs, %d closes", text, c.runs, c.closes)
		}
	})
}
