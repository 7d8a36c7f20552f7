package store

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"

	"benchcell/internal/bench"
)

// draw makes samples as they come: times in whole nanoseconds, figures that
// were measured or not.
func draw(r *rand.Rand, n int) []bench.Sample {
	list := make([]bench.Sample, n)
	for i := range list {
		s := &list[i]
		s.Index, s.Warmup, s.Wall = r.IntN(bench.MaxIterations), r.IntN(2) == 0, float64(r.Int64N(1<<r.IntN(50)))/1e6
		if r.IntN(3) > 0 {
			user, system := r.Int64N(1<<40), r.Int64N(1<<40)
			s.CPU = micros(user + system)
			if r.IntN(3) > 0 {
				s.User, s.System = micros(user), micros(system)
			}
		}
		if r.IntN(3) > 0 {
			rss := r.Int64N(1 << 45)
			s.MaxRSS = &rss
		}
		if r.IntN(3) > 0 {
			code := r.IntN(256)
			s.ExitCode = &code
		}
		if n := r.IntN(len(bench.Causes) + 1); n > 0 {
			s.Disturbed = bench.Disturbed(bench.Causes[n-1:])
		}
		switch r.IntN(3) {
		case 0: // in the window of the one before
			s.Quality = list[max(i-1, 0)].Quality
		case 1:
			share, slower, pages := float64(r.IntN(10_001))/1e4, float64(r.IntN(10_001)-5000)/1e4, r.Int64N(1<<20)
			s.Quality = &bench.Quality{Window: 200.5, Others: &share, Steal: &share, SwapIns: &pages}
			if r.IntN(2) > 0 {
				s.Quality.StallCPU, s.Quality.StallMemory, s.Quality.StallIO, s.Quality.Frequency = &share, &share, &share, &slower
			}
			switches, waited := r.Int64N(1000), float64(r.IntN(1e6))/1e3
			s.SetAside, s.Switches, s.Throttled = true, &switches, &waited
		}
	}
	return list
}

func micros(nanoseconds int64) *float64 {
	us := float64(nanoseconds) / 1e3
	return &us
}

func TestSamplesComeBackAsTheyWere(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		want := draw(r, 1+r.IntN(40))
		got, err := decodeSamples(encodeSamples(want))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v (%v)", got, want, err)
		}
	}
	if encodeSamples(nil) != nil {
		t.Error("no samples take space")
	}
	zero, none := 0.0, bench.Sample{}
	measured := bench.Sample{CPU: &zero}
	got, err := decodeSamples(encodeSamples([]bench.Sample{none, measured}))
	if err != nil || got[0].CPU != nil || got[1].CPU == nil || *got[1].CPU != 0 {
		t.Errorf("absent and zero are mixed up: %+v, %v", got, err)
	}
}

// What an older version stored is read: it did not tell the CPU time apart.
func TestSamplesOfVersion1(t *testing.T) {
	b := []byte{1, 2}
	for _, column := range [][2]uint64{{1, 2}, {1_500_000, 2_000_000}, {0, 3_001}, {4097, 0}, {0, 4}} {
		b = binary.AppendUvarint(binary.AppendUvarint(b, column[0]), column[1])
	}
	rss, code := int64(4096), 3
	want := []bench.Sample{{Warmup: true, Wall: 1.5, MaxRSS: &rss}, {Index: 1, Wall: 2, CPU: micros(3000), ExitCode: &code}}
	if got, err := decodeSamples(compress(b)); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// Nor did the next say what disturbed a sample.
func TestSamplesOfVersion2(t *testing.T) {
	b := []byte{2, 1}
	for _, v := range []uint64{2, 2_000_000, 3_001, 0, 4, 1_001} {
		b = binary.AppendUvarint(b, v)
	}
	code := 3
	want := []bench.Sample{{Index: 1, Wall: 2, CPU: micros(3000), User: micros(1000), System: micros(2000), ExitCode: &code}}
	if got, err := decodeSamples(compress(b)); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAsManySamplesAsThereCanBe(t *testing.T) {
	list := make([]bench.Sample, mostSamples)
	for i := range list {
		list[i] = bench.Sample{Index: i, Wall: float64(i%1000) / 100}
	}
	packed := encodeSamples(list)
	got, err := decodeSamples(packed)
	if err != nil || !reflect.DeepEqual(got, list) {
		t.Fatal(err)
	}
	t.Logf("%d samples take %d bytes", len(list), len(packed))
}

func TestDamagedSamplesAreAnError(t *testing.T) {
	uvarints := func(version byte, values ...uint64) []byte {
		b := []byte{version}
		for _, v := range values {
			b = binary.AppendUvarint(b, v)
		}
		return compress(b)
	}
	for name, packed := range map[string][]byte{
		"nothing":               {},
		"not compressed":        []byte("samples"),
		"cut":                   encodeSamples([]bench.Sample{{Wall: 1}, {Wall: 2}})[:12],
		"empty":                 compress(bytes.Repeat(nil, 1)),
		"another version":       uvarints(samplesVersion+1, 1, 0, 0, 0, 0, 0, 0, 0),
		"version 0":             uvarints(0, 1, 0, 0, 0, 0, 0, 0),
		"a column of version 1": uvarints(2, 1, 0, 0, 0, 0, 0),
		"a column of version 2": uvarints(samplesVersion, 1, 0, 0, 0, 0, 0, 0),
		"no count":              uvarints(1),
		"fewer than said":       uvarints(1, 2, 0, 0, 0, 0, 0),
		"more than said":        uvarints(1, 1, 0, 0, 0, 0, 0, 0),
		"many more than bytes":  uvarints(1, 1<<40),
		"no windows":            uvarints(4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
		"half a window":         uvarints(4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1),
		"a window beyond":       uvarints(4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
		"windows that overlap":  uvarints(4, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
		"an overflowing count":  uvarints(1, math.MaxUint64, 0, 0, 0, 0, 0),
	} {
		if got, err := decodeSamples(packed); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A few kilobytes can unpack to gigabytes, and a count can claim more.
func TestABombIsRefusedInBoundedMemory(t *testing.T) {
	huge := append([]byte{samplesVersion}, binary.AppendUvarint(nil, 1<<27)...)
	for name, packed := range map[string][]byte{
		"a bomb of zeros":       compress(append(huge, make([]byte, 128<<20)...)),
		"more than can be kept": compress(append(huge, make([]byte, 40<<20)...)),
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		if _, err := decodeSamples(packed); err == nil {
			t.Errorf("%s was taken", name)
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 128<<20 {
			t.Errorf("%s: %d bytes made %d MiB", name, len(packed), used>>20)
		}
	}
}

func FuzzDecodeSamples(f *testing.F) {
	f.Add(encodeSamples(draw(rand.New(rand.NewPCG(1, 2)), 20)), true)
	f.Add([]byte{samplesVersion, 1, 0, 0, 5, 0, 0, 9}, false)
	f.Add([]byte{1, 1, 0, 0, 0, 0, 0}, false)
	f.Add([]byte{samplesVersion, 0xff, 0xff, 0xff, 0xff, 0x0f}, false)
	f.Fuzz(func(t *testing.T, b []byte, packed bool) {
		if !packed { // most damage would stop at the compression
			b = compress(b)
		}
		list, err := decodeSamples(b)
		if err != nil {
			return
		}
		if len(list) > mostSamples {
			t.Fatalf("%d samples", len(list))
		}
		if len(list) == 0 || !plausible(list) {
			return
		}
		again, err := decodeSamples(encodeSamples(list))
		if err != nil || !reflect.DeepEqual(again, list) {
			t.Fatalf("%+v came back as %+v (%v)", list, again, err)
		}
	})
}

// plausible leaves out times over a month and the like, which are not exact.
func plausible(list []bench.Sample) bool {
	for _, s := range list {
		if s.Wall > 1e9 || (s.CPU != nil && *s.CPU > 1e12) || (s.MaxRSS != nil && *s.MaxRSS < 0) ||
			(s.ExitCode != nil && *s.ExitCode < 0) || s.Index < 0 {
			return false
		}
	}
	return true
}

func TestOutputComesBackByteForByte(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	random := make([]byte, 1<<20)
	for i := range random {
		random[i] = byte(rand.Uint32())
	}
	s := openIn(t, Options{})
	for name, c := range map[string]bench.Output{
		"every byte":    {Stdout: all, Stderr: []byte("\x00")},
		"invalid UTF-8": {Stdout: []byte("a\xff\xc3\x28\xed\xa0\x80"), Stderr: []byte("\x1b[31m\r\n")},
		"a megabyte":    {Stdout: random},
		"nothing":       {},
		"stderr alone":  {Stderr: bytes.Repeat([]byte("y\n"), 1<<19)},
	} {
		submit(t, s, name)
		finish(t, s, name, bench.OK, &bench.Measurement{Output: c})
		stdout, err := s.Output(t.Context(), name, true)
		if err != nil || !bytes.Equal(stdout, c.Stdout) {
			t.Errorf("%s: stdout of %d bytes, %v", name, len(stdout), err)
		}
		stderr, err := s.Output(t.Context(), name, false)
		if err != nil || !bytes.Equal(stderr, c.Stderr) {
			t.Errorf("%s: stderr of %d bytes, %v", name, len(stderr), err)
		}
	}
}

func TestTheMostOutputCanBeReadBack(t *testing.T) {
	s := openIn(t, Options{})
	submit(t, s, "1")
	finish(t, s, "1", bench.OK, &bench.Measurement{Output: bench.Output{Stdout: make([]byte, bench.MaxOutput)}})
	if out, err := s.Output(t.Context(), "1", true); err != nil || len(out) != bench.MaxOutput {
		t.Errorf("%d bytes, %v", len(out), err)
	}
}
