package builtin

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

const collectionSize = 200_000

var sortInts = Function{
	Name:       "sort-ints",
	Title:      "Sort (200k ints)",
	Category:   "cpu",
	Target:     80,
	Iterations: 20,
	Setup:      setupSort,
}

var mapInsertLookup = Function{
	Name:       "map-insert-lookup",
	Title:      "Map Insert and Lookup (200k)",
	Category:   "memory",
	Target:     120,
	Iterations: 20,
	Setup:      setupMap,
}

// setupSort shuffles 0, 1, 2 …, so that sorted means each number at its index.
func setupSort() (*Case, error) {
	shuffled := rand.New(rand.NewPCG(5, 0)).Perm(collectionSize)
	numbers := make([]int, len(shuffled))
	return pure(func() error {
		copy(numbers, shuffled)
		slices.Sort(numbers)
		for i, n := range numbers {
			if n != i {
				return fmt.Errorf("%d stands at index %d", n, i)
			}
		}
		return nil
	}), nil
}

func setupMap() (*Case, error) {
	keys := make([]uint64, collectionSize)
	for i := range keys {
		// An odd factor maps 64 bits one to one: distinct keys, well spread.
		keys[i] = uint64(i) * 0x9e3779b97f4a7c15
	}
	return pure(func() error {
		index := make(map[uint64]int)
		for i, key := range keys {
			index[key] = i
		}
		for i, key := range keys {
			if got, ok := index[key]; !ok || got != i {
				return fmt.Errorf("key %x finds %d, %t; it must find %d", key, got, ok, i)
			}
		}
		if len(index) != len(keys) {
			return fmt.Errorf("%d keys make %d entries", len(keys), len(index))
		}
		return nil
	}), nil
}
