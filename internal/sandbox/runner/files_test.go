package runner

import (
	"bufio"
	"io"
	"net"
	"slices"
	"sync"
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/runner/frame"
)

// obedient is a runner that does what it is told, and remembers what that was.
type obedient struct {
	mu    sync.Mutex
	asked []frame.Type
	empty int64 // what it says of the folders after a job
}

func (o *obedient) serve(stream net.Conn) {
	_, _ = stream.Write(hello)
	in := bufio.NewReader(stream)
	for {
		header, err := in.Peek(frame.HeaderSize)
		if err != nil {
			return
		}
		kind, n, err := frame.Header(header)
		if err != nil {
			return
		}
		if _, err := io.CopyN(io.Discard, in, int64(frame.HeaderSize+n)); err != nil {
			return
		}
		if answer := o.answer(kind); answer != nil {
			_, _ = stream.Write(answer)
		}
	}
}

func (o *obedient) answer(kind frame.Type) []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, kind)
	switch kind {
	case frame.TypeJob:
		return frame.AppendResult(nil, &frame.Result{Status: frame.Exited, Empty: o.empty})
	case frame.TypeRestore, frame.TypePut:
		return frame.AppendDone(nil, frame.Done{})
	}
	return nil
}

func TestWhatIsEmptyIsNotEmptied(t *testing.T) {
	files := []bench.File{{Path: "a", Content: "a"}}
	for name, c := range map[string]struct {
		empty int64
		files []bench.File
		want  []frame.Type
	}{
		"nothing was left":  {1, nil, []frame.Type{frame.TypeJob, frame.TypeJob}},
		"something was":     {0, nil, []frame.Type{frame.TypeJob, frame.TypeRestore, frame.TypeJob, frame.TypeRestore}},
		"files are missing": {1, files, []frame.Type{frame.TypePut, frame.TypeKeep, frame.TypeJob, frame.TypeRestore, frame.TypeJob, frame.TypeRestore}},
	} {
		t.Run(name, func(t *testing.T) {
			ours, theirs := net.Pipe()
			defer ours.Close()
			runner := &obedient{empty: c.empty}
			go runner.serve(theirs)
			conn, err := Greet(t.Context(), ours)
			if err != nil {
				t.Fatal(err)
			}
			work := Work{Conn: conn, Files: c.files}
			if err := work.Put(t.Context()); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, err := conn.Do(t.Context(), &job, nil); err != nil {
					t.Fatal(err)
				}
				if _, err := conn.Restore(t.Context(), Swept); err != nil {
					t.Fatal(err)
				}
			}
			runner.mu.Lock()
			defer runner.mu.Unlock()
			if !slices.Equal(runner.asked, c.want) {
				t.Errorf("asked %v, want %v", runner.asked, c.want)
			}
		})
	}
}
