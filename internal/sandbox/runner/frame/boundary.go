package frame

// Boundary says what the runner of a sandboxed process has to build around
// itself before it greets: a root of its own, and what its programs may not do.
type Boundary struct {
	Binds []Bind     // of the host, read-only
	Files []TextFile // made up, read-only
	Size  int64      // bytes of /work and of /tmp, each
	Shm   int64      // bytes of /dev/shm
	Nodes int64      // files of each of these

	// User is the runner's user and group, Guest that of its programs. With the
	// same for both the runner can't change them: it has the one id that an
	// ordinary user may map.
	User, Guest int64

	Filter []byte // system calls, in BPF
}

// Bind shows a file or folder of the host inside.
type Bind struct{ From, To string }

// TextFile is a small file that the boundary begins with.
type TextFile struct{ Path, Text string }

// AppendBoundary appends the frame.
func AppendBoundary(b []byte, v *Boundary) []byte {
	w := writer{begin(b, TypeBoundary)}
	w.int(int64(len(v.Binds)))
	for _, bind := range v.Binds {
		w.string(bind.From)
		w.string(bind.To)
	}
	w.int(int64(len(v.Files)))
	for _, f := range v.Files {
		w.string(f.Path)
		w.string(f.Text)
	}
	for _, p := range v.numbers() {
		w.int(*p)
	}
	w.string(string(v.Filter))
	return end(w.b, len(b))
}

// DecodeBoundary reads a TypeBoundary payload.
func DecodeBoundary(payload []byte) (*Boundary, error) {
	r := reader{b: payload}
	v := &Boundary{}
	for range r.length() {
		v.Binds = append(v.Binds, Bind{r.string(), r.string()})
	}
	for range r.length() {
		v.Files = append(v.Files, TextFile{r.string(), r.string()})
	}
	for _, p := range v.numbers() {
		*p = r.natural()
	}
	v.Filter = []byte(r.string())
	if err := r.done(); err != nil {
		return nil, err
	}
	if len(v.Filter)%8 != 0 || len(v.Filter) > 8*4096 { // what the kernel takes
		return nil, ErrValue
	}
	return v, nil
}

func (v *Boundary) numbers() [5]*int64 {
	return [...]*int64{&v.Size, &v.Shm, &v.Nodes, &v.User, &v.Guest}
}

// Failed is why a runner could not build its boundary.
type Failed struct {
	Step  string // in words, with the path if there is one
	Errno int64
}

// AppendFailed appends the frame.
func AppendFailed(b []byte, v Failed) []byte {
	w := writer{begin(b, TypeFailed)}
	w.string(v.Step)
	w.int(v.Errno)
	return end(w.b, len(b))
}

// DecodeFailed reads a TypeFailed payload.
func DecodeFailed(payload []byte) (Failed, error) {
	r := reader{b: payload}
	v := Failed{Step: r.string(), Errno: r.natural()}
	return v, r.done()
}
