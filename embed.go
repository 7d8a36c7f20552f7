// Package benchcell holds what the program carries with it from the top of the
// repository: its commented default configuration.
package benchcell

import _ "embed"

// DefaultConfig is config.toml: the defaults, and the benchmarks that come along.
//
//go:embed config.toml
var DefaultConfig []byte
