package builtin

// Function is one registered benchmark.
type Function struct {
	Name       string                // stable identifier, e.g. "profile-query-single"
	Title      string                // for people, e.g. "Profile Query (single)"
	Category   string                // "performance", "encoding", "cpu", "concurrency", "memory" or "io"
	Target     float64               // ms per iteration that an ordinary machine meets
	Iterations int                   // default number of timed iterations
	Setup      func() (*Case, error) // makes the data; never timed
}

// Case is a function ready to be timed. It belongs to one goroutine.
type Case struct {
	// Run is one iteration. It checks its own answer, cheaply against the work.
	Run func() error
	// Close gives back what Setup took: goroutines, files, connections. It is
	// never nil and is called once, after the last Run.
	Close func() error
}

// pure is a case that holds memory alone, which the collector takes back.
func pure(run func() error) *Case {
	return &Case{Run: run, Close: func() error { return nil }}
}

// All lists the suite in its stable order. The slice is the caller's own.
func All() []Function {
	return []Function{
		profileQuerySingle,
		profileQueryBatch,
		jsonEncode,
		jsonDecode,
		gzipText,
		sha256Sum,
		sortInts,
		mapInsertLookup,
		regexpMatch,
		channelPingPong,
		mutexContention,
		memoryCopy,
		fileWriteFsync,
		httpLoopback,
	}
}

// Lookup finds a function by its Name.
func Lookup(name string) (Function, bool) {
	for _, f := range All() {
		if f.Name == name {
			return f, true
		}
	}
	return Function{}, false
}
