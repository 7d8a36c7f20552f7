package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible writes characters that a terminal or an editor obeys instead of
// showing them (line breaks, escape sequences, changes of direction) as \u001b.
func visible(s string) string {
	if strings.IndexFunc(s, obeyed) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !obeyed(r):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

func obeyed(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// field makes one field of the Go benchmark format of a text: what ends a field
// is written as %20, by its bytes. So that it can be undone, a % is written as
// %25 where it would be read as such an escape.
func field(s string) string {
	return percent(s, unicode.IsSpace)
}

// percent escapes what cuts says, and control characters but the tab.
func percent(s string, cuts func(rune) bool) string {
	var b strings.Builder
	for i, r := range s {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(s[i:])
		}
		control := unicode.IsControl(r) && r != '\t'
		escape := r == '%' && isEscape(s[i:])
		if !cuts(r) && !control && !escape {
			b.WriteString(s[i : i+size])
			continue
		}
		for _, c := range []byte(s[i : i+size]) {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func isEscape(s string) bool {
	if len(s) < 3 {
		return false
	}
	_, err := strconv.ParseUint(s[1:3], 16, 8)
	return err == nil
}

// free finds a key that is not taken, for two that become one when escaped.
func free[V any](taken map[string]V, key string) string {
	for n, name := 2, key; ; n++ {
		if _, ok := taken[name]; !ok {
			return name
		}
		name = key + "-" + strconv.Itoa(n)
	}
}
