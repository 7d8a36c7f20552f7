package bench

import (
	"encoding/json"
	"slices"
)

// ExitCodes is a set of exit codes that count as well: some, or all.
type ExitCodes struct {
	All   bool
	Codes []int
}

// maxExitCode is the largest that a system passes on.
const maxExitCode = 255

// Has says whether a code is in the set.
func (e *ExitCodes) Has(code int) bool {
	return e != nil && (e.All || slices.Contains(e.Codes, code))
}

// MarshalJSON writes what UnmarshalJSON reads: true, or the codes.
func (e ExitCodes) MarshalJSON() ([]byte, error) {
	if e.All {
		return []byte("true"), nil
	}
	return json.Marshal(e.Codes)
}

// UnmarshalJSON reads true or a list of codes.
func (e *ExitCodes) UnmarshalJSON(text []byte) error {
	*e = ExitCodes{}
	if string(text) == "true" {
		e.All = true
		return nil
	}
	if err := json.Unmarshal(text, &e.Codes); err != nil || e.Codes == nil {
		return Errorf(CodeInvalid, "ignoreExit must be true or a list of exit codes")
	}
	return nil
}

func (e *ExitCodes) validate() error {
	if e == nil || e.All {
		return nil
	}
	if len(e.Codes) == 0 || len(e.Codes) > maxExitCode {
		return Errorf(CodeInvalid, "ignoreExit has %d codes: it must be true or 1 to %d codes", len(e.Codes), maxExitCode)
	}
	for i, code := range e.Codes {
		if code < 1 || code > maxExitCode {
			return Errorf(CodeInvalid, "ignoreExit[%d] is %d: it must be 1 to %d", i, code, maxExitCode)
		}
	}
	return nil
}
