package report

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"benchcell/internal/bench"
)

// walker goes through a JSON document token by token, so that only what is kept
// takes memory, and knows at each where it is. Unlike encoding/json it refuses
// a key that comes twice, text that is not UTF-8, and null for a number.
type walker struct {
	*collector
	d    *jsontext.Decoder
	keys int // so far; the decoder remembers those of open objects
}

// inJSON makes a format of a function that reads one JSON value.
func inJSON(value func(*walker) error) func(io.Reader, *collector) error {
	return func(r io.Reader, c *collector) error {
		w := &walker{collector: c, d: jsontext.NewDecoder(r)}
		c.at = func() string { return where(w.d.StackPointer()) }
		if err := value(w); err != nil {
			return err
		}
		if _, err := w.d.ReadToken(); !errors.Is(err, io.EOF) {
			return w.errorf("something follows the end of the document at byte %d", w.d.InputOffset())
		}
		return nil
	}
}

// where words a place as a path: results[3].times[0].
func where(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		if _, err := strconv.ParseUint(token, 10, 32); err == nil {
			b.WriteString("[" + token + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		if len(token) > 100 {
			token = strings.ToValidUTF8(token[:100], "") + "…"
		}
		b.WriteString(token)
	}
	if b.Len() == 0 {
		return "the document"
	}
	return b.String()
}

// token reads the next one. Its text is valid until the next read.
func (w *walker) token() (jsontext.Token, error) {
	t, err := w.d.ReadToken()
	if err != nil {
		err = w.explain(err)
	}
	return t, err
}

// skip reads a value that is not kept.
func (w *walker) skip() error {
	kind := w.d.PeekKind()
	if kind == '{' {
		return w.object(func(string) error { return w.skip() })
	}
	if kind == '[' {
		return w.list(w.skip)
	}
	_, err := w.token()
	return err
}

// explain puts an error of the decoder into our words.
func (w *walker) explain(err error) error {
	var ours *bench.Error
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return w.errorf("the file ends here, at byte %d: it is cut off", w.d.InputOffset())
	case errors.Is(err, jsontext.ErrDuplicateName):
		errors.As(err, &syntax)
		return w.errorf("the key %.100q stands twice", syntax.JSONPointer.LastToken())
	case errors.As(err, &syntax):
		return bench.Errorf(bench.CodeInvalid, "%s: no JSON at byte %d: %w", where(syntax.JSONPointer), syntax.ByteOffset, syntax.Err)
	}
	return err
}

// kinds are the words for what a token begins.
var kinds = map[jsontext.Kind]string{
	'n': "null", 't': "true", 'f': "false", '"': "a string", '0': "a number", '{': "an object", '[': "a list",
}

// expect reads a token of one kind.
func (w *walker) expect(kind jsontext.Kind) (jsontext.Token, error) {
	t, err := w.token()
	if err == nil && t.Kind() != kind {
		err = w.errorf("it is %s: expected %s", kinds[t.Kind()], kinds[kind])
	}
	return t, err
}

// object gives each key to field, which reads its value.
func (w *walker) object(field func(key string) error) error {
	if _, err := w.expect('{'); err != nil {
		return err
	}
	for {
		t, err := w.token()
		if err != nil || t.Kind() == '}' {
			return err
		}
		if w.keys++; w.keys > maxKeys {
			return w.errorf("the file has more than %d keys", maxKeys)
		}
		if err := field(t.String()); err != nil {
			return err
		}
	}
}

// list calls item for each item, which reads it.
func (w *walker) list(item func() error) error {
	if _, err := w.expect('['); err != nil {
		return err
	}
	for {
		if kind := w.d.PeekKind(); kind == ']' || kind == jsontext.KindInvalid {
			_, err := w.token()
			return err
		}
		if err := item(); err != nil {
			return err
		}
	}
}

// null reads a null if there is one: the tools write it for what they did not
// measure.
func (w *walker) null() bool {
	if w.d.PeekKind() != 'n' {
		return false
	}
	_, err := w.token()
	return err == nil
}

// word is a JSON string.
func (w *walker) word() (string, error) {
	t, err := w.expect('"')
	if err != nil {
		return "", err
	}
	s := t.String()
	return s, w.text("the text", s)
}

func (w *walker) number() (float64, error) {
	t, err := w.expect('0')
	if err != nil {
		return 0, err
	}
	x, err := t.Float()
	if err != nil {
		return 0, w.errorf("%.100s is out of range", t)
	}
	return x, w.room(1)
}

func (w *walker) numbers() (list []float64, err error) {
	err = w.list(func() error {
		x, err := w.number()
		list = append(list, x)
		return err
	})
	return list, err
}
