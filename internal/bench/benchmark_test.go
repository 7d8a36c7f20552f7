package bench

import (
	"math"
	"strings"
	"testing"
)

// command is the smallest benchmark that is right.
func command() Benchmark {
	return Benchmark{
		Definition: Definition{Name: "Sort lines", Command: []string{"sort"}},
		Slug:       "sort-lines", Category: "other", Kind: KindCommand,
	}
}

func number64(v float64) *float64 { return &v }

func whole(v int) *int { return &v }

func TestValidateAcceptsTheEdges(t *testing.T) {
	for name, change := range map[string]func(*Benchmark){
		"as it is":            func(*Benchmark) {},
		"200 bytes of name":   func(b *Benchmark) { b.Name = strings.Repeat("n", 200) },
		"most iterations":     func(b *Benchmark) { b.Iterations = MaxIterations },
		"no warm-up":          func(b *Benchmark) { b.Warmup = whole(0) },
		"most warm-ups":       func(b *Benchmark) { b.Warmup = whole(MaxWarmup) },
		"a day":               func(b *Benchmark) { b.Timeout, b.Grace, b.Budget = MaxTimeout, MaxTimeout, MaxTimeout },
		"a tiny timeout":      func(b *Benchmark) { b.Timeout = 0.001 },
		"a tiny target":       func(b *Benchmark) { b.Target = number64(math.SmallestNonzeroFloat64) },
		"the largest target":  func(b *Benchmark) { b.Target = number64(math.MaxFloat64) },
		"most lines of input": func(b *Benchmark) { b.StdinLines = MaxStdinLines },
		"an empty argument":   func(b *Benchmark) { b.Command = []string{"echo", ""} },
		"a folder":            func(b *Benchmark) { b.Dir = "/process" },
		"a file below":        func(b *Benchmark) { b.Files = []File{{Path: "a/b.txt"}, {Path: "..a", Encoding: "utf8"}} },
		"a file in base64":    func(b *Benchmark) { b.Files = []File{{Path: "a", Content: "AP8=", Encoding: "base64"}} },
		"least memory":        func(b *Benchmark) { b.Limits.Memory = MinMemory },
		"a function":          func(b *Benchmark) { b.Kind, b.Command, b.Builtin = KindBuiltin, nil, "gzip" },
		"most samples":        func(b *Benchmark) { b.Min, b.Max = MaxIterations, MaxIterations },
		"one sample":          func(b *Benchmark) { b.Min, b.Max, b.MinTime = 1, 1, 0.001 },
		"a day of samples":    func(b *Benchmark) { b.MinTime = MaxTimeout },
		"the finest":          func(b *Benchmark) { b.Precision, b.Max = MinPrecision, 6 },
		"the coarsest":        func(b *Benchmark) { b.Precision = MaxPrecision },
		"a function's rounds": func(b *Benchmark) { b.Kind, b.Command, b.Builtin, b.Precision = KindBuiltin, nil, "gzip", 0.1 },
		"repeated tests":      func(b *Benchmark) { b.Kind, b.Iterations = KindTests, 5 }, // they are run once
		"all hooks":           func(b *Benchmark) { b.Hooks = fullDefinition().Hooks },
		"exit codes":          func(b *Benchmark) { b.IgnoreExit = &ExitCodes{Codes: []int{1, 255}} },
		"any exit code":       func(b *Benchmark) { b.IgnoreExit = &ExitCodes{All: true} },
		"a memory target":     func(b *Benchmark) { b.Target, b.TargetOn = number64(1<<40), OnMemory },
		"a p95 of a function": func(b *Benchmark) {
			b.Kind, b.Command, b.Builtin, b.Target, b.TargetOn = KindBuiltin, nil, "gzip", number64(1), OnP95
		},
		"long labels": func(b *Benchmark) { b.Labels = Labels{strings.Repeat("n", 64): strings.Repeat("v", 200), "b": ""} },
	} {
		b := command()
		change(&b)
		if err := b.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestValidateNamesTheFieldAndItsRange(t *testing.T) {
	for _, c := range []struct {
		want   string
		change func(*Benchmark)
	}{
		{"name must be 1 to 200 bytes", func(b *Benchmark) { b.Name = "" }},
		{"name must be 1 to 200 bytes", func(b *Benchmark) { b.Name = strings.Repeat("ä", 101) }},
		{"name must be 1 to 200 bytes of UTF-8", func(b *Benchmark) { b.Name = "a\xff" }},
		{`name "???" has no letter or digit`, func(b *Benchmark) { b.Name, b.Slug = "???", Slug("???") }},
		{`kind "shell" is not one of builtin, command, protocol, report, tests`, func(b *Benchmark) { b.Kind = "shell" }},
		{"target is 0: it must be above 0 and finite", func(b *Benchmark) { b.Target = number64(0) }},
		{"target is -1", func(b *Benchmark) { b.Target = number64(-1) }},
		{"target is NaN", func(b *Benchmark) { b.Target = number64(math.NaN()) }},
		{"target is +Inf", func(b *Benchmark) { b.Target = number64(math.Inf(1)) }},
		{"iterations is -1: it must be 1 to 1000000", func(b *Benchmark) { b.Iterations = -1 }},
		{"iterations is 1000001", func(b *Benchmark) { b.Iterations = MaxIterations + 1 }},
		{"warmup is -1: it must be 0 to 100000", func(b *Benchmark) { b.Warmup = whole(-1) }},
		{"warmup is 100001", func(b *Benchmark) { b.Warmup = whole(MaxWarmup + 1) }},
		{"min is -1: it must be 1 to 1000000", func(b *Benchmark) { b.Min = -1 }},
		{"max is 1000001: it must be 1 to 1000000", func(b *Benchmark) { b.Max = MaxIterations + 1 }},
		{"minTime is -1 ms: it must be above 0 and at most a day", func(b *Benchmark) { b.MinTime = -1 }},
		{"minTime is NaN ms", func(b *Benchmark) { b.MinTime = math.NaN() }},
		{"precision is -1: it must be 0.0001 to 1", func(b *Benchmark) { b.Precision = -1 }},
		{"precision is 1.5", func(b *Benchmark) { b.Precision = 1.5 }},
		{"precision is NaN", func(b *Benchmark) { b.Precision = math.NaN() }},
		{"iterations and min contradict each other", func(b *Benchmark) { b.Iterations, b.Min = 5, 5 }},
		{"iterations and max contradict each other", func(b *Benchmark) { b.Iterations, b.Max = 5, 5 }},
		{"iterations and minTime contradict each other", func(b *Benchmark) { b.Iterations, b.MinTime = 5, 5 }},
		{"iterations and precision contradict each other", func(b *Benchmark) { b.Iterations, b.Precision = 5, 0.01 }},
		{"min is 6 and max is 5: min must be at most max", func(b *Benchmark) { b.Min, b.Max = 6, 5 }},
		{"max is 5: it must be at least 6 beside precision", func(b *Benchmark) { b.Max, b.Precision = 5, 0.01 }},
		{"precision is stated, but a benchmark of kind tests is executed once", func(b *Benchmark) { b.Kind, b.Precision = KindTests, 0.01 }},
		{"setup is empty", func(b *Benchmark) { b.Setup = []string{} }},
		{"prepare is empty", func(b *Benchmark) { b.Prepare = []string{"", "x"} }},
		{"conclude[1] holds a NUL byte", func(b *Benchmark) { b.Conclude = []string{"x", "\x00"} }},
		{"cleanup[0] is not UTF-8", func(b *Benchmark) { b.Cleanup = []string{"\xff"} }},
		{"setup has 8388609 bytes: it must have at most 8388608", func(b *Benchmark) { b.Setup = []string{strings.Repeat("x", maxCommand+1)} }},
		{"prepare is stated, but a builtin benchmark has no commands", func(b *Benchmark) {
			b.Kind, b.Command, b.Builtin, b.Prepare = KindBuiltin, nil, "gzip", []string{"true"}
		}},
		{"build.command is empty", func(b *Benchmark) { b.Build = &Build{} }},
		{"ignoreExit has 0 codes: it must be true or 1 to 255 codes", func(b *Benchmark) { b.IgnoreExit = &ExitCodes{} }},
		{"ignoreExit[1] is 256: it must be 1 to 255", func(b *Benchmark) { b.IgnoreExit = &ExitCodes{Codes: []int{1, 256}} }},
		{"ignoreExit[0] is 0", func(b *Benchmark) { b.IgnoreExit = &ExitCodes{Codes: []int{0}} }},
		{`targetOn "mean" is not one of median, p95, cpu, memory`, func(b *Benchmark) { b.Target, b.TargetOn = number64(1), "mean" }},
		{"targetOn is p95 and there is no target", func(b *Benchmark) { b.TargetOn = OnP95 }},
		{"targetOn is cpu, which samples that a program times itself do not have", func(b *Benchmark) {
			b.Kind, b.Target, b.TargetOn = KindProtocol, number64(1), OnCPU
		}},
		{"labels has 33 entries: it must have at most 32", func(b *Benchmark) {
			b.Labels = Labels{}
			for i := range 33 {
				b.Labels[strings.Repeat("x", i+1)] = ""
			}
		}},
		{`labels "": a name must be 1 to 64 bytes`, func(b *Benchmark) { b.Labels = Labels{"": "x"} }},
		{"a name must be 1 to 64 bytes", func(b *Benchmark) { b.Labels = Labels{strings.Repeat("x", 65): ""} }},
		{"labels.size has 201 bytes: it must be at most 200", func(b *Benchmark) { b.Labels = Labels{"size": strings.Repeat("x", 201)} }},
		{"labels.size has 1 bytes: it must be at most 200 bytes of UTF-8", func(b *Benchmark) { b.Labels = Labels{"size": "\xff"} }},
		{"stdin_lines is -1: it must be 1 to 5000000", func(b *Benchmark) { b.StdinLines = -1 }},
		{"stdin_lines is 5000001", func(b *Benchmark) { b.StdinLines = MaxStdinLines + 1 }},
		{"timeout is -1 ms: it must be above 0 and at most a day", func(b *Benchmark) { b.Timeout = -1 }},
		{"timeout is NaN ms", func(b *Benchmark) { b.Timeout = math.NaN() }},
		{"timeout is 1e+30 ms", func(b *Benchmark) { b.Timeout = 1e30 }},
		{"grace is +Inf ms", func(b *Benchmark) { b.Grace = math.Inf(1) }},
		{"budget is 8.6400001e+07 ms", func(b *Benchmark) { b.Budget = MaxTimeout + 1 }},
		{"command is empty", func(b *Benchmark) { b.Command = nil }},
		{"command is empty", func(b *Benchmark) { b.Command = []string{"", "x"} }},
		{"command[1] holds a NUL byte", func(b *Benchmark) { b.Command = []string{"echo", "a\x00b"} }},
		{"command[1] is not UTF-8", func(b *Benchmark) { b.Command = []string{"echo", "a\xffb"} }},
		{"command and env have 8388609 bytes: they must have at most 8388608", func(b *Benchmark) {
			b.Command = []string{strings.Repeat("x", maxCommand+1)}
		}},
		{"names its function in builtin", func(b *Benchmark) { b.Kind = KindBuiltin }},
		{"names its function in builtin", func(b *Benchmark) { b.Kind, b.Builtin = KindBuiltin, "gzip" }},
		{`env "": a name must have no '='`, func(b *Benchmark) { b.Env = map[string]string{"": "x"} }},
		{`env "A=B": a name must have no '='`, func(b *Benchmark) { b.Env = map[string]string{"A=B": "x"} }},
		{`env "A\x00": a name`, func(b *Benchmark) { b.Env = map[string]string{"A\x00": "x"} }},
		{`env "A": a name must have no '=' and neither name nor value a NUL byte`, func(b *Benchmark) { b.Env = map[string]string{"A": "\x00"} }},
		{`env "A" is not UTF-8`, func(b *Benchmark) { b.Env = map[string]string{"A": "\xff"} }},
		{`dir "work" must be an absolute path`, func(b *Benchmark) { b.Dir = "work" }},
		{`dir "/proc" must be`, func(b *Benchmark) { b.Dir = "/proc" }},
		{`dir "/tmp/../proc/self/fd/7" must be an absolute path in UTF-8, not below /proc`, func(b *Benchmark) { b.Dir = "/tmp/../proc/self/fd/7" }},
		{`files[1]: path "../x" must be relative, clean and inside /work`, func(b *Benchmark) { b.Files = []File{{Path: "x"}, {Path: "../x"}} }},
		{`path "/etc/passwd"`, func(b *Benchmark) { b.Files = []File{{Path: "/etc/passwd"}} }},
		{`path "a/../../b"`, func(b *Benchmark) { b.Files = []File{{Path: "a/../../b"}} }},
		{`path ".."`, func(b *Benchmark) { b.Files = []File{{Path: ".."}} }},
		{`path "."`, func(b *Benchmark) { b.Files = []File{{Path: "."}} }},
		{`path ""`, func(b *Benchmark) { b.Files = []File{{Path: ""}} }},
		{`path "a\x00b"`, func(b *Benchmark) { b.Files = []File{{Path: "a\x00b"}} }},
		{`files[0]: encoding "hex" is not one of utf8, base64`, func(b *Benchmark) { b.Files = []File{{Path: "a", Encoding: "hex"}} }},
		{`files[0]: content is not base64`, func(b *Benchmark) { b.Files = []File{{Path: "a", Content: "!", Encoding: "base64"}} }},
		{"limits.memory is 8388607: it must be 8388608 to", func(b *Benchmark) { b.Limits.Memory = MinMemory - 1 }},
	} {
		b := command()
		c.change(&b)
		err := b.Validate()
		if err == nil || !strings.Contains(err.Error(), c.want) || CodeOf(err) != CodeInvalid {
			t.Errorf("got %v (%s), want invalid: %s", err, CodeOf(err), c.want)
		}
	}
}

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"Profile Query (single)": "profile-query-single",
		"SHA-256 of 8 MiB":       "sha-256-of-8-mib",
		"--a__b--":               "a-b",
		"Größe":                  "gr-e",
		"../../etc/passwd":       "etc-passwd",
		"a\x00b":                 "a-b",
		"日本語":                    "",
		"":                       "",
	} {
		if got := Slug(name); got != want {
			t.Errorf("Slug(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestHashIsOfWhatRunsNotOfHowOften(t *testing.T) {
	b := command()
	same := b
	same.Iterations, same.Warmup, same.Timeout, same.Budget, same.Grace = 7, whole(3), 5, 6, 7
	same.Target, same.Isolation, same.Category = number64(1), Container, "another"
	same.Sampling, same.TargetOn, same.Labels, same.IgnoreExit = fullDefinition().Sampling, OnP95, Labels{"a": "b"}, &ExitCodes{All: true}
	if b.Hash() != same.Hash() || b.Hash() == "" {
		t.Errorf("hashes differ: %s and %s", b.Hash(), same.Hash())
	}
	for name, change := range map[string]func(*Benchmark){
		"command": func(b *Benchmark) { b.Command = []string{"sort", "-n"} },
		"env":     func(b *Benchmark) { b.Env = map[string]string{"LC_ALL": "C"} },
		"input":   func(b *Benchmark) { b.Stdin = "x" },
		"files":   func(b *Benchmark) { b.Files = []File{{Path: "x"}} },
		"limits":  func(b *Benchmark) { b.Limits.Memory = 1 << 30 },
		"image":   func(b *Benchmark) { b.Image = "debian" },
		"folder":  func(b *Benchmark) { b.Dir = "/srv" },
		"setup":   func(b *Benchmark) { b.Setup = []string{"x"} },
		"prepare": func(b *Benchmark) { b.Prepare = []string{"x"} },
		"trust":   func(b *Benchmark) { b.Trusted = true },
	} {
		other := command()
		change(&other)
		if other.Hash() == b.Hash() {
			t.Errorf("another %s has the same hash", name)
		}
	}
}

func TestDefaultsOfABenchmark(t *testing.T) {
	b := command()
	if b.Warmups() != 1 || b.TimeoutMillis() != 10_000 || b.GraceMillis() != 2_000 {
		t.Errorf("warm-ups %d, timeout %v, grace %v", b.Warmups(), b.TimeoutMillis(), b.GraceMillis())
	}
	b.Warmup, b.Timeout, b.Grace = whole(0), 5, 6
	if b.Warmups() != 0 || b.TimeoutMillis() != 5 || b.GraceMillis() != 6 {
		t.Errorf("warm-ups %d, timeout %v, grace %v", b.Warmups(), b.TimeoutMillis(), b.GraceMillis())
	}
	if b.Kind = KindTests; b.Kind.Measured() || b.Warmups() != 0 {
		t.Error("tests are not measured and need no warm-up")
	}
}
