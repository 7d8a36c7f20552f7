package api

import (
	"io"

	"github.com/gin-gonic/gin"
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
