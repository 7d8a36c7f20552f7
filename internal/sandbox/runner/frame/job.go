package frame

// Job asks for one execution of a program. Times are nanoseconds, sizes bytes.
type Job struct {
	Argv []string // Argv[0] without a slash is looked up in Env's PATH
	Env  []string // "KEY=value", the whole environment of the program
	Dir  string   // working folder; "" leaves the runner's own

	Timeout int64 // above zero: when SIGTERM goes to the whole tree
	Grace   int64 // from SIGTERM to SIGKILL
	CPUTime int64 // CPU time of the whole tree; 0 is none

	Output       int64 // bytes kept of each stream; the rest is drained and counted
	StrictOutput bool  // a stream over Output ends the program

	OpenFiles int64 // RLIMIT_NOFILE
	FileSize  int64 // RLIMIT_FSIZE

	Disks []string // folders of limited size, looked at when the job ends
	Swept []string // and all that are emptied before the next

	CPUs []int64 // processors to run on; none leaves the runner's own

	Stdin bool // the spooled Stdin frames; otherwise the input is empty
}

// AppendJob appends the frame.
func AppendJob(b []byte, j *Job) []byte {
	w := writer{begin(b, TypeJob)}
	w.strings(j.Argv)
	w.strings(j.Env)
	w.string(j.Dir)
	w.int(j.Timeout)
	w.int(j.Grace)
	w.int(j.CPUTime)
	w.int(j.Output)
	w.flag(j.StrictOutput)
	w.int(j.OpenFiles)
	w.int(j.FileSize)
	w.strings(j.Disks)
	w.strings(j.Swept)
	w.ints(j.CPUs)
	w.flag(j.Stdin)
	return end(w.b, len(b))
}

// DecodeJob reads a TypeJob payload.
func DecodeJob(payload []byte) (*Job, error) {
	r := reader{b: payload}
	j := &Job{
		Argv: r.strings(), Env: r.strings(), Dir: r.string(),
		Timeout: r.natural(), Grace: r.natural(), CPUTime: r.natural(),
		Output: r.natural(), StrictOutput: r.flag(),
		OpenFiles: r.natural(), FileSize: r.natural(), Disks: r.strings(), Swept: r.strings(),
		CPUs: r.naturals(), Stdin: r.flag(),
	}
	if err := r.done(); err != nil {
		return nil, err
	}
	if len(j.Argv) == 0 || j.Timeout == 0 {
		return nil, ErrValue
	}
	return j, nil
}

// AppendStdin appends a chunk of standard input, kept for all later jobs until
// a chunk with first set replaces it. A chunk has at most MaxChunk bytes.
func AppendStdin(b []byte, first bool, chunk []byte) []byte {
	w := writer{begin(b, TypeStdin)}
	w.flag(first)
	w.b = append(w.b, chunk...)
	return end(w.b, len(b))
}

// DecodeStdin reads a TypeStdin payload; the chunk is part of it, not a copy.
func DecodeStdin(payload []byte) (first bool, chunk []byte, err error) {
	r := reader{b: payload}
	first = r.flag()
	return first, r.b, r.err
}

// AppendCancel appends the frame that ends the running job.
func AppendCancel(b []byte) []byte { return end(begin(b, TypeCancel), len(b)) }
