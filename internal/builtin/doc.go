// Package builtin holds the registered Go benchmark functions: the suite that
// works on a fresh install and the yardstick that compares one machine with
// another.
//
// Each function does real work on generated data, the same data each time, and
// checks the answer: a wrong answer is an error, never a fast sample. The
// functions run in the server (in-process mode) and in the program
// bench-builtin, so they may not exit, print, read flags or the environment
// (but for os.TempDir), catch signals, reach another host or keep state in
// package variables; what a Setup takes, its Close gives back. The package
// imports the standard library, the SQLite driver and internal/bench alone.
package builtin
