package main

import (
	"net"
	"net/netip"
	"sync"
)

// gate is a listener that lets in a bounded number of connections at a time, and
// of one address an eighth of them: who opens many and says nothing keeps nobody
// else out. Those past it are closed at once.
type gate struct {
	net.Listener
	most  int
	apart func(netip.Addr) bool // counts in all alone: a proxy speaks for many

	mu  sync.Mutex
	all int
	of  map[netip.Addr]int
}

func newGate(l net.Listener, most int, apart func(netip.Addr) bool) *gate {
	return &gate{Listener: l, most: most, apart: apart, of: map[netip.Addr]int{}}
}

// Accept implements net.Listener.
func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from := addressOf(c)
		if g.enter(from) {
			return &guest{Conn: c, leave: sync.OnceFunc(func() { g.leave(from) })}, nil
		}
		_ = c.Close() // there is no room for an answer either
	}
}

func (g *gate) enter(from netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all >= g.most || (g.of[from] >= g.most/8 && !g.apart(from)) {
		return false
	}
	g.all++
	g.of[from]++
	return true
}

func (g *gate) leave(from netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all--
	if g.of[from]--; g.of[from] == 0 {
		delete(g.of, from)
	}
}

func addressOf(c net.Conn) netip.Addr {
	at, err := netip.ParseAddrPort(c.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

// guest is a connection that is counted.
type guest struct {
	net.Conn
	leave func()
}

// Close implements net.Conn.
func (c *guest) Close() error {
	c.leave()
	return c.Conn.Close()
}
