package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/oklog/ulid/v2"
	"github.com/spf13/cobra"

	"benchcell/internal/api"
	"benchcell/internal/bench"
)

// compareSide is A or B: something stored, or an order to run it.
type compareSide struct {
	name   string // for a reader
	stored string // id
	order  api.Order
}

// sides are what the command line names, A first.
func (f compareFlags) sides(cmd *cobra.Command, c *Config, names, command []string) (sides [2]compareSide, err error) {
	overrides, err := makeOverrides(cmd, f.runFlags)
	if err != nil {
		return sides, err
	}
	all, err := c.benchmarks()
	if err != nil {
		return sides, err
	}
	var stated []compareSide // A first
	for _, text := range names {
		s, err := f.named(all, text)
		if err != nil {
			return sides, err
		}
		stated = append(stated, s)
	}
	if command != nil {
		s, err := commandSide(command)
		if err != nil {
			return sides, err
		}
		stated = append(stated, s)
	}
	if stated, err = f.withFlags(stated); err != nil {
		return sides, err
	}
	for i := range sides {
		sides[i] = stated[i]
		if s := &sides[i]; s.stored == "" {
			if s.order, err = makeOrder(s.order.Benchmark, overrides, false); err != nil {
				return sides, err
			}
		}
	}
	if err := f.useImages(&sides); err != nil {
		return sides, err
	}
	return sides, f.checkStored(cmd, sides)
}

// useImages gives each side its own image, in which it runs in a container.
func (f compareFlags) useImages(sides *[2]compareSide) error {
	for i, image := range []string{f.imageA, f.imageB} {
		o := &sides[i].order.Overrides
		switch {
		case f.imageA+f.imageB == "":
		case f.isolation != "" && o.Isolation != bench.Container:
			return fmt.Errorf("--image-a and --image-b are for containers, and --isolation is %s: leave it out", f.isolation)
		default:
			o.Isolation = bench.Container
		}
		if image != "" {
			o.Image = image
			sides[i].name += " in " + image
		}
	}
	return nil
}

// named is what one argument means: a stored run or batch, a benchmark, a command.
func (f compareFlags) named(all []bench.Benchmark, text string) (compareSide, error) {
	if _, err := ulid.ParseStrict(text); err == nil || f.batches {
		return compareSide{name: text, stored: text}, nil
	}
	if i := indexOf(all, text); i >= 0 {
		return compareSide{name: all[i].Name, order: api.Order{Benchmark: all[i]}}, nil
	}
	argv, err := splitWords(text)
	if err != nil {
		return compareSide{}, err
	}
	return commandSide(argv)
}

func commandSide(argv []string) (compareSide, error) {
	made, err := commandBenchmark(argv)
	if err != nil {
		return compareSide{}, err
	}
	return compareSide{name: strings.Join(argv, " "), order: api.Order{Benchmark: made[0]}}, nil
}

// withFlags puts --a before and --b behind, and makes two of one at two revisions or
// in two images.
func (f compareFlags) withFlags(stated []compareSide) ([]compareSide, error) {
	for _, flag := range []struct{ name, text string }{{"a", f.a}, {"b", f.b}} {
		if flag.text == "" {
			continue
		}
		argv, err := splitWords(flag.text)
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", flag.name, err)
		}
		s, err := commandSide(argv)
		if err != nil {
			return nil, err
		}
		if flag.name == "a" {
			stated = append([]compareSide{s}, stated...)
		} else {
			stated = append(stated, s)
		}
	}
	if f.revA+f.revB != "" {
		return f.revisions(stated)
	}
	if f.imageA != "" && f.imageB != "" && len(stated) == 1 && stated[0].stored == "" {
		return []compareSide{stated[0], stated[0]}, nil
	}
	if len(stated) != 2 {
		return nil, fmt.Errorf("it compares two, A and B, and got %d: put each command in quotes", len(stated))
	}
	return stated, nil
}

func (f compareFlags) revisions(stated []compareSide) ([]compareSide, error) {
	switch {
	case f.revA == "" || f.revB == "":
		return nil, errors.New("--rev-a and --rev-b go together")
	case len(stated) != 1 || stated[0].stored != "":
		return nil, errors.New("--rev-a and --rev-b compare one benchmark or command: state just that")
	case !mentionsRevision(&stated[0].order.Benchmark):
		return nil, fmt.Errorf("%s does not use the revision: put {rev} where the folder of the revision belongs", stated[0].name)
	}
	return []compareSide{stated[0], stated[0]}, nil
}

// checkStored refuses what can't change any more.
func (compareFlags) checkStored(cmd *cobra.Command, sides [2]compareSide) error {
	if (sides[0].stored == "") != (sides[1].stored == "") {
		return errors.New("one of them is stored and the other is not: compare two ids, or two that are to run")
	}
	for _, flag := range []string{"blocks", "isolation", "warmup", "timeout", "image-a", "image-b"} {
		if sides[0].stored != "" && cmd.Flags().Changed(flag) {
			return fmt.Errorf("--%s is for what is yet to run, and %s is stored", flag, sides[0].name)
		}
	}
	return nil
}
