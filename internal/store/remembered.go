package store

import "sync"

// remembered is what was read of benchmarks, until a run of theirs ends. It holds
// nothing that can be lost: this process alone writes to the store, and forgets
// after every write what it changed.
type remembered[T any] struct {
	mu      sync.Mutex
	known   map[string]T // by slug
	changes uint64
}

// of is what is known of benchmarks, after asking for what is not. What was read
// while something changed is answered and not kept: it may be of before.
func (r *remembered[T]) of(slugs []string, ask func(missing []string, note func(slug string, v T)) error) (map[string]T, error) {
	all := make(map[string]T, len(slugs))
	var missing []string
	r.mu.Lock()
	before := r.changes
	for _, slug := range slugs {
		if v, ok := r.known[slug]; ok {
			all[slug] = v
		} else {
			missing = append(missing, slug)
		}
	}
	r.mu.Unlock()
	if len(missing) == 0 {
		return all, nil
	}
	for _, slug := range missing {
		var nothing T
		all[slug] = nothing // unless something is noted
	}
	if err := ask(missing, func(slug string, v T) { all[slug] = v }); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changes == before {
		if r.known == nil {
			r.known = map[string]T{}
		}
		for _, slug := range missing {
			r.known[slug] = all[slug]
		}
	}
	return all, nil
}

// forget what is known of benchmarks.
func (r *remembered[T]) forget(slugs ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changes++
	for _, slug := range slugs {
		delete(r.known, slug)
	}
}
