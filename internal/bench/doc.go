// Package bench holds the words of the product: what a benchmark is, what a
// run of it is, how a run may change, and what is said about the way it ended.
//
// Every other package speaks in these types and the wire shows them as they
// are: JSON is camelCase, times are milliseconds, sizes bytes and CPU times
// microseconds unless a name says otherwise. What was not measured is null,
// never zero. The package imports nothing of ours and touches no machine.
package bench
