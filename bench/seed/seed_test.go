package main

import (
	"testing"

	"benchcell/internal/store"
)

// What is made up is a store like any other: lists, rates, samples and trends.
func TestASeededStoreIsLikeAnyOther(t *testing.T) {
	dir := t.TempDir()
	if err := fill(t.Context(), dir, 3, 60); err != nil {
		t.Fatal(err)
	}
	if fill(t.Context(), dir, 3, 60) == nil {
		t.Error("it fills a store that is there")
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir + "/data"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	subjects := newSubjects(3)
	slug := subjects[1].plan.Slug
	latest, err := s.Latest(t.Context(), []string{slug})
	if err != nil || latest[slug] == nil {
		t.Fatalf("no latest run: %v", err)
	}
	if samples, err := s.Samples(t.Context(), latest[slug].ID); err != nil || len(samples) != 12 {
		t.Errorf("%d samples, %v", len(samples), err)
	}
	rates, err := s.SuccessRates(t.Context(), []string{slug}, days+1)
	if err != nil || rates[slug].Total != 20 {
		t.Errorf("%+v, %v", rates[slug], err)
	}
	if unjudged, err := s.Unjudged(t.Context(), 1); err != nil || len(unjudged) != 0 {
		t.Errorf("%d runs would be looked at again, %v", len(unjudged), err)
	}
	if medians, err := s.Medians(t.Context(), []string{slug}); err != nil || len(medians[slug]) < 10 {
		t.Errorf("%d medians, %v", len(medians), err)
	}
}
