package frame

// Put is one piece of a file for the working folder. The runner answers the
// last piece with a Done.
type Put struct {
	Path        string // relative, clean, no link on the way
	First, Last bool
	Executable  bool
	Chunk       []byte // at most MaxChunk bytes
}

// AppendPut appends the frame.
func AppendPut(b []byte, p *Put) []byte {
	w := writer{begin(b, TypePut)}
	w.string(p.Path)
	w.flag(p.First)
	w.flag(p.Last)
	w.flag(p.Executable)
	w.b = append(w.b, p.Chunk...)
	return end(w.b, len(b))
}

// DecodePut reads a TypePut payload; the chunk is part of it, not a copy.
func DecodePut(payload []byte) (*Put, error) {
	r := reader{b: payload}
	p := &Put{Path: r.string(), First: r.flag(), Last: r.flag(), Executable: r.flag()}
	p.Chunk = r.b
	return p, r.err
}

// AppendKeep appends the order to remember the working folder as it is.
func AppendKeep(b []byte) []byte { return end(begin(b, TypeKeep), len(b)) }

// AppendRestore appends the order to make the working folder what it was at
// Keep: the runner removes what came since, or, where that is not enough, empties
// it and says so. Each folder of clean is emptied. The runner answers with a Done.
func AppendRestore(b []byte, clean []string) []byte {
	w := writer{begin(b, TypeRestore)}
	w.strings(clean)
	return end(w.b, len(b))
}

// DecodeRestore reads a TypeRestore payload.
func DecodeRestore(payload []byte) ([]string, error) {
	r := reader{b: payload}
	clean := r.strings()
	return clean, r.done()
}

// Done answers a Put or a Restore.
type Done struct {
	Errno   int64 // 0 is success
	Emptied bool  // what there was at Keep has changed; the working folder is empty now
}

// AppendDone appends the frame.
func AppendDone(b []byte, d Done) []byte {
	w := writer{begin(b, TypeDone)}
	w.int(d.Errno)
	w.flag(d.Emptied)
	return end(w.b, len(b))
}

// DecodeDone reads a TypeDone payload.
func DecodeDone(payload []byte) (Done, error) {
	r := reader{b: payload}
	d := Done{Errno: r.natural(), Emptied: r.flag()}
	return d, r.done()
}

// AppendRead appends the order to read kernel files below /sys/fs/cgroup, for
// a server that can't see them. The runner answers with Texts.
func AppendRead(b []byte, paths []string) []byte {
	w := writer{begin(b, TypeRead)}
	w.strings(paths)
	return end(w.b, len(b))
}

// DecodeRead reads a TypeRead payload.
func DecodeRead(payload []byte) ([]string, error) {
	r := reader{b: payload}
	paths := r.strings()
	return paths, r.done()
}

// AppendTexts appends what the files held, in their order; "" is a missing one.
func AppendTexts(b []byte, texts []string) []byte {
	w := writer{begin(b, TypeTexts)}
	w.strings(texts)
	return end(w.b, len(b))
}

// DecodeTexts reads a TypeTexts payload.
func DecodeTexts(payload []byte) ([]string, error) { return DecodeRead(payload) }
