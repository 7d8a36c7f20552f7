package frame

// Ready is the runner's greeting.
type Ready struct {
	Version int64
	Pid     int64 // as the runner sees itself
	Floor   int64 // bytes: its own peak memory, below which no child's maximum reads
}

// AppendReady appends the frame.
func AppendReady(b []byte, v Ready) []byte {
	w := writer{begin(b, TypeReady)}
	w.int(v.Version)
	w.int(v.Pid)
	w.int(v.Floor)
	return end(w.b, len(b))
}

// DecodeReady reads a TypeReady payload.
func DecodeReady(payload []byte) (Ready, error) {
	r := reader{b: payload}
	v := Ready{Version: r.natural(), Pid: r.natural(), Floor: r.natural()}
	return v, r.done()
}

// Stream names one of the program's outputs.
type Stream byte

// The two streams.
const (
	Stdout Stream = 1
	Stderr Stream = 2
)

// AppendOutput appends a chunk of output, at most MaxChunk bytes.
func AppendOutput(b []byte, s Stream, chunk []byte) []byte {
	w := writer{begin(b, TypeOutput)}
	w.byte(byte(s))
	w.b = append(w.b, chunk...)
	return end(w.b, len(b))
}

// DecodeOutput reads a TypeOutput payload; the chunk is part of it, not a copy.
func DecodeOutput(payload []byte) (Stream, []byte, error) {
	r := reader{b: payload}
	s := Stream(r.byte())
	if r.err == nil && s != Stdout && s != Stderr {
		r.err = ErrValue
	}
	return s, r.b, r.err
}

// Status is how the program ended.
type Status byte

// The ways to end.
const (
	Exited     Status = 1 // Code is the exit code
	Signaled   Status = 2 // Code is the signal
	NotStarted Status = 3 // Code is the errno, Failed the step that gave it
)

// Cause is why the runner ended the program, if it did. The first one stays.
type Cause byte

// The causes.
const (
	CauseNone    Cause = 0
	CauseTimeout Cause = 1
	CauseCPU     Cause = 2
	CauseOutput  Cause = 3
	CauseCancel  Cause = 4
)

// Steps of starting a program that can fail.
const (
	StepLookup = "lookup" // no such program in PATH
	StepDir    = "dir"    // the working folder
	StepLimits = "limits" // rlimits
	StepPipes  = "pipes"  // descriptors for the streams
	StepExec   = "exec"   // fork or execve
)

// Result is one finished job. Times are nanoseconds; the moments count from
// the program's start and are -1 where they did not come about.
type Result struct {
	Status Status
	Cause  Cause
	Code   int64
	Failed string

	Wall       int64 // start of the program to its end, by the monotonic clock
	UserTime   int64 // of the program and every descendant that was reaped
	SystemTime int64
	RunnerTime int64 // the runner's own CPU time during the job
	MaxRSS     int64 // bytes: the largest single process of the tree
	Floor      int64 // bytes: the runner's own peak memory, below which none reads

	MinorFaults, MajorFaults int64
	VoluntarySwitches        int64
	InvoluntarySwitches      int64
	BlocksIn, BlocksOut      int64 // of 512 bytes

	SigtermAt, SigkillAt, ExitedAt, EmptyAt int64

	StdoutBytes, StderrBytes int64 // produced, kept or not
	Leftovers                int64 // processes that outlived the program and were killed

	Core, OpenFiles, FileSize int64 // rlimits of the program, as read back

	DiskFull int64 // 1 if a folder of the job's Disks had no room left at its end
	Empty    int64 // 1 if nothing lies in those of its Swept, nor as an object of System V
}

// AppendResult appends the frame.
func AppendResult(b []byte, v *Result) []byte {
	w := writer{begin(b, TypeResult)}
	w.byte(byte(v.Status))
	w.byte(byte(v.Cause))
	w.int(v.Code)
	w.string(v.Failed)
	for _, p := range v.numbers() {
		w.int(*p)
	}
	return end(w.b, len(b))
}

// DecodeResult reads a TypeResult payload.
func DecodeResult(payload []byte) (*Result, error) {
	r := reader{b: payload}
	v := &Result{Status: Status(r.byte()), Cause: Cause(r.byte()), Code: r.int(), Failed: r.string()}
	for _, p := range v.numbers() {
		*p = r.int()
	}
	if err := r.done(); err != nil {
		return nil, err
	}
	if v.Status < Exited || v.Status > NotStarted || v.Cause > CauseCancel || v.Code < 0 {
		return nil, ErrValue
	}
	for _, p := range v.numbers() {
		if *p < -1 {
			return nil, ErrValue
		}
	}
	return v, nil
}

// numbers lists the plain figures in the order of the wire.
func (v *Result) numbers() [24]*int64 {
	return [...]*int64{
		&v.Wall, &v.UserTime, &v.SystemTime, &v.RunnerTime, &v.MaxRSS, &v.Floor,
		&v.MinorFaults, &v.MajorFaults, &v.VoluntarySwitches, &v.InvoluntarySwitches,
		&v.BlocksIn, &v.BlocksOut,
		&v.SigtermAt, &v.SigkillAt, &v.ExitedAt, &v.EmptyAt,
		&v.StdoutBytes, &v.StderrBytes, &v.Leftovers,
		&v.Core, &v.OpenFiles, &v.FileSize, &v.DiskFull, &v.Empty,
	}
}
