package access

import (
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"benchcell/internal/bench"
)

// mostKnown bounds how many clients are remembered, twice.
const mostKnown = 4096

// Rates counts how often each of many clients does something. It remembers a
// bounded number of them: two generations, of which the old one is given up when
// the young one is full.
type Rates struct {
	limit rate.Limit
	burst int

	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

// NewRates allows so many a second, and a burst. Zero a second is no limit.
func NewRates(perSecond float64, burst int) *Rates {
	return &Rates{limit: rate.Limit(perSecond), burst: burst, young: map[string]*rate.Limiter{}}
}

// Wait is how long a client must wait until it may, 0 if it may now.
func (r *Rates) Wait(client string) time.Duration {
	if r.limit == 0 {
		return 0
	}
	missing := 1 - r.of(client).Tokens()
	if missing <= 0 {
		return 0
	}
	return time.Duration(math.Ceil(missing / float64(r.limit) * float64(time.Second)))
}

// Take counts one.
func (r *Rates) Take(client string) {
	if r.limit != 0 {
		r.of(client).Allow()
	}
}

func (r *Rates) of(client string) *rate.Limiter {
	client = network(client)
	r.mu.Lock()
	defer r.mu.Unlock()
	if l := r.young[client]; l != nil {
		return l
	}
	l := r.old[client]
	if l == nil {
		l = rate.NewLimiter(r.limit, r.burst)
	}
	if len(r.young) >= mostKnown {
		r.young, r.old = map[string]*rate.Limiter{}, r.young
	}
	r.young[client] = l
	return l
}

// network takes the addresses that one household has for one client: an IPv6
// client has more of them than could ever be counted.
func network(client string) string {
	ip, err := netip.ParseAddr(client)
	if err != nil || ip.Unmap().Is4() {
		return client
	}
	p, _ := ip.WithZone("").Prefix(64) // which every IPv6 address has
	return p.String()
}

// tooMany refuses, and says when to come again.
func tooMany(why string, wait time.Duration) error {
	seconds := int(math.Ceil(wait.Seconds()))
	return bench.Errorf(bench.CodeRateLimited, "%s: try again in %d s", why, seconds).After(wait)
}
