package main

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"benchcell/internal/bench"
)

// settings tells each value in force and where it comes from, in the order of
// the file. flags names those that were given, by the key that they set.
func (c *Config) settings(data string, flags map[string]string) []bench.Setting {
	s := sources{file: c.file, lines: c.lines, flags: flags}
	s.walk(reflect.ValueOf(*c), "", environmentPrefix)
	if i := slices.IndexFunc(s.list, func(s bench.Setting) bool { return s.Key == "server.data" }); i >= 0 {
		s.list[i].Value = &data // a folder is decided on where none is stated
	}
	if value := os.Getenv(isolationVariable); value != "" {
		s.list = append(s.list, bench.Setting{Key: isolationVariable, Value: &value, Source: bench.FromEnvironment, Place: isolationVariable})
	}
	return s.list
}

// sources finds where the values of a configuration come from.
type sources struct {
	file  string
	lines map[string]int
	flags map[string]string
	list  []bench.Setting
}

// walk goes through a part of the configuration by its tags.
func (s *sources) walk(part reflect.Value, prefix, variables string) {
	for field, value := range part.Fields() {
		key := field.Tag.Get("toml")
		switch {
		case key == "" || key == "-":
		case field.Type.Kind() == reflect.Struct:
			s.walk(value, prefix+key+".", variables+field.Tag.Get("envPrefix"))
		default:
			variable := ""
			if name := field.Tag.Get("env"); name != "" {
				variable = variables + name
			}
			s.add(prefix+key, variable, settingText(value))
		}
	}
}

func (s *sources) add(key, variable string, value *string) {
	setting := bench.Setting{Key: key, Value: value, Source: bench.FromDefault}
	line, inFile := s.lines[key]
	flag, isFlag := s.flags[key]
	switch {
	case isFlag:
		setting.Source, setting.Place = bench.FromFlag, flag
	case variable != "" && os.Getenv(variable) != "":
		setting.Source, setting.Place = bench.FromEnvironment, variable
	case inFile:
		setting.Source, setting.Place = bench.FromFile, fmt.Sprintf("%s:%d", s.file, line)
	}
	s.list = append(s.list, setting)
}

// settingText is a value as the file has it, nil if it is not set. Variables for
// programs may be secrets: only the one that is ours by default is shown.
func settingText(v reflect.Value) *string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if v.Kind() != reflect.Bool && !v.CanInt() && !v.CanFloat() && v.Len() == 0 {
		return nil
	}
	var text string
	switch value := v.Interface().(type) {
	case []string:
		text = strings.Join(value, ", ")
	case map[string]string:
		text = environmentText(value)
	default:
		text = fmt.Sprint(value)
		if v.Kind() == reflect.Slice {
			text = strconv.Itoa(v.Len())
		}
	}
	return &text
}

func environmentText(env map[string]string) string {
	var parts []string
	for name, value := range env {
		if DefaultConfig().Isolation.Env[name] != value {
			value = Secret(value).String()
		}
		parts = append(parts, name+"="+value)
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
