package svg

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// elements reads a picture as XML, which it must be, and counts its elements.
func elements(t *testing.T, picture []byte) (count map[string]int, words string) {
	t.Helper()
	count = map[string]int{}
	decoder := xml.NewDecoder(strings.NewReader(string(picture)))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return count, words
		}
		if err != nil {
			t.Fatalf("%v in %s", err, picture)
		}
		switch token := token.(type) {
		case xml.StartElement:
			count[token.Name.Local]++
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" {
					t.Errorf("an attribute %s in %s", a.Name.Local, picture)
				}
			}
		case xml.CharData:
			words += string(token)
		}
	}
}

func TestABadgeSaysInWordsWhatItsColourSays(t *testing.T) {
	count, words := elements(t, Badge("Sort lines", "fast: 1.2 ms of 5 ms", Good))
	if count["rect"] != 2 || count["text"] != 2 || !strings.Contains(words, "Sort lines: fast: 1.2 ms of 5 ms") {
		t.Errorf("%v %s", count, words)
	}
}

func TestHostileNamesAreText(t *testing.T) {
	name := "<script>alert(1)</script>\"' onload=\"x\u202e\x00\x1b[31m\xff]]>&lt;" + strings.Repeat("長", 500)
	for _, picture := range [][]byte{Badge(name, name, Bad), Sparkline(Series{Values: []float64{1, 2}, Title: name})} {
		count, words := elements(t, picture)
		if count["script"] != 0 || !strings.Contains(words, "<script>alert(1)</script>") {
			t.Errorf("%v %s", count, words)
		}
		if strings.ContainsAny(string(picture), "\u202e\x00\x1b") || len(picture) > 20_000 {
			t.Errorf("%d bytes: %s", len(picture), picture)
		}
	}
}

func TestASparklineMarksTargetAndChanges(t *testing.T) {
	target := 4.0
	picture := string(Sparkline(Series{Values: []float64{1, 1, 2, 2}, Target: &target, Changes: []int{2}, Title: "4 runs"}))
	for _, want := range []string{
		`<line class="target" x1="0" x2="100" y1="3" y2="3"/>`,
		`<line class="change" x1="65.2" x2="65.2" y1="0" y2="28"/>`,
		`points="3,25 34.3,25 65.7,17.7 97,17.7 "`, `<circle class="end" cx="97" cy="17.7" r="2"/>`,
	} {
		if !strings.Contains(picture, want) {
			t.Errorf("no %s in %s", want, picture)
		}
	}
	for _, series := range []Series{{}, {Values: []float64{3}}, {Values: []float64{3, 3}}, {Target: &target}} {
		elements(t, Sparkline(series))
		if p := string(Sparkline(series)); strings.Contains(p, "NaN") || strings.Contains(p, "Inf") {
			t.Error(p)
		}
	}
}

func FuzzPictures(f *testing.F) {
	f.Add("a name", "fast", 1.0, 2.0)
	f.Fuzz(func(t *testing.T, name, message string, a, b float64) {
		elements(t, Badge(name, message, Good))
		elements(t, Sparkline(Series{Values: []float64{a, b}, Title: name}))
	})
}
