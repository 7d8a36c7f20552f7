package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"benchcell"
	"benchcell/internal/bench"
	"benchcell/internal/sandbox/process"
)

// Config is the whole configuration. The tags name its keys in TOML and in the
// environment, BENCHCELL_SECTION_KEY.
type Config struct {
	Server    ServerConfig    `toml:"server" envPrefix:"SERVER_"`
	Features  FeaturesConfig  `toml:"features" envPrefix:"FEATURES_"`
	Isolation IsolationConfig `toml:"isolation" envPrefix:"ISOLATION_"`
	Limits    LimitsConfig    `toml:"limits" envPrefix:"LIMITS_"`
	Untrusted UntrustedConfig `toml:"untrusted" envPrefix:"UNTRUSTED_"`
	Measuring MeasuringConfig `toml:"measuring" envPrefix:"MEASURING_"`
	Retention RetentionConfig `toml:"retention" envPrefix:"RETENTION_"`

	Benchmarks []BenchmarkConfig `toml:"benchmarks"`

	// Base is where relative paths of the file begin. It is no key.
	Base string `toml:"-"`
	// file is what was read, "" for what the program carries; lines tells where
	// its keys stand.
	file  string
	lines map[string]int
	// environment is BENCHMARK_ISOLATION, read.
	environment *bench.EnvironmentIsolation
}

// ServerConfig is [server].
type ServerConfig struct {
	Listen   string   `toml:"listen" env:"LISTEN"`
	Data     string   `toml:"data" env:"DATA"`
	Token    Secret   `toml:"token" env:"TOKEN"`
	Hosts    []string `toml:"hosts" env:"HOSTS"`
	Parallel int      `toml:"parallel" env:"PARALLEL"`

	TLSCert        string   `toml:"tls_cert" env:"TLS_CERT"`
	TLSKey         string   `toml:"tls_key" env:"TLS_KEY"`
	TrustedProxies []string `toml:"trusted_proxies" env:"TRUSTED_PROXIES"`
	Session        Duration `toml:"session" env:"SESSION"`
	Rate           float64  `toml:"rate" env:"RATE"`
	QueueShare     float64  `toml:"queue_share" env:"QUEUE_SHARE"`
	Connections    int      `toml:"connections" env:"CONNECTIONS"`
	Metrics        bool     `toml:"metrics" env:"METRICS"`
	MetricsToken   Secret   `toml:"metrics_token" env:"METRICS_TOKEN"`
}

// FeaturesConfig is [features].
type FeaturesConfig struct {
	IsolatedBenchmarks bool `toml:"isolated_benchmarks" env:"ISOLATED_BENCHMARKS"`
}

// IsolationConfig is [isolation].
type IsolationConfig struct {
	Backend   string            `toml:"backend" env:"BACKEND"`
	Fallback  bool              `toml:"fallback" env:"FALLBACK"`
	Timeout   Duration          `toml:"timeout" env:"TIMEOUT"`
	Grace     Duration          `toml:"grace" env:"GRACE"`
	Env       map[string]string `toml:"env" env:"ENV"`
	SecretEnv []string          `toml:"secret_env" env:"SECRET_ENV"`
	Process   ProcessConfig     `toml:"process" envPrefix:"PROCESS_"`
	Container ContainerConfig   `toml:"container" envPrefix:"CONTAINER_"`
}

// ProcessConfig is [isolation.process].
type ProcessConfig struct {
	CgroupParent string   `toml:"cgroup_parent" env:"CGROUP_PARENT"`
	Sandbox      string   `toml:"sandbox" env:"SANDBOX"`
	Warm         int      `toml:"warm" env:"WARM"`
	System       []string `toml:"system" env:"SYSTEM"`
}

// ContainerConfig is [isolation.container].
type ContainerConfig struct {
	Image   string   `toml:"image" env:"IMAGE"`
	Allowed []string `toml:"allowed" env:"ALLOWED"`
	Runtime string   `toml:"runtime" env:"RUNTIME"`
	Warm    int      `toml:"warm" env:"WARM"`
	Reuse   bool     `toml:"reuse" env:"REUSE"`
}

// LimitsConfig is [limits], and limits of a benchmark. Nil is not stated.
type LimitsConfig struct {
	Memory  *Size     `toml:"memory" env:"MEMORY"`
	CPUs    *float64  `toml:"cpus" env:"CPUS"`
	CPUTime *Duration `toml:"cpu_time" env:"CPU_TIME"`
	Pids    *int64    `toml:"pids" env:"PIDS"`
	Output  *Size     `toml:"output" env:"OUTPUT"`
	Disk    *Size     `toml:"disk" env:"DISK"`
}

// UntrustedConfig is [untrusted].
type UntrustedConfig struct {
	Minimum string   `toml:"minimum" env:"MINIMUM"`
	Budget  Duration `toml:"budget" env:"BUDGET"`
}

// MeasuringConfig is [measuring].
type MeasuringConfig struct {
	Retake    Interval `toml:"retake" env:"RETAKE"`
	SelfCheck Interval `toml:"self_check" env:"SELF_CHECK"`
}

// RetentionConfig is [retention].
type RetentionConfig struct {
	Outputs Size `toml:"outputs" env:"OUTPUTS"`
	Samples Size `toml:"samples" env:"SAMPLES"`
	Audit   int  `toml:"audit" env:"AUDIT"`
}

// DefaultConfig is what holds where nothing is configured. A test proves that
// the commented config.toml says the same.
func DefaultConfig() Config {
	l := bench.DefaultLimits()
	memory, output, disk := Size(l.Memory), Size(l.Output), Size(l.Disk)
	return Config{
		Server: ServerConfig{
			Listen: "127.0.0.1:8350", Hosts: []string{}, TrustedProxies: []string{},
			Session: Duration(12 * time.Hour), Rate: 100, QueueShare: 0.25, Connections: 1024, Metrics: true,
		},
		Features: FeaturesConfig{IsolatedBenchmarks: true},
		Isolation: IsolationConfig{
			Backend: string(bench.Process), Fallback: true,
			Timeout: Duration(bench.DefaultTimeout * 1e6), Grace: Duration(bench.DefaultGrace * 1e6),
			Env:       map[string]string{"NODE_ENV": "production"},
			SecretEnv: []string{},
			Process:   ProcessConfig{Sandbox: "off", Warm: 2, System: process.DefaultSystem},
			Container: ContainerConfig{Image: "benchcell/tools", Allowed: []string{}, Warm: 2},
		},
		Limits:    LimitsConfig{Memory: &memory, CPUs: &l.CPUs, Pids: &l.Pids, Output: &output, Disk: &disk},
		Untrusted: UntrustedConfig{Minimum: string(bench.MinimumSandbox), Budget: Duration(5 * 60 * 1e9)},
		Measuring: MeasuringConfig{Retake: Interval(5 * time.Second)},
		Retention: RetentionConfig{Outputs: 1 << 30, Samples: 1 << 30, Audit: 100_000},
	}
}

// loadConfig reads a file, or what is found if name is "": config.toml in the
// working folder, else the defaults that the program carries. The environment
// comes on top. warn is told what may be a mistake.
func loadConfig(name string, warn func(string)) (*Config, error) {
	text, base, err := configText(name)
	if err != nil {
		return nil, err
	}
	c := DefaultConfig()
	c.Base = base
	if err := decodeTOML(text, &c); err != nil {
		return nil, fmt.Errorf("%s: %w", configName(name, base), err)
	}
	if base != "" {
		c.file, c.lines = configName(name, base), keyLines(text)
	}
	if len(c.Benchmarks) == 0 {
		shipped := DefaultConfig()
		if err := decodeTOML(benchcell.DefaultConfig, &shipped); err != nil {
			return nil, err
		}
		c.Benchmarks = shipped.Benchmarks
	}
	if err := c.readEnvironment(warn); err != nil {
		return nil, err
	}
	return &c, c.validate()
}

const defaultFile = "config.toml"

const (
	environmentPrefix = "BENCHCELL_"
	isolationVariable = "BENCHMARK_ISOLATION"
)

// configText is the configuration and the folder that its paths begin in, ""
// for what the program carries.
func configText(name string) (text []byte, base string, err error) {
	file := name
	if file == "" {
		file = defaultFile
	}
	text, err = os.ReadFile(file)
	if name == "" && errors.Is(err, fs.ErrNotExist) {
		return benchcell.DefaultConfig, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	base, err = filepath.Abs(filepath.Dir(file))
	return text, base, err
}

func configName(name, base string) string {
	switch {
	case name != "":
		return name
	case base != "":
		return defaultFile
	}
	return "the built-in configuration"
}

// readEnvironment lets BENCHCELL_SECTION_KEY override, and warns of variables
// that mean nothing.
func (c *Config) readEnvironment(warn func(string)) error {
	options := env.Options{Prefix: environmentPrefix}
	fields, err := env.GetFieldParamsWithOptions(c, options)
	if err != nil {
		return err
	}
	if err := env.ParseWithOptions(c, options); err != nil {
		return environmentError(err, fields)
	}
	known := map[string]bool{"BENCHCELL_CONFIG": true, "BENCHCELL_REQUIRE": true}
	for _, f := range fields {
		known[f.Key] = true
	}
	for _, variable := range os.Environ() {
		key, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(key, environmentPrefix) && !known[key] {
			warn(fmt.Sprintf("the environment variable %s means nothing to this program", key))
		}
	}
	c.environment, err = environmentIsolation(os.Getenv(isolationVariable))
	return err
}

// environmentIsolation reads BENCHMARK_ISOLATION.
func environmentIsolation(value string) (*bench.EnvironmentIsolation, error) {
	switch value {
	case "":
		return nil, nil //nolint:nilnil // unset is a value of its own
	case "true", "1":
		return &bench.EnvironmentIsolation{Isolated: true}, nil
	case "false", "0":
		return &bench.EnvironmentIsolation{}, nil
	}
	name, err := bench.ParseIsolation(value)
	if err != nil {
		return nil, fmt.Errorf("%s is %q: it must be true, false, in-process, process or container", isolationVariable, value)
	}
	return &bench.EnvironmentIsolation{Isolated: name.Isolated(), Name: name}, nil
}

func (c *Config) validate() error {
	if _, err := bench.ParseIsolation(c.Isolation.Backend); err != nil {
		return fmt.Errorf("isolation.backend: %w", err)
	}
	if err := c.Server.validate(); err != nil {
		return err
	}
	if c.Retention.Audit < 100 || c.Retention.Audit > 100_000_000 {
		return fmt.Errorf("retention.audit is %d: it must be 100 to 100,000,000", c.Retention.Audit)
	}
	if c.Server.Parallel < 0 || c.Server.Parallel > 1024 {
		return fmt.Errorf("server.parallel is %d: it must be 0 to 1024", c.Server.Parallel)
	}
	if warm := c.Isolation.Container.Warm; warm < 0 || warm > 64 {
		return fmt.Errorf("isolation.container.warm is %d: it must be 0 to 64", warm)
	}
	if _, err := bench.ParseMinimum(c.Untrusted.Minimum); err != nil {
		return fmt.Errorf("untrusted.minimum: %w", err)
	}
	if err := cmp.Or(c.Isolation.Process.validate(), checkEnv(c.Isolation.Env), checkSecretEnv(c.Isolation.SecretEnv)); err != nil {
		return err
	}
	if _, err := c.Limits.limits(); err != nil {
		return err
	}
	_, err := c.benchmarks()
	return err
}

func (p *ProcessConfig) validate() error {
	if p.Sandbox != "off" && p.Sandbox != "on" {
		return fmt.Errorf("isolation.process.sandbox is %q: it must be off or on", p.Sandbox)
	}
	if p.Warm < 0 || p.Warm > 64 {
		return fmt.Errorf("isolation.process.warm is %d: it must be 0 to 64", p.Warm)
	}
	for _, path := range p.System {
		if !filepath.IsAbs(path) || filepath.Clean(path) != path || path == "/" {
			return fmt.Errorf("isolation.process.system has %q: it must be a clean absolute path below /", path)
		}
	}
	return nil
}

// checkEnv refuses what no program could be given, rather than each run.
func checkEnv(variables map[string]string) error {
	for name, value := range variables {
		if err := bench.CheckVariable(name, value); err != nil {
			return fmt.Errorf("isolation.%w", err)
		}
	}
	return nil
}

// checkSecretEnv refuses what can't be the name of a variable, or is our own.
func checkSecretEnv(names []string) error {
	for _, name := range names {
		if name == "" || strings.ContainsAny(name, "=\x00 ") || strings.HasPrefix(name, environmentPrefix) {
			return fmt.Errorf("isolation.secret_env has %q: it must be the name of an environment variable, and none of BENCHCELL_…", name)
		}
	}
	return nil
}

// parallel is how many unmeasured runs may run at a time.
func (c *Config) parallel() int {
	if c.Server.Parallel > 0 {
		return c.Server.Parallel
	}
	return 2 * runtime.NumCPU()
}

// policy is what holds for all benchmarks.
func (c *Config) policy() (bench.Policy, error) {
	limits, err := c.Limits.limits()
	return bench.Policy{
		Backend: bench.Isolation(c.Isolation.Backend), Isolated: &c.Features.IsolatedBenchmarks,
		Environment: c.environment, Fallback: c.Isolation.Fallback, Limits: limits,
		Timeout: c.Isolation.Timeout.Millis(), Grace: c.Isolation.Grace.Millis(),
		UntrustedBudget: c.Untrusted.Budget.Millis(), Env: c.Isolation.Env, Host: hostEnvironment(),
	}, err
}

// hostEnvironment is what a trusted program sees of ours, and nothing else.
func hostEnvironment() map[string]string {
	host := map[string]string{}
	for _, key := range []string{"PATH", "HOME", "LANG", "TZ"} {
		if value, ok := os.LookupEnv(key); ok {
			host[key] = value
		}
	}
	return host
}

// limits checks and converts.
func (l LimitsConfig) limits() (bench.Limits, error) {
	var out bench.Limits
	for _, s := range []struct {
		name string
		from *Size
		to   *int64
	}{{"memory", l.Memory, &out.Memory}, {"output", l.Output, &out.Output}, {"disk", l.Disk, &out.Disk}} {
		if s.from != nil {
			*s.to = int64(*s.from)
		}
	}
	if l.CPUTime != nil {
		out.CPUTime = l.CPUTime.Millis()
	}
	if l.CPUs != nil {
		if !(*l.CPUs > 0) {
			return out, fmt.Errorf("limits.cpus is %v: it must be above 0", *l.CPUs)
		}
		out.CPUs = *l.CPUs
	}
	if l.Pids != nil {
		if *l.Pids < 1 {
			return out, fmt.Errorf("limits.pids is %d: it must be at least 1", *l.Pids)
		}
		out.Pids = *l.Pids
	}
	return out, out.Validate("limits")
}

// secrets are the named variables of this process that are set.
func secrets(names []string) []string {
	var list []string
	for _, name := range names {
		if value, ok := os.LookupEnv(name); ok {
			list = append(list, name+"="+value)
		}
	}
	return list
}
