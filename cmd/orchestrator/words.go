package main

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// splitWords reads a command as a shell would split it, by its quotes and
// escapes. There is no shell to run it: what only a shell can do is refused, so
// that nobody takes "a > b" for more than a program with two arguments.
func splitWords(text string) ([]string, error) {
	const hint = "it is run without a shell; use sh -c '…' for what needs one"
	var argv []string
	for word, err := range syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).WordsSeq(strings.NewReader(text)) {
		if err != nil {
			return nil, fmt.Errorf("%q: %w: %s", text, err, hint)
		}
		if !literal(word) {
			return nil, fmt.Errorf("%q has something to expand: %s", text, hint)
		}
		fields, err := expand.Fields(nil, word) // one, for nothing is expanded
		if err != nil {
			return nil, err
		}
		argv = append(argv, fields...)
	}
	if len(argv) == 0 {
		return nil, fmt.Errorf("%q is empty: it must be a program and its arguments", text)
	}
	return argv, nil
}

// literal says whether a word means what it says, quotes and escapes apart.
func literal(word *syntax.Word) bool {
	plain := true
	syntax.Walk(word, func(node syntax.Node) bool {
		switch node.(type) {
		case nil, *syntax.Word, *syntax.Lit, *syntax.SglQuoted, *syntax.DblQuoted:
		default:
			plain = false
		}
		return true
	})
	for i, part := range word.Parts {
		if lit, ok := part.(*syntax.Lit); ok {
			plain = plain && !pattern(lit.Value) && (i > 0 || !strings.HasPrefix(lit.Value, "~"))
		}
	}
	return plain
}

// pattern says whether a shell would look for files that match, or make several
// words of braces.
func pattern(lit string) bool {
	for i := 0; i < len(lit); i++ {
		switch lit[i] {
		case '\\':
			i++ // what is escaped is meant
		case '*', '?', '[':
			return true
		case '{':
			if !strings.HasPrefix(lit[i:], "{}") {
				return true
			}
		}
	}
	return false
}
