package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"benchcell/internal/bench"
)

// numberFlag is a whole number within a range.
type numberFlag struct {
	to        *int
	low, high int
}

// numberVar adds a flag for a number; the default may lie outside its range.
func numberVar(flags *pflag.FlagSet, to *int, name string, low, high, unstated int, usage string) {
	*to = unstated
	flags.Var(numberFlag{to, low, high}, name, usage)
}

func (f numberFlag) String() string { return strconv.Itoa(*f.to) }

// Type is what help calls the value.
func (numberFlag) Type() string { return "int" }

// Set says in the error what the flag takes, and not why strconv can't read it.
func (f numberFlag) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < f.low || n > f.high {
		return fmt.Errorf("a whole number, %d to %d", f.low, f.high)
	}
	*f.to = n
	return nil
}

// timeFlag is a time that is above 0 and at most a day.
type timeFlag struct{ to *time.Duration }

func timeVar(flags *pflag.FlagSet, to *time.Duration, name, usage string) {
	flags.Var(timeFlag{to}, name, usage)
}

func (f timeFlag) String() string {
	if *f.to == 0 {
		return "" // not stated: help shows no default
	}
	return f.to.String()
}

func (timeFlag) Type() string { return "duration" }

func (f timeFlag) Set(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || Duration(d).Millis() > bench.MaxTimeout {
		return errors.New("a time like 10s or 300ms, above 0 and at most 24h")
	}
	*f.to = d
	return nil
}

// oneOf refuses a value that a flag does not take.
func oneOf(flag, value string, of ...string) error {
	if slices.Contains(of, value) {
		return nil
	}
	return usageError{fmt.Errorf("--%s is %q: it must be one of %s", flag, value, strings.Join(of, ", "))}
}

// flagError says what is wrong with a flag in words of ours.
func flagError(_ *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return usageError{err}
	}
	flag, takes := invalid.GetFlag(), errors.Unwrap(invalid).Error()
	switch flag.Value.Type() {
	case "bool":
		takes = "true or false"
	case "stringSlice":
		takes = "names with commas between"
	}
	return usageError{fmt.Errorf("--%s is %q: it must be %s", flag.Name, invalid.GetValue(), takes)}
}
