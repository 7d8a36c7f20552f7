package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

// statuses maps every code to its HTTP status.
var statuses = map[bench.Code]int{
	bench.CodeInvalid:     http.StatusUnprocessableEntity,
	bench.CodeNotFound:    http.StatusNotFound,
	bench.CodeConflict:    http.StatusConflict,
	bench.CodeQueueFull:   http.StatusTooManyRequests,
	bench.CodeQueueShare:  http.StatusTooManyRequests,
	bench.CodeRateLimited: http.StatusTooManyRequests,
	bench.CodeUnavailable: http.StatusServiceUnavailable,
	bench.CodeStorage:     http.StatusInsufficientStorage,
	bench.CodeInternal:    http.StatusInternalServerError,

	bench.CodeUnauthorized: http.StatusUnauthorized,
	bench.CodeForbidden:    http.StatusForbidden,
}

// codes names errors that arise before any code of ours sees the request.
var codes = map[int]bench.Code{
	http.StatusUnauthorized:          bench.CodeUnauthorized,
	http.StatusForbidden:             bench.CodeForbidden,
	http.StatusMisdirectedRequest:    "wrong_host",
	http.StatusMethodNotAllowed:      "method_not_allowed",
	http.StatusRequestEntityTooLarge: "too_large",
	http.StatusUnsupportedMediaType:  "unsupported_media_type",
	http.StatusNotAcceptable:         "not_acceptable",
	http.StatusNotFound:              bench.CodeNotFound,
	http.StatusInternalServerError:   bench.CodeInternal,
	http.StatusRequestTimeout:        "timeout",
}

// Problem is an error as RFC 9457 has it, with our stable code.
type Problem struct {
	huma.ErrorModel
	Code bench.Code `json:"code" doc:"stable name of the kind of error"`
	Hint string     `json:"hint,omitempty" doc:"what to do about it"`
}

// ContentType implements huma.ContentTypeFilter.
func (*Problem) ContentType(string) string { return "application/problem+json" }

// unread is what huma says of a body that it can't read, as an error of ours.
const unread = "cannot read request body"

// huma makes its own errors through this hook; it is the library's only way.
func init() {
	huma.ValidateStrictCasing = true
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		if message == unread {
			status = http.StatusBadRequest // its client ended it early, or wrote no HTTP
		}
		p := &Problem{Code: bench.CodeInvalid}
		if code, ok := codes[status]; ok {
			p.Code = code
		}
		p.Status, p.Title = status, http.StatusText(status)
		if status == http.StatusRequestEntityTooLarge {
			message = fmt.Sprintf("the body is larger than %d bytes", maxBody)
		}
		const most = 20 // of what can be wrong in a large body
		for _, err := range errs[:min(len(errs), most)] {
			var detail *huma.ErrorDetail
			if errors.As(err, &detail) {
				p.Errors = append(p.Errors, withoutValue(detail))
			} else if err != nil {
				p.Errors = append(p.Errors, &huma.ErrorDetail{Message: err.Error()})
			}
		}
		p.Detail = withFields(message, p.Errors)
		return p
	}
}

// withoutValue leaves out what was sent: it can be megabytes, and so can a name.
func withoutValue(d *huma.ErrorDetail) *huma.ErrorDetail {
	return &huma.ErrorDetail{Message: fmt.Sprintf("%.300s", d.Message), Location: fmt.Sprintf("%.300s", d.Location)}
}

// withFields names the first wrong fields in the sentence that people read.
func withFields(message string, details []*huma.ErrorDetail) string {
	const most = 5
	var parts []string
	for i, d := range details {
		if i == most {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, strings.TrimSpace(d.Location+" "+d.Message))
	}
	if len(parts) == 0 {
		return message
	}
	return message + ": " + strings.Join(parts, "; ")
}

// problem makes the answer for an error of ours.
func problem(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) {
		err = bench.Errorf(bench.CodeUnavailable, "the request was given up, or the server is stopping")
	}
	code := bench.CodeOf(err)
	p := &Problem{Code: code}
	p.Status = cmp.Or(statuses[code], http.StatusInternalServerError)
	p.Title, p.Detail = http.StatusText(p.Status), err.Error()
	var e *bench.Error
	if errors.As(err, &e) {
		p.Detail, p.Hint = e.Message, e.Hint
	}
	if p.Status == http.StatusTooManyRequests {
		return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {"5"}})
	}
	return p
}

// seconds as Retry-After has them, rounded up.
func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }

// writeProblem answers outside the described API.
func writeProblem(w http.ResponseWriter, status int, code bench.Code, detail string) {
	p := &Problem{Code: code}
	p.Status, p.Title, p.Detail = status, http.StatusText(status), detail
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(p) // the client may be gone
}
