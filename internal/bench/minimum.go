package bench

// Minimum is the least that code nobody here wrote may run with.
type Minimum string

// The minimums, weakest first.
const (
	MinimumSandbox   Minimum = "sandbox"    // a sandboxed process, or a container
	MinimumContainer Minimum = "container"  // a container, under whatever runtime
	MinimumOwnKernel Minimum = "own-kernel" // a container whose runtime brings a kernel of its own
)

// ParseMinimum reads a name as users write it.
func ParseMinimum(s string) (Minimum, error) {
	switch m := Minimum(s); m {
	case MinimumSandbox, MinimumContainer, MinimumOwnKernel:
		return m, nil
	}
	return "", Errorf(CodeInvalid, "%q is not one of sandbox, container, own-kernel", s)
}
