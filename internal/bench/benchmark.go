package bench

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is how a benchmark is run and what its result is.
type Kind string

// The kinds.
const (
	KindBuiltin  Kind = "builtin"  // a registered Go function, timing itself
	KindCommand  Kind = "command"  // each sample is one execution, timed from outside
	KindProtocol Kind = "protocol" // speaks the runner protocol and times itself
	KindReport   Kind = "report"   // prints the results of another benchmark tool
	KindTests    Kind = "tests"    // its exit code is the result
)

// Kinds lists all of them.
var Kinds = []Kind{KindBuiltin, KindCommand, KindProtocol, KindReport, KindTests}

// Sampled says whether a run takes samples. The others execute the program a
// single time: their result is what it prints, or how it ends.
func (k Kind) Sampled() bool { return k != KindTests && k != KindReport }

// Measured says whether a run of this kind needs the machine for itself.
func (k Kind) Measured() bool { return k != KindTests }

// Definition is what anybody may state about a benchmark. It has no field for
// trust, privilege, mounts, network or a folder of the host: a request can't
// express them.
type Definition struct {
	Name       string            `json:"name" minLength:"1" maxLength:"200" doc:"what the benchmark is called"`
	Command    []string          `json:"command,omitempty" doc:"argv; never given to a shell"`
	Image      string            `json:"image,omitempty" maxLength:"300" doc:"image for container isolation"`
	Files      []File            `json:"files,omitempty" maxItems:"1000" doc:"put into /work"`
	Source     string            `json:"source,omitempty" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 of a tar that was put to /sources, instead of files"`
	Build      *Build            `json:"build,omitempty" doc:"runs once before the samples, in the same isolation; never timed"`
	Target     *float64          `json:"target,omitempty" exclusiveMinimum:"0" doc:"milliseconds per iteration; bytes where targetOn is memory"`
	TargetOn   TargetOn          `json:"targetOn,omitempty" enum:"median,p95,cpu,memory" doc:"the figure that the target bounds, median if not stated; cpu and memory are a sample's"`
	Iterations int               `json:"iterations,omitempty" minimum:"1" maximum:"1000000" doc:"fixed number of samples"`
	Warmup     *int              `json:"warmup,omitempty" minimum:"0" maximum:"100000"`
	Timeout    float64           `json:"timeout,omitempty" exclusiveMinimum:"0" maximum:"86400000" doc:"milliseconds for one execution, that is for each sample of a command, and for each of setup, prepare, conclude and cleanup"`
	IgnoreExit *ExitCodes        `json:"ignoreExit,omitempty" doc:"exit codes that are as good as 0: a list, or true for all"`
	Env        map[string]string `json:"env,omitempty"`
	Labels     Labels            `json:"labels,omitempty" maxProperties:"32" doc:"parameters to tell benchmarks apart by; names of at most 64 bytes, values of at most 200"`
	Limits     Limits            `json:"limits,omitempty"`
	Sampling
	Hooks
}

// Build makes a program of the files before the first sample.
type Build struct {
	Command []string `json:"command" minItems:"1" doc:"argv; never given to a shell"`
	Timeout float64  `json:"timeout,omitempty" exclusiveMinimum:"0" maximum:"86400000" doc:"milliseconds"`
	Limits  Limits   `json:"limits,omitempty" doc:"in force while it runs"`
}

// File is one file for /work.
type File struct {
	Path       string `json:"path" minLength:"1" maxLength:"4096"`
	Content    string `json:"content"`
	Encoding   string `json:"encoding,omitempty" enum:"utf8,base64"`
	Executable bool   `json:"executable,omitempty"`
}

// Bytes is the content, decoded.
func (f File) Bytes() ([]byte, error) {
	if f.Encoding == "base64" {
		return base64.StdEncoding.DecodeString(f.Content)
	}
	return []byte(f.Content), nil
}

// Benchmark is a definition with what only the operator can add.
type Benchmark struct {
	Definition
	Slug       string    `json:"slug"`
	Category   string    `json:"category"`
	Kind       Kind      `json:"kind"`
	Builtin    string    `json:"builtin,omitempty"`    // name of the registered function
	Stdin      string    `json:"stdin,omitempty"`      // literal standard input
	StdinLines int       `json:"stdinLines,omitempty"` // or so many generated lines
	Dir        string    `json:"dir,omitempty"`
	Isolation  Isolation `json:"isolation,omitempty"`
	Grace      float64   `json:"grace,omitempty"`  // milliseconds from SIGTERM to SIGKILL
	Budget     float64   `json:"budget,omitempty"` // milliseconds for the whole run
	Trusted    bool      `json:"trusted"`
}

// Bounds of a definition.
const (
	MaxIterations = 1_000_000
	MaxWarmup     = 100_000
	MaxTimeout    = 24 * 60 * 60 * 1000.0 // a day, in milliseconds
	MaxStdinLines = 5_000_000             // of 64 bytes
	maxName       = 200
	maxCommand    = 8 << 20
)

// Submitted makes a benchmark of a stranger's definition. It is the only way
// from a request to a run, and it leaves Trusted false.
func Submitted(d Definition) Benchmark {
	return Benchmark{Definition: d, Slug: Slug(d.Name), Category: "submitted", Kind: KindCommand}
}

// Validate names the first field that is wrong and its allowed range.
func (b *Benchmark) Validate() error {
	if b.Name == "" || len(b.Name) > maxName || !utf8.ValidString(b.Name) {
		return Errorf(CodeInvalid, "name must be 1 to %d bytes of UTF-8", maxName)
	}
	if b.Slug == "" {
		return Errorf(CodeInvalid, "name %.200q has no letter or digit to make its address from", b.Name)
	}
	if !slices.Contains(Kinds, b.Kind) {
		return Errorf(CodeInvalid, "kind %.200q is not one of builtin, command, protocol, report, tests", b.Kind)
	}
	for _, check := range []func() error{
		b.validateTarget, b.validateSampling, b.validateNumbers, b.validateProgram, b.validateHooks,
		b.IgnoreExit.validate, b.Labels.validate,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return b.Limits.Validate("limits")
}

func (b *Benchmark) validateNumbers() error {
	if b.StdinLines < 0 || b.StdinLines > MaxStdinLines {
		return Errorf(CodeInvalid, "stdin_lines is %d: it must be 1 to %d", b.StdinLines, MaxStdinLines)
	}
	for _, d := range []struct {
		field string
		value float64
	}{{"timeout", b.Timeout}, {"grace", b.Grace}, {"budget", b.Budget}} {
		if !(d.value >= 0 && d.value <= MaxTimeout) {
			return Errorf(CodeInvalid, "%s is %v ms: it must be above 0 and at most a day", d.field, d.value)
		}
	}
	return nil
}

func (b *Benchmark) validateProgram() error {
	if b.Kind == KindBuiltin {
		if b.Builtin == "" || len(b.Command) > 0 {
			return Errorf(CodeInvalid, "a builtin benchmark names its function in builtin and has no command")
		}
	} else if len(b.Command) == 0 || b.Command[0] == "" {
		return Errorf(CodeInvalid, "command is empty: it must be the program and its arguments")
	}
	size, err := validateArgv("command", b.Command)
	if err != nil {
		return err
	}
	if err := b.validateFiles(); err != nil {
		return err
	}
	for key, value := range b.Env {
		size += len(key) + len(value)
		if err := CheckVariable(key, value); err != nil {
			return err
		}
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			return Errorf(CodeInvalid, "env %.200q is not UTF-8", key)
		}
	}
	if size > maxCommand {
		return Errorf(CodeInvalid, "command and env have %d bytes: they must have at most %d", size, maxCommand)
	}
	if b.Dir != "" && (!path.IsAbs(b.Dir) || inside(b.Dir, "/proc") || !utf8.ValidString(b.Dir)) {
		return Errorf(CodeInvalid, "dir %.200q must be an absolute path in UTF-8, not below /proc", b.Dir)
	}
	return nil
}

// CheckVariable refuses a variable of the environment that no program can be given.
func CheckVariable(name, value string) error {
	if name == "" || strings.ContainsAny(name, "=\x00") || strings.ContainsRune(value, 0) {
		return Errorf(CodeInvalid, "env %.200q: a name must have no '=' and neither name nor value a NUL byte", name)
	}
	return nil
}

// validateArgv returns how long the arguments are together.
func validateArgv(field string, argv []string) (size int, err error) {
	for i, arg := range argv {
		size += len(arg)
		if strings.ContainsRune(arg, 0) {
			return 0, Errorf(CodeInvalid, "%s[%d] holds a NUL byte, which no argument can", field, i)
		}
		if !utf8.ValidString(arg) { // it is stored as JSON, which would change it
			return 0, Errorf(CodeInvalid, "%s[%d] is not UTF-8", field, i)
		}
	}
	return size, nil
}

// validateFiles checks what goes into /work, and what is made of it.
func (b *Benchmark) validateFiles() error {
	if len(b.Files) > 0 && b.Source != "" {
		return Errorf(CodeInvalid, "state files or source, not both")
	}
	if len(b.Files) > MaxSourceFiles {
		return Errorf(CodeInvalid, "files has %d entries: it must have at most %d", len(b.Files), MaxSourceFiles)
	}
	seen := map[string]bool{}
	for i, f := range b.Files {
		if err := f.validate(); err != nil {
			return Errorf(CodeInvalid, "files[%d]: %w", i, err)
		}
		if seen[f.Path] {
			return Errorf(CodeInvalid, "files[%d]: %.200q stands twice", i, f.Path)
		}
		seen[f.Path] = true
	}
	if b.Build == nil {
		return nil
	}
	if err := validateCommand("build.command", b.Build.Command); err != nil {
		return err
	}
	if t := b.Build.Timeout; !(t >= 0 && t <= MaxTimeout) {
		return Errorf(CodeInvalid, "build.timeout is %v ms: it must be above 0 and at most a day", t)
	}
	return b.Build.Limits.Validate("build.limits")
}

func inside(name, folder string) bool {
	clean := path.Clean(name)
	return clean == folder || strings.HasPrefix(clean, folder+"/")
}

func (f File) validate() error {
	if path.IsAbs(f.Path) || path.Clean(f.Path) != f.Path || f.Path == "." ||
		f.Path == ".." || strings.HasPrefix(f.Path, "../") || strings.ContainsRune(f.Path, 0) {
		return Errorf(CodeInvalid, "path %.200q must be relative, clean and inside /work", f.Path)
	}
	if depth(f.Path) > MaxSourceDepth {
		return Errorf(CodeInvalid, "path %.200q is deeper than %d folders", f.Path, MaxSourceDepth)
	}
	if f.Encoding != "" && f.Encoding != "utf8" && f.Encoding != "base64" {
		return Errorf(CodeInvalid, "encoding %.200q is not one of utf8, base64", f.Encoding)
	}
	if _, err := f.Bytes(); err != nil {
		return Errorf(CodeInvalid, "content is not base64: %w", err)
	}
	return nil
}

// Slug makes the address of a benchmark from its name: small letters, digits
// and single dashes.
func Slug(name string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(name) {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			dash = false
		} else {
			dash = true
		}
	}
	return b.String()
}

// Hash identifies what is run: two runs with the same hash ran the same thing.
// How often and how long it ran is no part of it, nor what was thought of that.
func (b Benchmark) Hash() string {
	b.Iterations, b.Warmup, b.Sampling, b.Timeout, b.Budget, b.Grace = 0, nil, Sampling{}, 0, 0, 0
	b.Target, b.TargetOn, b.IgnoreExit, b.Isolation, b.Category, b.Labels = nil, "", nil, "", "", nil
	text, err := json.Marshal(b)
	if err != nil {
		panic(err) // the fields above marshal whatever they hold
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// DefaultWarmup and the rest are what a definition gets that does not say.
const (
	DefaultWarmup  = 1
	DefaultTimeout = 10_000.0 // ms
	DefaultGrace   = 2_000.0  // ms
)

// Warmups is how many untimed executions come first.
func (b *Benchmark) Warmups() int {
	if !b.Kind.Sampled() {
		return 0
	}
	if b.Warmup != nil {
		return *b.Warmup
	}
	return DefaultWarmup
}

// TimeoutMillis and GraceMillis apply the defaults.
func (b *Benchmark) TimeoutMillis() float64 { return cmp.Or(b.Timeout, DefaultTimeout) }

// GraceMillis is the time from SIGTERM to SIGKILL.
func (b *Benchmark) GraceMillis() float64 { return cmp.Or(b.Grace, DefaultGrace) }
