package main

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// host is the machine that all runs are of.
var host = bench.Machine{ID: "seeded", Hostname: "seeded", OS: "linux", Arch: "amd64", CPU: "made up", Cores: 8, Memory: 32 << 30, Cgroup: "v2"}

var categories = []string{"api", "cache", "codec", "cpu", "database", "io", "network", "parser", "render", "search"}

// subject is a benchmark, and how it fares.
type subject struct {
	plan   bench.Plan
	median float64 // ms, at first
	noise  float64 // relative, from run to run
	steps  [2]step
	random *rand.Rand
}

// step is a change of the level, when a part of the time is over.
type step struct{ at, factor float64 }

func newSubjects(n int) []*subject {
	list := make([]*subject, n)
	for i := range list {
		list[i] = newSubject(i)
	}
	return list
}

// newSubject makes the same of the same number.
func newSubject(i int) *subject {
	s := &subject{random: rand.New(rand.NewPCG(1, uint64(i)))}
	category := categories[i%len(categories)]
	s.median = math.Pow(10, -1.5+4*s.random.Float64()) // 30 µs to 300 ms
	s.noise = 0.005 + 0.04*s.random.Float64()
	for k := range s.steps {
		s.steps[k] = step{s.random.Float64(), 0.85 + 0.4*s.random.Float64()}
	}
	target := math.Round(1e4*s.median*(0.8+0.7*s.random.Float64())) / 1e4
	b := bench.Benchmark{
		Definition: bench.Definition{Name: fmt.Sprintf("%s case %03d", category, i), Command: []string{"true"}, Target: &target},
		Category:   category, Kind: bench.KindCommand, Trusted: true,
	}
	b.Slug = bench.Slug(b.Name)
	if i%7 == 3 {
		b.Isolation = bench.Container
	}
	policy := bench.Policy{Backend: bench.Process}
	plan, err := policy.Resolve(b, bench.Overrides{})
	if err != nil {
		panic(err) // it is our own
	}
	s.plan = plan
	return s
}

// configOf is the configuration that has these benchmarks.
func configOf(subjects []*subject) []byte {
	var b bytes.Buffer
	b.WriteString("# Made by bench/seed.\n")
	for _, s := range subjects {
		fmt.Fprintf(&b, "\n[[benchmarks]]\nname = %q\ncategory = %q\ncommand = [\"true\"]\ntarget_ms = %s\n", s.plan.Name, s.plan.Category, decimal(*s.plan.Target))
		if s.plan.Requested == bench.Container {
			b.WriteString("isolation = \"container\"\n")
		}
	}
	return b.Bytes()
}

// decimal is a number that TOML takes for a float.
func decimal(v float64) string {
	text := fmt.Sprintf("%.4f", v)
	return strings.TrimRight(text, "0") + "0"
}

// start is a run that was asked for at some time.
func (s *subject) start(round int, at time.Time) bench.Run {
	s.plan.Occasion = bench.Occasion{Revision: &bench.Revision{Branch: "main", Commit: fmt.Sprintf("%07x", 0x1000000+round/4)}}
	id := ulid.MustNew(ulid.Timestamp(at), ulid.DefaultEntropy())
	return bench.NewRun(id.String(), &s.plan, nil, at.UTC())
}

// end is how a run ended, when a part of the time was over.
func (s *subject) end(run bench.Run, over float64) bench.Transition {
	taken := run.Take(run.CreatedAt.Add(time.Second))
	t := taken.Run.Record(s.measure(run.CreatedAt.Add(2*time.Second), over))
	t.Run.Machine = &host.ID
	if *t.Run.Verdict == bench.OK {
		s.sumUp(t.Run, t.Samples)
	}
	return t
}

func (*subject) sumUp(run *bench.Run, samples []bench.Sample) {
	var walls []float64
	for _, sample := range samples {
		walls = append(walls, sample.Wall)
	}
	sum, source := stats.Summarize(walls), bench.TimeByRunner
	run.Time = bench.Time{
		Median: &sum.Median, Mean: &sum.Mean, Min: &sum.Min, Max: &sum.Max, Stddev: &sum.Stddev,
		CILow: &sum.CILow, CIHigh: &sum.CIHigh, P95: sum.P95, N: sum.N, Source: &source,
	}
	rating := bench.Rating(stats.Rate(walls, *run.Target))
	run.Rating, run.Rated = &rating, &bench.Figure{Value: sum.Median, Low: &sum.CILow, High: &sum.CIHigh}
}

// clocked is a time in ms as a clock tells it, which counts nanoseconds.
func clocked(ms float64) float64 { return math.Round(ms*1e6) / 1e6 }

// measure makes up what a worker would bring back.
func (s *subject) measure(at time.Time, over float64) *bench.Measurement {
	level := s.median * math.Exp(s.noise*s.random.NormFloat64())
	for _, step := range s.steps {
		if over > step.at {
			level *= step.factor
		}
	}
	isolation, cgroup, clock := s.plan.Requested, "cgroup", "wait4"
	code, zero, rss := 0, int64(0), int64(4<<20+s.random.IntN(1<<20))
	m := &bench.Measurement{
		Verdict: bench.OK, Effective: &isolation, TimeSource: bench.TimeByRunner, Ended: at,
		Death: &bench.Death{How: "exited", Code: &code}, Evidence: bench.Evidence{OOMKills: &zero, PidsRefused: &zero, Leftovers: &zero},
		Output: bench.Output{Stdout: []byte("one line of output, as most programs print it\n")},
	}
	m.Produced[0] = int64(len(m.Output.Stdout))
	var user int64
	for i := range 12 {
		cpu := math.Round(900 * level)
		user += int64(cpu)
		m.Samples = append(m.Samples, bench.Sample{Index: i, Wall: clocked(level * (1 + 0.01*s.random.ExpFloat64())), CPU: &cpu, MaxRSS: &rss, ExitCode: &code})
	}
	total := clocked(13 * level)
	m.Usage = bench.ResourceUsage{
		MaxRSS: &rss, TreePeak: &rss, CPUTime: bench.CPUTime{User: &user, System: &zero, Coarse: true}, ExecutionTime: &total,
		Sources: bench.UsageSources{MaxRSS: &clock, CPUTime: &cgroup},
	}
	for limit, value := range map[string]int64{"memory": 512 << 20, "pids": 128, "cpus": 1, "output": 1 << 20, "disk": 64 << 20} {
		m.Receipt = append(m.Receipt, bench.Receipt{Limit: limit, Requested: value, Mechanism: &cgroup, Effective: value})
	}
	for i, event := range []string{bench.EventStarted, bench.EventExited, bench.EventEmpty} {
		m.Timeline = append(m.Timeline, bench.Instant{Event: event, At: at.Add(time.Duration(i-3) * time.Millisecond)})
	}
	if s.random.IntN(50) == 0 {
		failed := []bench.Verdict{bench.NonzeroExit, bench.Timeout, bench.OOM, bench.Cancelled}
		m.Verdict, m.LastFailed = failed[s.random.IntN(len(failed))], true
	}
	return m
}
