package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
)

const settingsFile = `# a comment
[server]
token = "hush hush"
listen = "127.0.0.1:1"

[isolation]
env = { NODE_ENV = "production", API_KEY = "hush too" }
container = { warm = 3 }
container.reuse = true
`

// Each value names where it comes from, and the strongest source wins.
func TestSettingsNameTheirSource(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bench.toml")
	text := strings.ReplaceAll(settingsFile, "container.reuse = true\n", "[[benchmarks]]\nname = \"a\"\ncommand = [\"true\"]\n")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BENCHCELL_SERVER_PARALLEL", "7")
	t.Setenv("BENCHCELL_ISOLATION_CONTAINER_WARM", "5")
	t.Setenv("BENCHMARK_ISOLATION", "container")
	c, err := loadConfig(file, func(w string) { t.Error(w) })
	if err != nil {
		t.Fatal(err)
	}
	c.Server.Listen = "127.0.0.1:2"
	found := map[string]bench.Setting{}
	for _, s := range c.settings("/where/data/is", map[string]string{"server.listen": "--listen"}) {
		found[s.Key] = s
		if s.Value != nil && strings.Contains(*s.Value, "hush") {
			t.Errorf("%s shows a secret: %s", s.Key, *s.Value)
		}
	}
	for _, want := range []struct{ key, value, source, place string }{
		{"server.token", "[secret]", "file", file + ":3"},
		{"server.listen", "127.0.0.1:2", "flag", "--listen"},
		{"server.data", "/where/data/is", "default", ""},
		{"server.parallel", "7", "environment", "BENCHCELL_SERVER_PARALLEL"},
		{"isolation.env", "API_KEY=[secret], NODE_ENV=production", "file", file + ":7"},
		{"isolation.container.warm", "5", "environment", "BENCHCELL_ISOLATION_CONTAINER_WARM"},
		{"isolation.container.image", "benchcell/tools", "default", ""},
		{"isolation.timeout", "10s", "default", ""},
		{"untrusted.budget", "5m", "default", ""},
		{"limits.memory", "512MiB", "default", ""},
		{"benchmarks", "1", "file", file + ":9"},
		{"BENCHMARK_ISOLATION", "container", "environment", "BENCHMARK_ISOLATION"},
	} {
		s := found[want.key]
		if s.Value == nil || *s.Value != want.value || string(s.Source) != want.source || s.Place != want.place {
			t.Errorf("%s: got %+v, want %+v", want.key, s, want)
		}
	}
	if s := found["limits.cpu_time"]; s.Key == "" || s.Value != nil {
		t.Errorf("a limit that is not set is %+v", s)
	}
}

func TestKeyLines(t *testing.T) {
	lines := keyLines([]byte(settingsFile))
	for key, line := range map[string]int{
		"server": 2, "server.token": 3, "server.listen": 4, "isolation.env": 7, "isolation.env.API_KEY": 7,
		"isolation.container": 8, "isolation.container.warm": 8, "isolation.container.reuse": 9,
	} {
		if lines[key] != line {
			t.Errorf("%s stands on line %d, said %d", key, line, lines[key])
		}
	}
}

func FuzzKeyLines(f *testing.F) {
	f.Add(settingsFile)
	f.Fuzz(func(t *testing.T, text string) {
		var c Config
		if decodeTOML([]byte(text), &c) != nil {
			return
		}
		for key, line := range keyLines([]byte(text)) {
			if line < 1 || line > 1+strings.Count(text, "\n") {
				t.Errorf("%q is said to stand on line %d", key, line)
			}
		}
	})
}

func TestValuesAsTheFileHasThem(t *testing.T) {
	for want, got := range map[string]string{
		"24h": Duration(24 * time.Hour).String(), "5m": Duration(5 * time.Minute).String(), "1m30s": Duration(90 * time.Second).String(),
		"300ms": Duration(300 * time.Millisecond).String(), "10m": Duration(10 * time.Minute).String(),
		"512MiB": Size(512 << 20).String(), "1GiB": Size(1 << 30).String(), "1500": Size(1500).String(), "3KiB": Size(3072).String(),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
