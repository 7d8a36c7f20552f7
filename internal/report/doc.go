// Package report reads what other benchmark tools print and writes results for
// other tools to read: every metric, every unit, every sample.
//
// Parse makes a Report of a file, Write makes a file of a Report, FromRun makes
// a Report of a run of ours. A file is read whole or refused: it is read as a
// stream, within the bounds of collect.go, and nothing is returned of one that
// is cut off, too large or not understood. Errors name the line or the JSON
// path. docs/formats.md says what becomes of each field.
//
// To add a format to read, say JMH or criterion:
//
//  1. a file of its own with a function like readHyperfine. It walks the
//     document (walk.go has the JSON), makes one Result per benchmark with
//     newMetric, and gives it to collector.add, which checks and merges. A
//     figure that the tool computed is a Stat, a figure that it measured is a
//     Sample: never make a sample of a mean;
//  2. its decision whether a name that comes twice is a repetition or a mistake
//     (collector.twice), with the reason;
//  3. its line in formats and the keys that tell it apart in marks (format.go);
//  4. a file that the tool itself wrote in testdata, with the command in the
//     README.md there; tests and fuzzing take it from there;
//  5. a section in docs/formats.md.
//
// The package imports internal/bench alone, and touches no file and no network.
package report
