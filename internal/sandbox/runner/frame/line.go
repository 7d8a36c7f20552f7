package frame

// AppendLine appends the order to make a line: a pair of sockets, on one of
// which the runner says the token. The runner answers with an Offer, the server
// takes the other one out of the runner if it can, and says so with Moved.
func AppendLine(b []byte, token string) []byte {
	w := writer{begin(b, TypeLine)}
	w.string(token)
	return end(w.b, len(b))
}

// DecodeLine reads a TypeLine payload.
func DecodeLine(payload []byte) (token string, err error) {
	r := reader{b: payload}
	token = r.string()
	return token, r.done()
}

// AppendOffer appends the runner's descriptor to take, 0 if it has none.
func AppendOffer(b []byte, fd int64) []byte {
	w := writer{begin(b, TypeOffer)}
	w.int(fd)
	return end(w.b, len(b))
}

// DecodeOffer reads a TypeOffer payload.
func DecodeOffer(payload []byte) (fd int64, err error) {
	r := reader{b: payload}
	fd = r.natural()
	return fd, r.done()
}

// AppendMoved appends whether the conversation goes on over the line.
func AppendMoved(b []byte, moved bool) []byte {
	w := writer{begin(b, TypeMoved)}
	w.flag(moved)
	return end(w.b, len(b))
}

// DecodeMoved reads a TypeMoved payload.
func DecodeMoved(payload []byte) (moved bool, err error) {
	r := reader{b: payload}
	moved = r.flag()
	return moved, r.done()
}
