package worker

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// pair is two runs under way that take turns, so that what the machine does
// meanwhile meets both.
type pair [2]*taking

// ExecutePair carries out two runs together: both are readied, then a block is
// one of ABBA and BAAB, by chance. Where the machine gets slower or faster
// steadily within a block, it does so as much for A as for B; that the order is
// random keeps what comes back in a rhythm from meeting one side alone. What ends
// one of them ends the other.
func (w *Worker) ExecutePair(ctx context.Context, runs [2]*bench.Run, plans [2]*bench.Plan) [2]*bench.Measurement {
	var p pair
	var errs [2]error
	for i := range p {
		defer w.Observer.Done(runs[i].ID)
		p[i], errs[i] = w.begin(ctx, runs[i], plans[i])
		p[i].of = bench.PerBlock * firstLook(plans[i])
	}
	if errs == [2]error{} {
		stop, stopOther := p[0].glance(), p[1].glance()
		errs = p.take(ctx)
		stop()
		stopOther()
	}
	p.judge(ctx, errs)
	return [2]*bench.Measurement{p[0].end(ctx), p[1].end(ctx)}
}

// take has both readied, and then their samples in turns.
func (p *pair) take(ctx context.Context) (errs [2]error) {
	ok := p.turn(ctx, 0, (*taking).ready, &errs) && p.turn(ctx, 1, (*taking).ready, &errs)
	for n := 0; ok && !p.enough(n) && !p.overBudget(n); n++ {
		for _, side := range order() {
			if ok = ok && p.turn(ctx, side, (*taking).once, &errs); !ok {
				break
			}
		}
	}
	for side, t := range p {
		t.cleanUp(ctx, errs[side])
	}
	return errs
}

// firstLook is after how many blocks it is asked whether they are enough.
func firstLook(plan *bench.Plan) int {
	if plan.See == 0 {
		return plan.Blocks
	}
	return min(bench.LeastBlocks, plan.Blocks)
}

// enough says whether so many blocks are. Only the noise is looked at: to stop at
// the first difference that shows would find one in the end.
func (p *pair) enough(blocks int) bool {
	plan := p[0].plan
	if bench.PerBlock*blocks < p[0].of {
		return false
	}
	if blocks >= plan.Blocks || p[0].spent()+p[1].spent() > bench.PairTime {
		return true
	}
	if change, ok := stats.DetectableInBlocks(p[0].m.Walls(), p[1].m.Walls(), bench.PerBlock); !ok || change <= plan.See {
		return true
	}
	for _, t := range p {
		t.of = bench.PerBlock * min(blocks+bench.MoreBlocks, plan.Blocks)
	}
	return false
}

// order of the sides in a block.
func order() [2 * bench.PerBlock]int {
	first := rand.IntN(2)
	return [...]int{first, 1 - first, 1 - first, first}
}

// turn lets one side do something, while the other waits.
func (p *pair) turn(ctx context.Context, side int, do func(*taking, context.Context) (bool, error), errs *[2]error) (ok bool) {
	begun := time.Now()
	ok, errs[side] = do(p[side], ctx)
	p[1-side].waited += time.Since(begun)
	return ok && errs[side] == nil
}

// overBudget says whether one side has no time left for another block.
func (p *pair) overBudget(blocks int) (over bool) {
	for _, t := range p {
		if t.overBudget() && blocks > 0 {
			t.warnOfBudget(len(t.m.Timed()), t.of)
			over = true
		}
	}
	return over
}

// judge gives each side its verdict. One that was well, or not begun, when the
// other ended it is cancelled, and says why.
func (p *pair) judge(ctx context.Context, errs [2]error) {
	for side, t := range p {
		if errs[side] != nil {
			fail(ctx, t.m, errs[side])
		}
	}
	for side, t := range p {
		other := p[1-side]
		cut := t.m.Verdict == "" || t.m.Verdict == bench.OK && len(t.m.Timed()) < t.of
		switch {
		case !cut || other.m.Verdict == bench.OK:
		case context.Cause(ctx) != nil:
			fail(ctx, t.m, context.Cause(ctx))
		case other.m.Verdict != "":
			t.m.Verdict = bench.Cancelled
			t.m.Error = fmt.Sprintf("The other side of the comparison, run %s, ended first: %s.",
				other.run.ID, strings.ReplaceAll(string(other.m.Verdict), "_", " "))
		}
	}
}
