package bench

import "time"

// Side of a comparison.
type Side string

// The sides. B is slower or faster than A.
const (
	SideA Side = "a"
	SideB Side = "b"
)

// PerBlock is how many samples a block has of each side: one of ABBA and BAAB.
const PerBlock = 2

// Bounds of the blocks of a comparison. Few of them can't decide.
const (
	MinBlocks = 3
	MaxBlocks = 1000
)

// Blocks that nobody stated: LeastBlocks, and more while a change of See would not
// be found in four comparisons of five, up to MostBlocks and for PairTime. Only the
// noise decides on that and never the difference, so that it makes no difference of
// chance likelier.
const (
	LeastBlocks = 20
	MostBlocks  = 150
	MoreBlocks  = 5 // before it looks again
	See         = 0.06
	PairTime    = time.Minute
)

// Pair two resolved plans, to be compared over so many blocks; 0 leaves it to the
// noise. What one execution of a command is to its samples, a whole execution is to
// those of a program that times itself: it takes as many as its plan says, and their
// median counts.
func Pair(plans [2]Plan, blocks int) ([2]Plan, error) {
	see := 0.0
	if blocks == 0 {
		blocks, see = MostBlocks, See
	}
	if blocks < MinBlocks || blocks > MaxBlocks {
		return plans, Errorf(CodeInvalid, "blocks is %d: it must be %d to %d, or left out", blocks, MinBlocks, MaxBlocks)
	}
	for i := range plans {
		p := &plans[i]
		if !p.Kind.Measured() {
			return plans, Errorf(CodeInvalid, "%s is a benchmark of kind %s, which has no time to compare", p.Name, p.Kind)
		}
		if p.Blocks, p.See = blocks, see; p.Kind == KindCommand {
			p.Iterations, p.Sampling = PerBlock*blocks, Sampling{}
		}
	}
	return plans, nil
}

// PairRuns says of two runs that they are the sides of one comparison.
func PairRuns(a, b *Run) {
	sideA, sideB := SideA, SideB
	a.PairedWith, a.Side = &b.ID, &sideA
	b.PairedWith, b.Side = &a.ID, &sideB
}
