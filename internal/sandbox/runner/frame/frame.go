// Package frame is the language between the server and its runner: what is
// said, and how it lies on the wire. Both ends import it, so it stays as lean
// as the runner must be: no fmt, no reflection, no encoding/binary.
//
// A frame is a four-byte little-endian payload length, one type byte and the
// payload. The stream is duplex and ordered; nothing in it is trusted by
// either end: every length is bounded before memory is taken for it.
package frame

import "errors"

// Version is stated by the runner in its Ready frame. The server refuses a
// runner of another version, which an old image can hold.
const Version = 8

// Bounds of one frame.
const (
	HeaderSize = 5
	MaxPayload = 8 << 20 // a Job: the kernel takes at most 6 MiB of arguments
	MaxChunk   = 256 << 10
)

// Type says what a payload holds.
type Type byte

// Server to runner.
const (
	TypeJob    Type = 1 // run this program once
	TypeStdin  Type = 2 // a chunk of the standard input of later jobs
	TypeCancel Type = 3 // end the running job: SIGTERM, grace, SIGKILL

	TypePut     Type = 4 // a piece of a file for the working folder
	TypeKeep    Type = 5 // remember the working folder as it is
	TypeRestore Type = 6 // and make it so again, before the next sample
	TypeRead    Type = 7 // read figures of the control group from inside

	TypeLine  Type = 8 // make a shorter way for the conversation
	TypeMoved Type = 9 // and take it, or forget it

	TypeBoundary Type = 10 // build this around yourself, before the greeting
)

// Runner to server.
const (
	TypeReady  Type = 65 // the runner waits for its first job
	TypeOutput Type = 66 // a chunk of the program's output
	TypeResult Type = 67 // the job is over and its tree is empty
	TypeDone   Type = 68 // answers Put and Restore
	TypeTexts  Type = 69 // answers Read
	TypeOffer  Type = 70 // answers Line
	TypeFailed Type = 71 // instead of Ready: the boundary could not be built
)

// Errors of the codec. They mean a broken or hostile peer.
var (
	ErrTooLarge  = errors.New("frame: payload over its bound")
	ErrTruncated = errors.New("frame: payload ends early")
	ErrTrailing  = errors.New("frame: bytes after the payload's end")
	ErrValue     = errors.New("frame: value outside its range")
)

// Header reads the first HeaderSize bytes of a frame.
func Header(b []byte) (Type, int, error) {
	if len(b) < HeaderSize {
		return 0, 0, ErrTruncated
	}
	n := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
	if n > MaxPayload {
		return 0, 0, ErrTooLarge
	}
	return Type(b[4]), int(n), nil
}

// begin appends a header whose length end fills in.
func begin(b []byte, t Type) []byte {
	return append(b, 0, 0, 0, 0, byte(t))
}

func end(b []byte, start int) []byte {
	n := len(b) - start - HeaderSize
	b[start], b[start+1], b[start+2], b[start+3] = byte(n), byte(n>>8), byte(n>>16), byte(n>>24)
	return b
}

// writer appends values; reader takes them off again and remembers the first
// error, so that a decoder reads as the list of its fields.
type writer struct{ b []byte }

func (w *writer) byte(v byte) { w.b = append(w.b, v) }

func (w *writer) flag(v bool) {
	if v {
		w.byte(1)
	} else {
		w.byte(0)
	}
}

func (w *writer) int(v int64) {
	u := uint64(v)
	w.b = append(w.b, byte(u), byte(u>>8), byte(u>>16), byte(u>>24),
		byte(u>>32), byte(u>>40), byte(u>>48), byte(u>>56))
}

func (w *writer) string(s string) {
	w.int(int64(len(s)))
	w.b = append(w.b, s...)
}

func (w *writer) strings(list []string) {
	w.int(int64(len(list)))
	for _, s := range list {
		w.string(s)
	}
}

func (w *writer) ints(list []int64) {
	w.int(int64(len(list)))
	for _, v := range list {
		w.int(v)
	}
}

type reader struct {
	b   []byte
	err error
}

func (r *reader) take(n int) []byte {
	if r.err == nil && (n < 0 || n > len(r.b)) {
		r.err = ErrTruncated
	}
	if r.err != nil {
		return nil
	}
	head := r.b[:n]
	r.b = r.b[n:]
	return head
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) flag() bool {
	v := r.byte()
	if v > 1 && r.err == nil {
		r.err = ErrValue
	}
	return v == 1
}

func (r *reader) int() int64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	return int64(uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56)
}

// natural is an int that can't be negative: a duration, a size, a count.
func (r *reader) natural() int64 {
	v := r.int()
	if v < 0 && r.err == nil {
		r.err = ErrValue
	}
	return v
}

func (r *reader) length() int {
	n := r.natural()
	if n > int64(len(r.b)) && r.err == nil {
		r.err = ErrTruncated
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}

func (r *reader) string() string { return string(r.take(r.length())) }

// strings takes a list. Each entry costs at least its length's eight bytes, so
// the count is bounded by what is really there.
func (r *reader) strings() []string {
	n := r.length()
	if n > len(r.b)/8 {
		r.err = ErrTruncated
		return nil
	}
	list := make([]string, 0, n)
	for range n {
		list = append(list, r.string())
	}
	return list
}

// naturals takes a list of numbers, whose count is bounded the same way.
func (r *reader) naturals() []int64 {
	n := r.length()
	if n > len(r.b)/8 {
		r.err = ErrTruncated
		return nil
	}
	list := make([]int64, 0, n)
	for range n {
		list = append(list, r.natural())
	}
	return list
}

func (r *reader) done() error {
	if r.err == nil && len(r.b) > 0 {
		return ErrTrailing
	}
	return r.err
}
