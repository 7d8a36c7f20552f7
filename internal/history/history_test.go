package history

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/store"
)

// bed is a history on a real store, whose runs end as a test says.
type bed struct {
	*History
	t       *testing.T
	dir     string
	store   *store.Store
	n       int
	queued  []bench.Run // that confirm, and have not ended
	untrust bool
}

func open(t *testing.T) *bed {
	b := &bed{t: t, dir: t.TempDir()}
	b.restart()
	t.Cleanup(func() { _ = b.store.Close() })
	return b
}

// restart opens everything anew, as after a server that died.
func (b *bed) restart() {
	b.t.Helper()
	if b.store != nil {
		if err := b.store.Close(); err != nil {
			b.t.Fatal(err)
		}
	}
	s, err := store.Open(b.t.Context(), store.Options{Dir: b.dir})
	if err != nil {
		b.t.Fatal(err)
	}
	b.store, b.History = s, New(s, b, slog.New(slog.DiscardHandler))
}

// Submit implements Scheduler.
func (b *bed) Submit(ctx context.Context, plans []bench.Plan, _ int) ([]bench.Run, error) {
	run := b.submit(ctx, &plans[0])
	b.queued = append(b.queued, run)
	return []bench.Run{run}, nil
}

func (b *bed) submit(ctx context.Context, plan *bench.Plan) bench.Run {
	b.t.Helper()
	b.n++
	run := bench.NewRun(fmt.Sprintf("run-%05d", b.n), plan, nil, time.Now().UTC())
	if err := b.store.Submit(ctx, []bench.Submission{{Run: run, Plan: *plan}}, nil); err != nil {
		b.t.Fatal(err)
	}
	return run
}

func (b *bed) end(run bench.Run, v bench.Verdict, median float64) {
	b.t.Helper()
	take := run.Take(time.Now().UTC())
	if err := b.store.Apply(b.t.Context(), take); err != nil {
		b.t.Fatal(err)
	}
	process, machine := bench.Process, "host"
	end := take.Run.Record(&bench.Measurement{Verdict: v, Effective: &process, Ended: time.Now().UTC()})
	end.Run.Machine, end.Run.Time.Median = &machine, &median
	if err := b.store.Apply(b.t.Context(), end); err != nil {
		b.t.Fatal(err)
	}
}

func planOf(slug string, trusted bool) *bench.Plan {
	return &bench.Plan{Requested: bench.Process, Benchmark: bench.Benchmark{
		Definition: bench.Definition{Name: slug, Command: []string{"true"}}, Slug: slug, Kind: bench.KindCommand, Trusted: trusted,
	}}
}

// run has a benchmark measured, without a look at it.
func (b *bed) run(slug string, median float64) string {
	b.t.Helper()
	return b.runOf(slug, median, nil)
}

// runOf has a benchmark of a revision measured.
func (b *bed) runOf(slug string, median float64, of *bench.Revision) string {
	b.t.Helper()
	plan := planOf(slug, !b.untrust)
	plan.Occasion.Revision = of
	run := b.submit(b.t.Context(), plan)
	b.end(run, bench.OK, median)
	return run.ID
}

func (b *bed) look() {
	b.t.Helper()
	if err := b.Look(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// confirm ends the runs that are to confirm.
func (b *bed) confirm(v bench.Verdict, median float64) {
	b.t.Helper()
	runs := b.queued
	b.queued = nil
	for _, r := range runs {
		b.end(r, v, median)
	}
	b.look()
}

func (b *bed) alerts(state bench.AlertState) []bench.Alert {
	b.t.Helper()
	list, err := b.store.Alerts(b.t.Context(), state, 100)
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

func (b *bed) answer(id string, state bench.AlertState) {
	b.t.Helper()
	if err := b.store.AnswerAlert(b.t.Context(), id, &state, nil); err != nil {
		b.t.Fatal(err)
	}
}

// level is a benchmark's history at 10 ms.
func (b *bed) level(slug string) {
	b.t.Helper()
	for i := range 12 {
		b.run(slug, 10+0.1*float64(i%3))
	}
	b.look()
}

func TestAStepRaisesOneAlertAfterItsReRun(t *testing.T) {
	b := open(t)
	b.level("sort")
	first := b.run("sort", 12)
	b.look()
	if list := b.alerts(bench.AlertNew); len(list) != 1 || len(b.queued) != 1 || *b.queued[0].Confirms != first {
		t.Fatalf("after one run: %+v, %d queued", list, len(b.queued))
	}
	b.look()
	if len(b.queued) != 1 {
		t.Fatalf("%d re-runs are queued", len(b.queued))
	}
	b.run("sort", 12.1) // before the re-run has its turn
	b.look()
	b.confirm(bench.OK, 12.12)
	for range 30 {
		b.run("sort", 12)
		b.look()
	}
	list := b.alerts("")
	if len(list) != 1 || list[0].State != bench.AlertConfirmed || list[0].Run != first || list[0].ConfirmedBy == nil || len(b.queued) != 0 {
		t.Fatalf("alerts %+v", list)
	}
	if c := list[0].Change; c < 0.19 || c > 0.21 {
		t.Errorf("the change is %v", c)
	}
}

func TestAReRunThatSaysOtherwiseRaisesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		verdict bench.Verdict
		median  float64
	}{
		"within": {bench.OK, 10}, "the other side": {bench.OK, 8}, "failed": {bench.NonzeroExit, 12}, "cancelled": {bench.Cancelled, 12},
	} {
		b := open(t)
		b.level("sort")
		b.run("sort", 12)
		b.look()
		b.confirm(c.verdict, c.median)
		if list := b.alerts(""); len(list) != 0 || len(b.queued) != 0 {
			t.Errorf("%s: %+v, %d queued", name, list, len(b.queued))
		}
	}
}

func TestARestartLosesNothing(t *testing.T) {
	b := open(t)
	b.level("sort")
	b.run("sort", 12)
	b.restart() // before anybody looked
	b.look()
	b.restart() // while the re-run waits
	b.look()
	if len(b.queued) != 1 {
		t.Fatalf("%d re-runs are queued", len(b.queued))
	}
	if err := b.store.Apply(t.Context(), b.queued[0].Take(time.Now().UTC())); err != nil {
		t.Fatal(err)
	}
	b.queued = nil
	b.restart() // while it runs: it is interrupted, and another is needed
	b.look()
	b.confirm(bench.OK, 12)
	if list := b.alerts(bench.AlertConfirmed); len(list) != 1 {
		t.Errorf("alerts %+v", b.alerts(""))
	}
}

func TestWhiteNoiseRaisesNothing(t *testing.T) {
	b, r := open(t), rand.New(rand.NewPCG(1, 2))
	reruns := 0
	for range 200 {
		b.run("sort", 10*(1+0.03*r.NormFloat64()))
		b.look()
		reruns += len(b.queued)
		b.confirm(bench.OK, 10*(1+0.03*r.NormFloat64()))
	}
	if list := b.alerts(""); len(list) != 0 {
		t.Errorf("after %d re-runs: %+v", reruns, list)
	}
}

func TestStrangersRunsAreNoHistory(t *testing.T) {
	b := open(t)
	b.untrust = true
	b.level("sort")
	b.run("sort", 20)
	b.look()
	if list := b.alerts(""); len(list) != 0 || len(b.queued) != 0 {
		t.Errorf("alerts %+v", list)
	}
	if _, err := b.Trend(t.Context(), bench.TrendQuery{Series: bench.Series{Benchmark: "sort"}, Limit: 10}); bench.CodeOf(err) != bench.CodeNotFound {
		t.Errorf("trend: %v", err)
	}
}

// stepped is a bed with a confirmed alert.
func stepped(t *testing.T) (*bed, bench.Alert) {
	t.Helper()
	b := open(t)
	b.level("sort")
	b.run("sort", 12)
	b.look()
	b.confirm(bench.OK, 12)
	return b, b.alerts(bench.AlertConfirmed)[0]
}

func (b *bed) trend(q bench.TrendQuery) *bench.Trend {
	b.t.Helper()
	q.Benchmark, q.Limit, q.Points = "sort", 10_000, 1000
	trend, err := b.Trend(b.t.Context(), q)
	if err != nil {
		b.t.Fatal(err)
	}
	return trend
}

func TestAcceptingBeginsTheBandAnew(t *testing.T) {
	b, alert := stepped(t)
	if p := b.trend(bench.TrendQuery{}).Band.Place; p != "above" {
		t.Errorf("before: %s", p)
	}
	b.answer(alert.ID, bench.AlertAccepted)
	if band := b.trend(bench.TrendQuery{}).Band; band.Place != "learning" || band.N != 1 {
		t.Errorf("after: %+v", band)
	}
	for range 8 {
		b.run("sort", 12)
	}
	b.look()
	if band := b.trend(bench.TrendQuery{}).Band; band.Place != "within" || *band.Median != 12 {
		t.Errorf("later: %+v", band)
	}
	b.run("sort", 10)
	b.look()
	if len(b.queued) != 1 {
		t.Error("a change from the accepted level is not seen")
	}
}

func TestMutingIsSilentUntilTheNextChange(t *testing.T) {
	b, alert := stepped(t)
	b.answer(alert.ID, bench.AlertMuted)
	for range 10 {
		b.run("sort", 12)
		b.look()
	}
	if band := b.trend(bench.TrendQuery{}).Band; len(b.queued) != 0 || band.Place != "above" || *band.Median > 11 {
		t.Errorf("%d queued, band %+v", len(b.queued), band)
	}
	b.run("sort", 15)
	b.look()
	b.confirm(bench.OK, 15)
	if list := b.alerts(bench.AlertConfirmed); len(list) != 1 {
		t.Errorf("alerts %+v", b.alerts(""))
	}
}

func TestAMachineThatChangedIsOneNotice(t *testing.T) {
	b := open(t)
	const benchmarks = 12
	for i := range benchmarks {
		b.level(fmt.Sprint("bench-", i))
	}
	for i := range benchmarks {
		b.run(fmt.Sprint("bench-", i), 12)
	}
	b.look()
	b.confirm(bench.OK, 12)
	list := b.alerts("")
	if len(list) != 1 || !list[0].OfMachine() || list[0].State != bench.AlertConfirmed {
		t.Fatalf("alerts %+v", list)
	}
	b.run("bench-3", 12)
	b.look()
	if len(b.queued) != 0 {
		t.Error("what is known of the machine is confirmed again")
	}
	b.answer(list[0].ID, bench.AlertAccepted)
	for i := range benchmarks {
		for range 8 {
			b.run(fmt.Sprint("bench-", i), 12)
		}
	}
	b.look()
	b.run("bench-3", 10)
	b.look()
	if len(b.queued) != 1 {
		t.Error("a change from the accepted level is not seen")
	}
}

func TestBaselines(t *testing.T) {
	b := open(t)
	first := b.run("sort", 10)
	b.run("sort", 8)
	b.run("sort", 12)
	if err := b.store.SetBaseline(t.Context(), "sort", "release", first); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{"release": 0.2, bench.Previous: 0.5} {
		base := b.trend(bench.TrendQuery{Baseline: name}).Baseline
		if diff := *base.Change - want; diff < -1e-9 || diff > 1e-9 || len(base.Differs) != 0 {
			t.Errorf("%s: %+v, %v", name, base, *base.Change)
		}
	}
	for _, name := range []string{"unknown", bench.OfBranch + "main"} {
		q := bench.TrendQuery{Series: bench.Series{Benchmark: "sort"}, Limit: 5, Baseline: name}
		if _, err := b.Trend(t.Context(), q); bench.CodeOf(err) != bench.CodeNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range [][2]string{{"sort", "no-run"}, {"other", first}} {
		if err := b.store.SetBaseline(t.Context(), c[0], "x", c[1]); bench.CodeOf(err) != bench.CodeNotFound {
			t.Errorf("%v: %v", c, err)
		}
	}
}

// The branch is held against the commit where it began: not against what the other
// branch has become since, nor against somebody's changes to that commit.
func TestTheBranchPointIsABaseline(t *testing.T) {
	b := open(t)
	const began, later = "0123456789abcdef0123456789abcdef01234567", "f123456789abcdef0123456789abcdef01234567"
	b.runOf("sort", 7, &bench.Revision{Commit: began[:7], Branch: "main"})
	want := b.runOf("sort", 10, &bench.Revision{Commit: began, Branch: "main"})
	b.runOf("sort", 30, &bench.Revision{Commit: began, Branch: "main", Dirty: true})
	b.runOf("sort", 20, &bench.Revision{Commit: later, Branch: "main"})
	b.runOf("sort", 11, &bench.Revision{Commit: "aaaaaaa", Branch: "fix", Base: began})
	base := b.trend(bench.TrendQuery{Baseline: bench.BranchPoint}).Baseline
	if base.Run != want || math.Abs(*base.Change-0.1) > 1e-9 {
		t.Errorf("%+v, %v", base, *base.Change)
	}
	for what, revision := range map[string]*bench.Revision{
		"nobody says": nil, "not said": {Commit: "bbbbbbb"}, "never run": {Commit: "ccccccc", Base: "ddddddd"},
	} {
		b.runOf("sort", 12, revision)
		q := bench.TrendQuery{Series: bench.Series{Benchmark: "sort"}, Limit: 50, Baseline: bench.BranchPoint}
		if _, err := b.Trend(t.Context(), q); bench.CodeOf(err) != bench.CodeNotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestThinKeepsWhatIsSeen(t *testing.T) {
	const n, most = 10_000, 1000
	p := part{course: &course{}}
	for i := range n {
		p.rows = append(p.rows, i)
		p.Medians = append(p.Medians, 10+float64(i%7)/10)
		p.CPU, p.MaxRSS = append(p.CPU, 5), append(p.MaxRSS, math.NaN())
	}
	p.Medians[4321], p.Medians[8000], p.CPU[6003], p.MaxRSS[7007] = 99, math.NaN(), 6, 1<<30
	shown := p.thin(most, map[int]bool{5557: true})
	if len(shown) > most+3 || !slices.IsSorted(shown) {
		t.Errorf("%d points", len(shown))
	}
	for _, i := range []int{0, 4321, 5557, 6003, 7007, 9999} {
		if !slices.Contains(shown, i) {
			t.Errorf("point %d is left out", i)
		}
	}
}

// What ends in another order than it was queued in is not missed, and no more
// courses are kept than there is room for.
func TestCoursesFollowTheStore(t *testing.T) {
	b := open(t)
	plan := planOf("sort", true)
	early := b.submit(t.Context(), plan)
	b.run("sort", 10)
	if n := b.trend(bench.TrendQuery{}).Total; n != 1 {
		t.Fatalf("%d runs", n)
	}
	b.end(early, bench.OK, 11)
	trend := b.trend(bench.TrendQuery{})
	if trend.Total != 2 || trend.Points[0].Run != early.ID {
		t.Errorf("%d runs, %+v", trend.Total, trend.Points)
	}
	for i := range 2 * mostCourses {
		slug := fmt.Sprint("other-", i)
		b.run(slug, 10)
		if _, err := b.Trend(t.Context(), bench.TrendQuery{Series: bench.Series{Benchmark: slug}, Limit: 10, Points: 100}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(b.courses.kept); n != mostCourses {
		t.Errorf("%d courses are kept", n)
	}
}
