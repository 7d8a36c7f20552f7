package report

// shared says which labels all results have alike.
func (r *Report) shared() map[string]bool {
	shared := map[string]bool{}
	for i := range r.Results {
		labels := r.Results[i].Labels
		for key := range shared {
			value, has := labels[key]
			shared[key] = shared[key] && has && value == r.Results[0].Labels[key]
		}
		for key := range labels {
			if _, known := shared[key]; !known {
				shared[key] = i == 0
			}
		}
	}
	return shared
}

// telling says which labels tell results apart that have the same name: of
// those that differ, none where the names suffice.
func (r *Report) telling() func(label string) bool {
	names := map[string]bool{}
	for i := range r.Results {
		names[r.Results[i].Name] = true
	}
	shared := r.shared()
	return func(label string) bool { return len(names) < len(r.Results) && !shared[label] }
}
