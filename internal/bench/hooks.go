package bench

// Hooks are commands around the samples. They run where the benchmark runs,
// under its limits and with its timeout each; none of them is timed or counted
// among the costs of a run.
type Hooks struct {
	Setup    []string `json:"setup,omitempty" doc:"argv: once before the first warm-up; what it leaves in the working folder stays"`
	Prepare  []string `json:"prepare,omitempty" doc:"argv: before each execution, which finds what it left"`
	Conclude []string `json:"conclude,omitempty" doc:"argv: after each execution, of which it finds what that left"`
	Cleanup  []string `json:"cleanup,omitempty" doc:"argv: once at the end, also after a failure"`
}

// Names of the hooks, as errors and definitions write them.
const (
	HookSetup    = "setup"
	HookPrepare  = "prepare"
	HookConclude = "conclude"
	HookCleanup  = "cleanup"
)

// HookNames lists all of them, in the order they run.
var HookNames = []string{HookSetup, HookPrepare, HookConclude, HookCleanup}

// Hook is where the command of a name is.
func (h *Hooks) Hook(name string) *[]string {
	switch name {
	case HookSetup:
		return &h.Setup
	case HookPrepare:
		return &h.Prepare
	case HookConclude:
		return &h.Conclude
	}
	return &h.Cleanup
}

func (b *Benchmark) validateHooks() error {
	for _, name := range HookNames {
		argv := *b.Hook(name)
		if argv == nil {
			continue
		}
		if b.Kind == KindBuiltin {
			return Errorf(CodeInvalid, "%s is stated, but a builtin benchmark has no commands around its function", name)
		}
		if err := validateCommand(name, argv); err != nil {
			return err
		}
	}
	return nil
}

// validateCommand checks a command that stands beside the benchmark's own.
func validateCommand(field string, argv []string) error {
	if len(argv) == 0 || argv[0] == "" {
		return Errorf(CodeInvalid, "%s is empty: it must be a program and its arguments", field)
	}
	size, err := validateArgv(field, argv)
	if err != nil {
		return err
	}
	if size > maxCommand {
		return Errorf(CodeInvalid, "%s has %d bytes: it must have at most %d", field, size, maxCommand)
	}
	return nil
}
