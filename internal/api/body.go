package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json/jsontext"

	"benchcell/internal/bench"
)

// maxDrain bounds what is read of a body that is too large, in bytes.
const maxDrain = 4 * maxBody

// body is a request's body. Of one that is too large the rest is read away, since
// a client that still sends when we close would lose our answer.
type body struct {
	io.ReadCloser
	begun, ended bool
}

func drainBody(c *gin.Context) {
	if c.Request.Body != nil {
		c.Request.Body = &body{ReadCloser: c.Request.Body}
	}
}

func (b *body) Read(p []byte) (int, error) {
	b.begun = true
	n, err := b.ReadCloser.Read(p)
	b.ended = b.ended || err != nil
	return n, err
}

func (b *body) Close() error {
	if b.begun && !b.ended {
		_, _ = io.CopyN(io.Discard, b, maxDrain) // who sends more is cut off
	}
	return b.ReadCloser.Close()
}

// maxDepth is how deep arrays and objects of a request may lie in one another.
// What we take needs six.
const maxDepth = 32

// shallowJSON refuses what is deep before anything is made of it, and what is
// ambiguous.
var shallowJSON = huma.Format{
	Marshal: writeWhole,
	Unmarshal: func(text []byte, v any) error {
		if err := cmp.Or(checkDepth(text), checkNames(text)); err != nil {
			return err
		}
		return json.Unmarshal(text, v)
	},
}

// writeWhole says how long an answer is, which then goes out in one piece and not in
// two: its text, and that it was all.
func writeWhole(w io.Writer, v any) error {
	var text bytes.Buffer
	if err := huma.DefaultJSONFormat.Marshal(&text, v); err != nil {
		return err
	}
	if answer, ok := w.(http.ResponseWriter); ok {
		answer.Header().Set("Content-Length", strconv.Itoa(text.Len()))
	}
	_, err := w.Write(text.Bytes())
	return err
}

// checkDepth needs no memory, however deep it goes: brackets outside of strings
// are counted. Whether the rest is JSON the decoder says.
func checkDepth(text []byte) error {
	depth, quoted, escaped := 0, false, false
	for _, b := range text {
		switch {
		case escaped:
			escaped = false
		case b == '\\':
			escaped = quoted
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '[' || b == '{':
			depth++
		case b == ']' || b == '}':
			depth--
		}
		if depth > maxDepth {
			return bench.Errorf(bench.CodeInvalid, "arrays and objects lie more than %d deep in one another", maxDepth)
		}
	}
	return nil
}

// checkNames refuses an object that names something twice. Of two the last is judged,
// while what is made of them has the fields of both.
func checkNames(text []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowInvalidUTF8(true))
	for {
		_, err := d.ReadToken()
		if errors.Is(err, jsontext.ErrDuplicateName) {
			return bench.Errorf(bench.CodeInvalid, "%s is stated twice", d.StackPointer())
		}
		if err != nil {
			return nil //nolint:nilerr // the end; or it is no JSON, as the decoder says
		}
	}
}
