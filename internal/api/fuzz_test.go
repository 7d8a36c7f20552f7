package api

import (
	"strconv"
	"testing"
)

// An id that is taken is one that this server could have given.
func FuzzEventID(f *testing.F) {
	for _, seed := range []string{"", "0", "17", "-1", "9223372036854775808", "1e3", "+5", "0x10", "１"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := parseEventID(s, 7)
		if err != nil {
			return
		}
		if n < 0 || (s == "" && n != 7) {
			t.Errorf("%q is event %d", s, n)
		}
		if back, err := strconv.ParseInt(s, 10, 64); s != "" && (err != nil || back != n) {
			t.Errorf("%q is event %d", s, n)
		}
	})
}
