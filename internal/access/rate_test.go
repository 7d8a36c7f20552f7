package access

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"benchcell/internal/bench"
)

func TestGuessingIsSlow(t *testing.T) {
	a, _ := open(t, Config{Token: "right"})
	for i := range mostGuesses {
		if _, err := a.ByToken(t.Context(), "wrong", here); bench.CodeOf(err) != bench.CodeUnauthorized {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	// From now on even the right one is not heard: otherwise guessing would go on.
	if _, err := a.ByToken(t.Context(), "right", here); bench.CodeOf(err) != bench.CodeRateLimited {
		t.Errorf("one more: %v", err)
	}
	if _, err := a.ByToken(t.Context(), "right", "192.0.2.2"); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
	if _, _, err := a.Login(t.Context(), "right", here); bench.CodeOf(err) != bench.CodeRateLimited {
		t.Errorf("by the login page: %v", err)
	}
}

func TestRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewRates(2, 3)
		for i := range 3 {
			if wait := r.Wait("a"); wait != 0 {
				t.Errorf("request %d waits %s", i, wait)
			}
			r.Take("a")
		}
		if wait := r.Wait("a"); wait != 500*time.Millisecond {
			t.Errorf("the fourth waits %s", wait)
		}
		if r.Wait("b") != 0 {
			t.Error("another client waits")
		}
		time.Sleep(500 * time.Millisecond)
		if wait := r.Wait("a"); wait != 0 {
			t.Errorf("after its time it waits %s", wait)
		}
		free := NewRates(0, 1)
		for range 1000 {
			free.Take("a")
		}
		if free.Wait("a") != 0 {
			t.Error("no limit is one")
		}
	})
}

func TestRatesRememberABoundedNumberOfClients(t *testing.T) {
	r := NewRates(0.001, 1)
	r.Take("faithful")
	for i := range 20 * mostKnown {
		r.Take(fmt.Sprint("stranger ", i))
		if i%1000 == 0 && r.Wait("faithful") == 0 {
			t.Fatalf("who comes often was forgotten after %d strangers", i)
		}
	}
	if n := len(r.young) + len(r.old); n > 2*mostKnown {
		t.Errorf("%d are known", n)
	}
}

func TestOneHouseholdIsOneClient(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "::ffff:192.0.2.1", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"fe80::1%eth0": "fe80::/64", "token ci": "token ci", "": "",
	} {
		if got := network(address); got != want {
			t.Errorf("%q is %q, not %q", address, got, want)
		}
	}
}
