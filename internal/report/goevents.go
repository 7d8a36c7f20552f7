package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
)

// goEvents reads the output of go test, and that of go test -json as if it had
// been asked for without: events carry it in pieces, those of several packages
// among each other. What is no event is passed on as it is, as the go command
// itself writes lines between them.
// Source of the form: go doc test2json.
type goEvents struct {
	in     *bufio.Reader
	err    error
	read   int               // lines of the file
	from   []int32           // line of the file that each line of the text ends in
	text   bytes.Buffer      // ready to be read
	begun  map[string][]byte // lines that are not whole yet, by package
	source string            // package of the line before
}

type goEvent struct {
	Action, Package, Output string
}

// maxEvent is the longest event, in bytes: a line of text may be six times as
// long when its characters are written by number.
const maxEvent = 6*bufio.MaxScanTokenSize + 1<<10

func newGoEvents(r io.Reader) *goEvents {
	return &goEvents{in: bufio.NewReaderSize(r, maxEvent), begun: map[string][]byte{}}
}

func (e *goEvents) Read(p []byte) (int, error) {
	for e.text.Len() == 0 && e.err == nil {
		e.err = e.next()
	}
	if e.text.Len() > 0 {
		return e.text.Read(p)
	}
	return 0, e.err
}

// line of the file that a line of the text came in; both count from 1.
func (e *goEvents) line(text int) int {
	if text > len(e.from) {
		return e.read + 1
	}
	return int(e.from[text-1])
}

// next takes a line of the file.
func (e *goEvents) next() error {
	line, err := e.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return bufio.ErrTooLong
	}
	event, is := asEvent(line)
	if !is && err == nil && looksLikeEvent(line) {
		return errNoEvent
	}
	if err == nil {
		e.read++
	}
	if is {
		e.add(event)
	} else {
		e.write(line)
	}
	if err != nil {
		e.flush()
	}
	return err
}

var errNoEvent = errors.New("no event")

// asEvent reads a line that is an object with an action.
func asEvent(line []byte) (event goEvent, is bool) {
	if len(line) == 0 || line[0] != '{' {
		return event, false
	}
	err := json.Unmarshal(line, &event)
	return event, err == nil && event.Action != ""
}

// looksLikeEvent tells what the go command wrote from what a program printed.
func looksLikeEvent(line []byte) bool {
	return slices.ContainsFunc(eventStarts, func(s string) bool { return bytes.HasPrefix(line, []byte(s)) })
}

var eventStarts = []string{`{"Time":"`, `{"Action":"`, `{"ImportPath":"`}

// add what an event says to the line that its package has begun.
func (e *goEvents) add(event goEvent) {
	part := e.begun[event.Package]
	part = append(part, event.Output...)
	whole := bytes.LastIndexByte(part, '\n') + 1
	if whole > 0 {
		if e.source != event.Package && e.source != "" {
			e.write([]byte("pkg: " + event.Package + "\n"))
		}
		e.source = event.Package
		e.write(part[:whole])
	}
	if part = part[whole:]; len(part) > bufio.MaxScanTokenSize {
		e.write(part) // too long to be a line, as will be said
		part = nil
	}
	e.begun[event.Package] = part
}

// flush shows that a line was not ended.
func (e *goEvents) flush() {
	for _, part := range e.begun {
		if len(part) > 0 {
			e.write(part)
			return
		}
	}
}

func (e *goEvents) write(text []byte) {
	e.text.Write(text)
	for range bytes.Count(text, []byte("\n")) {
		e.from = append(e.from, int32(max(e.read, 1))) //nolint:gosec // a file has 64 MiB at most
	}
}
