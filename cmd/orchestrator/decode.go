package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/caarlos0/env/v11"
	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// decodeTOML decodes onto c and refuses keys that it does not know.
func decodeTOML(text []byte, c *Config) error {
	decoder := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	err := decoder.Decode(c)
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		var keys []string
		for _, e := range strict.Errors {
			row, _ := e.Position()
			keys = append(keys, fmt.Sprintf("%s (line %d)", strings.Join(e.Key(), "."), row))
		}
		return fmt.Errorf("unknown key %s", strings.Join(keys, ", "))
	}
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		row, column := wrong.Position()
		key := strings.Join(wrong.Key(), ".")
		if key != "" {
			key += " "
		}
		return fmt.Errorf("%s(line %d, column %d): %s", key, row, column, mismatch(strings.TrimPrefix(wrong.Error(), "toml: ")))
	}
	if bare := bareDuration(text); bare != nil {
		return bare
	}
	return err
}

var decoding = regexp.MustCompile(`^cannot decode TOML (\w+) into (?:struct field \S+ of type )?(\S+)$`)

// mismatch says in words of ours what a decoder says in types of Go.
func mismatch(said string) string {
	found := decoding.FindStringSubmatch(said)
	if found == nil {
		return said
	}
	is, ok := map[string]string{
		"string": "a text", "integer": "a whole number", "float": "a number with a point", "boolean": "true or false", "array": "a list", "table": "a table",
	}[found[1]]
	if !ok {
		is = found[1]
	}
	return fmt.Sprintf("it must be %s, and is %s", taken(found[2]), is)
}

// taken is what a type takes.
func taken(typ string) string {
	switch typ := strings.TrimLeft(typ, "*"); {
	case strings.HasPrefix(typ, "int"):
		return "a whole number"
	case strings.HasPrefix(typ, "float"):
		return "a number"
	case typ == "bool":
		return "true or false"
	case typ == "[]string":
		return "a list of texts"
	case strings.HasPrefix(typ, "[]"):
		return "a list of tables"
	case strings.HasPrefix(typ, "map"), strings.HasPrefix(typ, "main."):
		return "a table"
	}
	return "a text"
}

// bareDuration refuses a number where a duration belongs: it would be one of
// nanoseconds, and whoever writes it means seconds or milliseconds. And of what is
// true or false it says where, which the decoder does not.
func bareDuration(text []byte) error {
	var wrong error
	durations := durationKeys(reflect.TypeFor[Config]())
	eachKey(text, func(key string, line int, value *unstable.Node) {
		if wrong != nil || value == nil || value.Kind != unstable.Integer && value.Kind != unstable.Float && value.Kind != unstable.Bool {
			return
		}
		if durations[key[strings.LastIndex(key, ".")+1:]] {
			wrong = fmt.Errorf("%s (line %d): %s is not a duration like \"10s\" or \"300ms\"", key, line, value.Data)
		}
	})
	return wrong
}

// durationKeys are the names under which a configuration has durations.
func durationKeys(t reflect.Type) map[string]bool {
	names := map[string]bool{}
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return names
	}
	for i := range t.NumField() {
		field := t.Field(i)
		switch field.Type {
		case reflect.TypeFor[Duration](), reflect.TypeFor[*Duration](), reflect.TypeFor[Interval]():
			names[field.Tag.Get("toml")] = true
		default:
			for name := range durationKeys(field.Type) {
				names[name] = true
			}
		}
	}
	return names
}

// keyLines tells on which line each key of a file first stands. The text has
// been decoded before, so that it is right.
func keyLines(text []byte) map[string]int {
	lines := map[string]int{}
	eachKey(text, func(key string, line int, _ *unstable.Node) {
		if lines[key] == 0 {
			lines[key] = line
		}
	})
	return lines
}

// eachKey calls note with the keys of a text, in order; the value of a table is nil.
func eachKey(text []byte, note func(key string, line int, value *unstable.Node)) {
	var parser unstable.Parser
	parser.Reset(text)
	path := func(prefix string, node *unstable.Node) (key string, line int) {
		key, offset := prefix, uint32(0)
		for it := node.Key(); it.Next(); {
			if key != "" {
				key += "."
			}
			key, offset = key+string(it.Node().Data), it.Node().Raw.Offset
		}
		return key, 1 + bytes.Count(text[:offset], []byte("\n"))
	}
	var values func(prefix string, node *unstable.Node)
	values = func(prefix string, node *unstable.Node) {
		key, line := path(prefix, node)
		note(key, line, node.Value())
		if value := node.Value(); value.Kind == unstable.InlineTable {
			for it := value.Children(); it.Next(); {
				values(key, it.Node())
			}
		}
	}
	table := ""
	for parser.NextExpression() {
		switch node := parser.Expression(); node.Kind {
		case unstable.Table, unstable.ArrayTable:
			key, line := path("", node)
			note(key, line, nil)
			table = key
		case unstable.KeyValue:
			values(table, node)
		default: // nothing that is set
		}
	}
}

// environmentError names the variable that can't be read, and what it takes.
func environmentError(err error, fields []env.FieldParams) error {
	var wrong env.ParseError
	if !errors.As(err, &wrong) {
		return fmt.Errorf("environment: %w", err)
	}
	says := wrong.Err.Error() // with the value, which tells variables of one name apart
	if strings.HasPrefix(says, "strconv.") {
		says = "it must be " + taken(wrong.Type.String())
	}
	for _, f := range fields {
		value := os.Getenv(f.Key)
		named := strings.HasSuffix(strings.ReplaceAll(f.Key, "_", ""), strings.ToUpper(wrong.Name))
		if named && value != "" && strings.Contains(wrong.Err.Error(), strconv.Quote(value)) {
			return fmt.Errorf("%s is %q: %s", f.Key, value, says)
		}
	}
	return fmt.Errorf("environment: %s: %s", wrong.Name, says)
}
