package bench

// Side of a comparison.
type Side string

// The sides. B is slower or faster than A.
const (
	SideA Side = "a"
	SideB Side = "b"
)

// PerBlock is how many samples a block has of each side: one of ABBA and BAAB.
const PerBlock = 2

// Bounds of the blocks of a comparison. Fewer than three can't decide, and
// fifteen of 3 % noise a sample find 4 % four times in five.
const (
	MinBlocks     = 3
	DefaultBlocks = 15
	MaxBlocks     = 1000
)

// Pair two resolved plans, to be compared over so many blocks. What one execution
// of a command is to its samples, a whole execution is to those of a program that
// times itself: it takes as many as its plan says, and their median counts.
func Pair(plans [2]Plan, blocks int) ([2]Plan, error) {
	if blocks < MinBlocks || blocks > MaxBlocks {
		return plans, Errorf(CodeInvalid, "blocks is %d: it must be %d to %d", blocks, MinBlocks, MaxBlocks)
	}
	for i := range plans {
		p := &plans[i]
		if !p.Kind.Measured() {
			return plans, Errorf(CodeInvalid, "%s is a benchmark of kind %s, which has no time to compare", p.Name, p.Kind)
		}
		if p.Blocks = blocks; p.Kind == KindCommand {
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
