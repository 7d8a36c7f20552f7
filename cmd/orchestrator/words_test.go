package main

import (
	"slices"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"
)

func TestSplitWords(t *testing.T) {
	for text, want := range map[string][]string{
		"true":                             {"true"},
		"  cp  a   b ":                     {"cp", "a", "b"},
		`cp 'a b' "c d" e\ f`:              {"cp", "a b", "c d", "e f"},
		`echo "it's" 'a"b' x'y'"z"`:        {"echo", "it's", `a"b`, "xyz"},
		`echo '' ""`:                       {"echo", "", ""},
		`find . -name '*.o' \*`:            {"find", ".", "-name", "*.o", "*"},
		`echo '$HOME' "\$HOME" '{a,b}' {}`: {"echo", "$HOME", "$HOME", "{a,b}", "{}"},
		`awk '{print $1}' a=b`:             {"awk", "{print $1}", "a=b"},
		"echo \"a\nb\"":                    {"echo", "a\nb"},
		"echo ü ~x/~":                      nil,
		"echo a~b":                         {"echo", "a~b"},
		"":                                 nil,
		"   ":                              nil,
		"# nothing":                        nil,
		"a | b":                            nil,
		"a > b":                            nil,
		"a; b":                             nil,
		"a && b":                           nil,
		"a &":                              nil,
		"echo $HOME":                       nil,
		`echo "$HOME"`:                     nil,
		"echo $(id)":                       nil,
		"echo `id`":                        nil,
		"echo $((1+1))":                    nil,
		"rm *.o":                           nil,
		"rm a?":                            nil,
		"rm [ab]":                          nil,
		"ls ~/x":                           nil,
		"echo 'a":                          nil,
		`echo "a`:                          nil,
		"echo {a,b}":                       nil,
		"echo {1..1000000000}":             nil,
		"(a)":                              nil,
	} {
		got, err := splitWords(text)
		if (err == nil) != (want != nil) || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	_, err := splitWords("sort x > y")
	if err == nil || !strings.Contains(err.Error(), "sh -c") {
		t.Errorf("the error is %v", err)
	}
}

// What is split can be quoted and split again.
func FuzzSplitWords(f *testing.F) {
	for _, seed := range []string{"cp a b", `a 'b c' "d" e\ f`, "a | b", "$(x)", "~", "a\nb", "'", "\x00", "ü \xff", `"\\" '\'`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		argv, err := splitWords(text)
		if err != nil {
			return
		}
		var quoted []string
		for _, arg := range argv {
			q, err := syntax.Quote(arg, syntax.LangPOSIX)
			if err != nil {
				return // it has what POSIX can't quote
			}
			quoted = append(quoted, q)
		}
		again, err := splitWords(strings.Join(quoted, " "))
		if err != nil || !slices.Equal(again, argv) {
			t.Errorf("%q is %q, and quoted %q is %q (%v)", text, argv, quoted, again, err)
		}
	})
}
