// Package stats turns the samples of one run into a summary, warnings and a
// rating, compares the samples of two, and reads a history of runs: the band that
// the next one should lie in, and the points where its level changed.
//
// It holds to golang.org/x/perf/benchmath and github.com/aclements/go-moremath
// for what these have (median with order-statistic interval, Mann-Whitney U,
// quantiles, mean, standard deviation) and imports nothing of ours. It keeps no
// state, reads no clock, and never reorders or drops a sample of its caller.
//
// Samples are in run order, warm-ups left out, in one unit, which all figures
// share. They are finite, not negative, and under 1e150, so that their squares
// are finite too: whoever takes samples from a program checks that first.
// NaN and infinities do not panic or hang: figures come out as NaN or infinite,
// Warnings says nothing, and Rate mostly says Unsure.
package stats
