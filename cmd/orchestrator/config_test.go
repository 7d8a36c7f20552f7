package main

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"benchcell"
	"benchcell/internal/bench"
	"benchcell/internal/builtin"
)

// The commented file at the top of the repository says what holds without it.
func TestConfigFileIsTheDefaults(t *testing.T) {
	fromFile := Config{}
	if err := decodeTOML(benchcell.DefaultConfig, &fromFile); err != nil {
		t.Fatal(err)
	}
	fromFile.Benchmarks = nil
	if want := DefaultConfig(); !reflect.DeepEqual(fromFile, want) {
		t.Errorf("config.toml says\n%+v\nthe defaults are\n%+v", fromFile, want)
	}
}

// Every key of the configuration stands in the commented file, so that who
// reads it has seen them all.
func TestConfigFileNamesEveryKey(t *testing.T) {
	text := string(benchcell.DefaultConfig)
	var walk func(reflect.Type)
	walk = func(s reflect.Type) {
		for field := range s.Fields() {
			key := field.Tag.Get("toml")
			if key == "" || key == "-" || key == "benchmarks" {
				continue
			}
			if !strings.Contains(text, key+" = ") && !strings.Contains(text, "["+key) && !strings.Contains(text, "."+key+"]") {
				t.Errorf("config.toml does not name %s", key)
			}
			if field.Type.Kind() == reflect.Struct {
				walk(field.Type)
			}
		}
	}
	walk(reflect.TypeFor[Config]())
}

// The example names every key of a benchmark, and is right.
func TestConfigFileShowsABenchmark(t *testing.T) {
	_, text, _ := strings.Cut(string(benchcell.DefaultConfig), "\n# [[benchmarks]]\n")
	text, _, _ = strings.Cut(text, "\n\n")
	example := "[[benchmarks]]"
	for line := range strings.Lines(text) {
		example += "\n" + strings.TrimPrefix(strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "#"), " ")
	}
	c := Config{Base: "/srv"}
	if err := decodeTOML([]byte(example), &c); err != nil {
		t.Fatal(err)
	}
	list, err := c.benchmarks()
	if err != nil || len(list) != 4 {
		t.Fatalf("%d benchmarks, %v", len(list), err)
	}
	b := list[1]
	if b.Name != "gzip -1 of 1M" || b.Labels["level"] != "1" || b.Labels["team"] != "storage" || b.Precision != 0.01 || b.MinTime != 5000 ||
		b.TargetOn != bench.OnP95 || !slices.Equal(b.Setup, []string{"make-input", "1M", "made"}) || !b.IgnoreExit.Has(2) {
		t.Errorf("%+v", b)
	}
	for field := range reflect.TypeFor[BenchmarkConfig]().Fields() {
		if key := field.Tag.Get("toml"); !strings.Contains(example, key+" = ") && !strings.Contains(example, "."+key+"]") {
			t.Errorf("the example does not name %s", key)
		}
	}
}

// The suite that comes along has every registered function, and a benchmark of
// each kind.
func TestShippedBenchmarks(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := loadConfig("", func(w string) { t.Error(w) })
	if err != nil {
		t.Fatal(err)
	}
	list, err := c.benchmarks()
	if err != nil {
		t.Fatal(err)
	}
	functions, kinds := map[string]bool{}, map[bench.Kind]int{}
	for _, b := range list {
		functions[b.Builtin] = true
		kinds[b.Kind]++
		if !b.Trusted {
			t.Errorf("%s is not trusted", b.Slug)
		}
	}
	for _, f := range builtin.All() {
		if !functions[f.Name] {
			t.Errorf("the suite lacks %s", f.Name)
		}
	}
	for _, kind := range bench.Kinds {
		if kinds[kind] == 0 && kind != bench.KindReport { // which has another tool to run
			t.Errorf("the suite has no benchmark of kind %s", kind)
		}
	}
}

func TestEnvironmentOverrides(t *testing.T) {
	t.Chdir(t.TempDir())
	for key, value := range map[string]string{
		"BENCHCELL_SERVER_LISTEN": "127.0.0.1:1", "BENCHCELL_SERVER_TOKEN": "s3cret", "BENCHCELL_SERVER_HOSTS": "a,b",
		"BENCHCELL_ISOLATION_TIMEOUT": "3s", "BENCHCELL_ISOLATION_FALLBACK": "false", "BENCHCELL_LIMITS_MEMORY": "1GiB",
		"BENCHCELL_LIMITS_CPU_TIME": "2s", "BENCHCELL_FEATURES_ISOLATED_BENCHMARKS": "false", "BENCHMARK_ISOLATION": "container",
		"BENCHCELL_ISOLATION_PROCESS_CGROUP_PARENT": "none",
	} {
		t.Setenv(key, value)
	}
	c, err := loadConfig("", func(w string) { t.Error(w) })
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.policy()
	if err != nil {
		t.Fatal(err)
	}
	if c.Server.Listen != "127.0.0.1:1" || len(c.Server.Hosts) != 2 || c.Isolation.Process.CgroupParent != "none" {
		t.Errorf("server %+v, isolation %+v", c.Server, c.Isolation)
	}
	if p.Timeout != 3000 || p.Fallback || p.Limits.Memory != 1<<30 || p.Limits.CPUTime != 2000 || *p.Isolated || p.Environment.Name != bench.Container {
		t.Errorf("policy %+v", p)
	}
}

// What would only fail in each run, or never be of use, is refused by name.
func TestConfigurationsAreCheckedWhole(t *testing.T) {
	for text, says := range map[string]string{
		"[server]\nhosts = [\"https://bench.example\"]":     "server.hosts[0] \"https://bench.example\"",
		"[server]\nhosts = [\"a\", \"bench.example:8350\"]": "server.hosts[1]",
		"[server]\nhosts = [\"\"]":                          "server.hosts[0]",
		"[server]\nhosts = [\"*.example\"]":                 "server.hosts[0]",
		"[isolation.env]\n\"A=B\" = \"x\"":                  "isolation.env \"A=B\"",
		"[isolation.env]\n\"\" = \"x\"":                     "isolation.env \"\"",
		"[isolation.env]\nA = \"\\u0000\"":                  "isolation.env \"A\"",
		"[server]\nsession = true":                          "server.session (line 2)",
		"[measuring]\nretake = false":                       "measuring.retake (line 2)",
		"[isolation]\ntimeout = 5":                          "isolation.timeout (line 2)",
	} {
		c := DefaultConfig()
		err := decodeTOML([]byte(text), &c)
		if err == nil {
			err = c.validate()
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
	c := DefaultConfig()
	c.Server.Hosts = []string{"bench", "Bench.Example", "my_service", "xn--bcher-kva.example", "10.0.0.1"}
	if err := c.validate(); err != nil {
		t.Error(err)
	}
}

func TestSecretNeverShows(t *testing.T) {
	s := Secret("hunter2")
	if s.String() != "[secret]" || strings.Contains(s.LogValue().String(), "hunter2") || Secret("").String() != "" {
		t.Errorf("%v, %v", s, s.LogValue())
	}
}

func FuzzConfig(f *testing.F) {
	f.Add(string(benchcell.DefaultConfig))
	f.Add("[[benchmarks]]\nname = \"{a}\"\ncommand = [\"{b}\"]\nprecision = 0.01\nignore_exit = [1]\n[benchmarks.matrix]\na = [1, 2]\nb = [\"{a}\", true]\n")
	f.Add("[[benchmarks]]\nname = \"x\"\ncommand = [\"true\"]\nlimits = { memory = \"64MiB\" }\n")
	f.Fuzz(func(t *testing.T, text string) {
		c := DefaultConfig()
		if decodeTOML([]byte(text), &c) != nil || c.validate() != nil {
			return
		}
		list, err := c.benchmarks()
		if err != nil {
			t.Fatalf("validated, and then: %v", err)
		}
		policy, err := c.policy()
		if err != nil {
			t.Fatalf("validated, and then: %v", err)
		}
		for _, b := range list {
			if plan, err := policy.Resolve(b, bench.Overrides{}); err == nil && plan.Timeout <= 0 {
				t.Errorf("%q has no timeout", b.Name)
			}
		}
	})
}
