package frame

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
)

var aJob = Job{
	Argv: []string{"sh", "-c", "exit 3", ""}, Env: []string{"PATH=/bin", "EMPTY="}, Dir: "/tmp",
	Timeout: 1e9, Grace: 2e9, CPUTime: 3e9, Output: 1 << 20, StrictOutput: true,
	OpenFiles: 1024, FileSize: 1 << 26, Disks: []string{"/tmp"}, Swept: []string{"/tmp", "/work"}, CPUs: []int64{1, 3}, Stdin: true,
}

var aResult = Result{
	Status: Signaled, Cause: CauseTimeout, Code: 9, Failed: "exec", Wall: 1, UserTime: 2, SystemTime: 3,
	RunnerTime: 4, MaxRSS: 5, Floor: 22, MinorFaults: 6, MajorFaults: 7, VoluntarySwitches: 8, InvoluntarySwitches: 9,
	BlocksIn: 10, BlocksOut: 11, SigtermAt: 12, SigkillAt: -1, ExitedAt: 14, EmptyAt: -1,
	StdoutBytes: 16, StderrBytes: 17, Leftovers: 18, Core: 19, OpenFiles: 20, FileSize: 21, DiskFull: 1,
}

// payload checks the header of one whole frame and takes it off.
func payload(t testing.TB, b []byte, want Type) []byte {
	t.Helper()
	kind, n, err := Header(b)
	if err != nil || kind != want || n != len(b)-HeaderSize {
		t.Fatalf("header: type %d, length %d of %d, %v", kind, n, len(b)-HeaderSize, err)
	}
	return b[HeaderSize:]
}

func TestRoundTrips(t *testing.T) {
	before := []byte("kept")
	job, err := DecodeJob(payload(t, AppendJob(before, &aJob)[4:], TypeJob))
	if err != nil || !reflect.DeepEqual(*job, aJob) {
		t.Errorf("job: %+v, %v", job, err)
	}
	result, err := DecodeResult(payload(t, AppendResult(nil, &aResult), TypeResult))
	if err != nil || *result != aResult {
		t.Errorf("result: %+v, %v", result, err)
	}
	want := Ready{Version: 1, Pid: 2, Floor: 3}
	if ready, err := DecodeReady(payload(t, AppendReady(nil, want), TypeReady)); err != nil || ready != want {
		t.Errorf("ready: %+v, %v", ready, err)
	}
	first, chunk, err := DecodeStdin(payload(t, AppendStdin(nil, true, []byte("in\x00put")), TypeStdin))
	if err != nil || !first || string(chunk) != "in\x00put" {
		t.Errorf("stdin: %v %q %v", first, chunk, err)
	}
	stream, chunk, err := DecodeOutput(payload(t, AppendOutput(nil, Stderr, []byte("out")), TypeOutput))
	if err != nil || stream != Stderr || string(chunk) != "out" {
		t.Errorf("output: %v %q %v", stream, chunk, err)
	}
	put := Put{Path: "a/b", First: true, Executable: true, Chunk: []byte("text")}
	if p, err := DecodePut(payload(t, AppendPut(nil, &put), TypePut)); err != nil || !reflect.DeepEqual(*p, put) {
		t.Errorf("put: %+v, %v", p, err)
	}
	clean := []string{"/tmp", "/dev/shm"}
	if got, err := DecodeRestore(payload(t, AppendRestore(nil, clean), TypeRestore)); err != nil || !reflect.DeepEqual(got, clean) {
		t.Errorf("restore: %v, %v", got, err)
	}
	if got, err := DecodeTexts(payload(t, AppendTexts(nil, clean), TypeTexts)); err != nil || !reflect.DeepEqual(got, clean) {
		t.Errorf("texts: %v, %v", got, err)
	}
	if d, err := DecodeDone(payload(t, AppendDone(nil, Done{28, true}), TypeDone)); err != nil || d != (Done{28, true}) {
		t.Errorf("done: %+v, %v", d, err)
	}
	if len(payload(t, AppendCancel(nil), TypeCancel)) != 0 {
		t.Error("cancel has a payload")
	}
}

func TestRefused(t *testing.T) {
	change := func(do func(*Result)) []byte {
		r := aResult
		do(&r)
		return AppendResult(nil, &r)[HeaderSize:]
	}
	noArgs, noTimeout, negative, noCPU := aJob, aJob, aJob, aJob
	noCPU.CPUs = []int64{-1}
	noArgs.Argv, noTimeout.Timeout, negative.Grace = nil, 0, -1
	whole := AppendJob(nil, &aJob)[HeaderSize:]
	for name, decode := range map[string]func() error{
		"job without arguments":   func() error { _, err := DecodeJob(AppendJob(nil, &noArgs)[HeaderSize:]); return err },
		"job without timeout":     func() error { _, err := DecodeJob(AppendJob(nil, &noTimeout)[HeaderSize:]); return err },
		"job with negative grace": func() error { _, err := DecodeJob(AppendJob(nil, &negative)[HeaderSize:]); return err },
		"job on processor -1":     func() error { _, err := DecodeJob(AppendJob(nil, &noCPU)[HeaderSize:]); return err },
		"job cut short":           func() error { _, err := DecodeJob(whole[:len(whole)-1]); return err },
		"job with a tail":         func() error { _, err := DecodeJob(append(whole[:len(whole):len(whole)], 0)); return err },
		"million arguments":       func() error { _, err := DecodeJob([]byte{64, 66, 15, 0, 0, 0, 0, 0}); return err },
		"unknown status":          func() error { _, err := DecodeResult(change(func(r *Result) { r.Status = 9 })); return err },
		"unknown cause":           func() error { _, err := DecodeResult(change(func(r *Result) { r.Cause = 9 })); return err },
		"negative code":           func() error { _, err := DecodeResult(change(func(r *Result) { r.Code = -1 })); return err },
		"negative time":           func() error { _, err := DecodeResult(change(func(r *Result) { r.Wall = -2 })); return err },
		"unknown stream":          func() error { _, _, err := DecodeOutput([]byte{3, 'x'}); return err },
		"output of nothing":       func() error { _, _, err := DecodeOutput(nil); return err },
		"giant frame":             func() error { _, _, err := Header([]byte{0xff, 0xff, 0xff, 0xff, 1}); return err },
		"header cut short":        func() error { _, _, err := Header([]byte{1, 0}); return err },
	} {
		if err := decode(); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if _, _, err := Header([]byte{1, 0, 0, 0x7f, 1}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("header over its bound: %v", err)
	}
}

// What decodes must mean the same when it is encoded again.
func FuzzDecode(f *testing.F) {
	f.Add(byte(TypeJob), AppendJob(nil, &aJob)[HeaderSize:])
	f.Add(byte(TypeResult), AppendResult(nil, &aResult)[HeaderSize:])
	f.Add(byte(TypeReady), AppendReady(nil, Ready{1, 2, 3})[HeaderSize:])
	f.Add(byte(TypeStdin), AppendStdin(nil, true, []byte("x"))[HeaderSize:])
	f.Add(byte(TypeOutput), AppendOutput(nil, Stdout, []byte("x"))[HeaderSize:])
	f.Fuzz(func(t *testing.T, kind byte, b []byte) {
		var again []byte
		switch Type(kind) {
		case TypeJob:
			if job, err := DecodeJob(b); err == nil {
				again = AppendJob(nil, job)
			}
		case TypeResult:
			if result, err := DecodeResult(b); err == nil {
				again = AppendResult(nil, result)
			}
		case TypeReady:
			if ready, err := DecodeReady(b); err == nil {
				again = AppendReady(nil, ready)
			}
		case TypeStdin:
			if first, chunk, err := DecodeStdin(b); err == nil {
				again = AppendStdin(nil, first, chunk)
			}
		case TypeOutput:
			if stream, chunk, err := DecodeOutput(b); err == nil {
				again = AppendOutput(nil, stream, chunk)
			}
		case TypePut:
			if put, err := DecodePut(b); err == nil {
				again = AppendPut(nil, put)
			}
		case TypeLine:
			if token, err := DecodeLine(b); err == nil {
				again = AppendLine(nil, token)
			}
		case TypeOffer:
			if fd, err := DecodeOffer(b); err == nil {
				again = AppendOffer(nil, fd)
			}
		case TypeMoved:
			if moved, err := DecodeMoved(b); err == nil {
				again = AppendMoved(nil, moved)
			}
		case TypeBoundary:
			if boundary, err := DecodeBoundary(b); err == nil {
				again = AppendBoundary(nil, boundary)
			}
		case TypeFailed:
			if failed, err := DecodeFailed(b); err == nil {
				again = AppendFailed(nil, failed)
			}
		case TypeRead:
			if paths, err := DecodeRead(b); err == nil {
				again = AppendRead(nil, paths)
			}
		case TypeRestore:
			if clean, err := DecodeRestore(b); err == nil {
				again = AppendRestore(nil, clean)
			}
		case TypeDone:
			if done, err := DecodeDone(b); err == nil {
				again = AppendDone(nil, done)
			}
		}
		if again != nil && !bytes.Equal(again[HeaderSize:], b) {
			t.Errorf("type %d: %q came back as %q", kind, b, again[HeaderSize:])
		}
	})
}
