package sandboxtest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// cores: a measured run gets the processors chosen for it, the receipt says what
// the kernel answered, and the next run has all of them again.
func cores(t *testing.T, s Subject) {
	all := s.allowed(t, nil)
	last, err := strconv.Atoi(all[strings.LastIndexAny(all, ",-")+1:])
	if err != nil {
		t.Fatal(err)
	}
	for _, cpus := range [][]int{{last}, nil, {last}} {
		r := s.receiptOf(t, cpus)
		got := s.allowed(t, cpus)
		switch want := strings.Trim(fmt.Sprint(cpus), "[]"); {
		case r.Requested == nil && got != all:
			t.Errorf("on %s and not on %s, which nobody asked for: %+v", got, all, r)
		case r.Requested != nil && (got != want || r.Effective != want):
			t.Errorf("asked for %s, the program had %s and the receipt %+v", want, got, r)
		case len(cpus) > 0 && !strings.HasPrefix(*r.Mechanism, s.Cores):
			t.Errorf("kept by %q, want %q", *r.Mechanism, s.Cores)
		case r.Mechanism == nil || r.Effective == nil:
			t.Errorf("the receipt does not say how or what: %+v", r)
		}
	}
	if got := s.allowed(t, nil); got != all {
		t.Errorf("a run after them had %s of %s", got, all)
	}
}

// allowed is where the guest may run.
func (s Subject) allowed(t *testing.T, cpus []int) string {
	o := runIn(t, s.session(t, pinned(cpus)), s.exec("cpus"))
	expect(t, o, bench.OK)
	return strings.TrimSpace(stdout(o))
}

func (s Subject) receiptOf(t *testing.T, cpus []int) bench.Receipt {
	session := s.session(t, pinned(cpus))
	runIn(t, session, s.exec("ok"))
	for _, r := range session.Account(t.Context()).Receipt {
		if r.Limit == "cpuset" {
			return r
		}
	}
	t.Fatal("the receipt has no line for the processors")
	return bench.Receipt{}
}

func pinned(cpus []int) func(*sandbox.Spec) {
	return func(spec *sandbox.Spec) { spec.Measured, spec.CPUs, spec.WhyAll = true, cpus, "the test says so" }
}
