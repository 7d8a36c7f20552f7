package bench

import (
	"errors"
	"fmt"
	"time"
)

// Code is the stable name of a kind of error.
type Code string

// The codes. internal/api maps each to an HTTP status.
const (
	CodeInvalid     Code = "invalid"      // a value outside its range; the message names the field
	CodeNotFound    Code = "not_found"    // no such benchmark, run or batch
	CodeConflict    Code = "conflict"     // the run is no longer in the state the caller saw
	CodeQueueFull   Code = "queue_full"   // try again later
	CodeQueueShare  Code = "queue_share"  // the client has its share of the queue; try again later
	CodeRateLimited Code = "rate_limited" // the client asks too often; the error says for how long to wait
	CodeUnavailable Code = "unavailable"  // the machine can't do it; the hint says how to mend it
	CodeStorage     Code = "storage"      // the store can't take more
	CodeInternal    Code = "internal"     // our own machinery broke

	CodeUnauthorized Code = "unauthorized" // nobody knows who asks
	CodeForbidden    Code = "forbidden"    // it is known, and may not
)

// Error is an error that a user is meant to read: what is wrong, and what to
// do about it where we know.
type Error struct {
	Code    Code
	Message string
	Hint    string
	Retry   time.Duration // when to try again, if that can be said
	cause   error
}

// Errorf makes an Error; %w keeps a cause.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: err.Error(), cause: errors.Unwrap(err)}
}

// WithHint adds what to do about it.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// After says when to try again.
func (e *Error) After(wait time.Duration) *Error {
	e.Retry = wait
	return e
}

func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + "; " + e.Hint
}

func (e *Error) Unwrap() error { return e.cause }

// CodeOf is the code of an error, CodeInternal for one without.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
