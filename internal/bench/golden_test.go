package bench

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares v as JSON with a file of testdata, which freezes the wire.
func golden(t *testing.T, file string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	path := "testdata/" + file
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the wire has changed: see the difference to %s, and write it with -update if clients can bear it\n%s", path, got)
	}
}

func TestRunOnTheWire(t *testing.T) {
	golden(t, "queued.json", newRun())
	golden(t, "finished.json", fullRun())
}

func TestADefinitionOnTheWire(t *testing.T) {
	golden(t, "definition.json", fullDefinition())
}

// fullDefinition has a value in every field, whether they go together or not.
func fullDefinition() Definition {
	return Definition{
		Name: "Sort lines", Command: []string{"sort", "-n"}, Image: "debian", Source: strings.Repeat("0", 64),
		Files:  []File{{Path: "in.txt", Content: "MQo=", Encoding: "base64", Executable: true}},
		Build:  &Build{Command: []string{"make"}, Timeout: 60_000, Limits: Limits{Memory: 1 << 30}},
		Target: ptr(5.0), TargetOn: OnCPU, Iterations: 20, Warmup: ptr(0), Timeout: 1500,
		IgnoreExit: &ExitCodes{Codes: []int{1, 3}}, Env: map[string]string{"LC_ALL": "C"}, Labels: Labels{"size": "1k"},
		Limits:   Limits{CPUs: 0.5},
		Sampling: Sampling{Min: 10, Max: 500, MinTime: 3000, Precision: 0.01},
		Hooks: Hooks{
			Setup: []string{"mkdir", "d"}, Prepare: []string{"cp", "a", "b"}, Conclude: []string{"rm", "b"}, Cleanup: []string{"rmdir", "d"},
		},
	}
}

// A key that comes and goes can't be relied on: all are there, null or not.
func TestEveryKeyOfARunIsAlwaysPresent(t *testing.T) {
	text, err := json.Marshal(newRun())
	if err != nil {
		t.Fatal(err)
	}
	full, err := json.Marshal(fullRun())
	if err != nil {
		t.Fatal(err)
	}
	var a, b map[string]any
	if json.Unmarshal(text, &a) != nil || json.Unmarshal(full, &b) != nil {
		t.Fatal("not JSON")
	}
	b["labels"] = map[string]any{} // whose keys are the owner's
	sameKeys(t, "run", a, b)
	if strings.Contains(string(text), `"warnings":null`) || strings.Contains(string(text), `"receipt":null`) {
		t.Error("an empty list is written as null")
	}
	if strings.Contains(string(text), `"labels":null`) {
		t.Error("no labels are written as null")
	}
}

func sameKeys(t *testing.T, where string, a, b map[string]any) {
	t.Helper()
	for key, value := range b {
		other, ok := a[key]
		if !ok {
			t.Errorf("%s.%s is left out where it has no value", where, key)
		}
		inner, isMap := value.(map[string]any)
		if otherInner, both := other.(map[string]any); isMap && both {
			sameKeys(t, where+"."+key, otherInner, inner)
		}
	}
}

func ptr[T any](v T) *T { return &v }

// fullRun has a value in every field.
func fullRun() Run {
	r := newRun()
	r.Batch, r.Trusted, r.Target = ptr("01BATCH"), true, ptr(5.0)
	r.Definition = "0123456789abcdef"
	r.Revision = &Revision{Branch: "main", Commit: "0123456789abcdef0123456789abcdef01234567", Dirty: true, Tags: []string{"v1.2"}}
	r.Confirms = ptr("01FIRST")
	r = *r.Take(noon.Add(time.Millisecond)).Run
	m := &Measurement{
		Verdict: Timeout, Error: "The program did not end in 10 s.", Ended: noon.Add(12 * time.Second),
		Death:     &Death{How: "signaled", Signal: ptr("SIGKILL"), SentBy: ptr("benchcell")},
		Effective: ptr(Process), Fallback: "this server has no container isolation",
		Evidence: Evidence{
			OOMKills: ptr[int64](0), PidsRefused: ptr[int64](1), StdoutDropped: 2, StderrDropped: 3,
			ThrottledPeriods: ptr[int64](4), ThrottledTime: ptr(5.5), Leftovers: ptr[int64](6), LimitReached: ptr(LimitTimeout),
		},
		Receipt: []Receipt{
			{LimitMemory, 536870912, ptr("memory.max"), 536870912},
			{LimitDisk, 67108864, nil, nil},
		},
		Usage: ResourceUsage{
			MaxRSS: ptr[int64](2 << 20), CPUTime: CPUTime{User: ptr[int64](1200), System: ptr[int64](300), Coarse: true},
			ExecutionTime: ptr(11999.0), TreePeak: ptr[int64](3 << 20),
			Tree: TreeUsage{
				Files: ptr[int64](1), PidsPeak: ptr[int64](2), BlockRead: ptr[int64](3), BlockWritten: ptr[int64](4),
				StallCPU: ptr[int64](5), StallMemory: ptr[int64](6), StallIO: ptr[int64](7),
			},
			Sources: UsageSources{MaxRSS: ptr("wait4"), CPUTime: ptr("cgroup")},
		},
		Timeline: []Instant{
			{EventStarted, noon.Add(2 * time.Millisecond)},
			{EventSigterm, noon.Add(10 * time.Second)},
			{EventSigkill, noon.Add(12 * time.Second)},
			{EventExited, noon.Add(12 * time.Second)},
			{EventEmpty, noon.Add(12 * time.Second)},
		},
		Output: Output{Stdout: []byte("out\n"), Stderr: []byte("err\n")}, Produced: [2]int64{4, 7},
		Warnings: []Warning{{"output_truncated", "The program printed more than is kept."}},
		Watched:  true, Calibration: ptr(1.25),
	}
	r = *r.Record(m).Run
	r.ExitCode = ptr(0) // never beside a signal; here so that every key has a value
	r.Death.Code = r.ExitCode
	r.Machine, r.Rating, r.TargetOn = ptr("0a1b2c3d4e5f"), ptr(Slow), OnP95
	PairRuns(&r, &Run{ID: "01OTHER"})
	r.Rated, r.Labels = &Figure{Value: 7.5, Low: ptr(7.0), High: ptr(8.0)}, Labels{"size": "1k"}
	r.Time = Time{
		Median: ptr(6.0), Mean: ptr(6.5), Min: ptr(5.5), Max: ptr(8.0), Stddev: ptr(0.5),
		CILow: ptr(5.8), CIHigh: ptr(6.2), P95: ptr(7.5), N: 10, Source: ptr(TimeByRunner),
	}
	return r
}
