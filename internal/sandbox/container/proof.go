package container

import (
	"context"
	"errors"
	"slices"
	"strings"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/weaken"
)

// facts is what the kernel says of the runner, and so of whatever it starts:
// read from inside the container.
type facts struct {
	uid, capEff, noNewPrivs, seccomp string
	interfaces                       []string // of the network
	readOnlyRoot                     bool
}

// readFacts asks the runner for its own files in /proc.
func (x *box) readFacts(ctx context.Context) (facts, error) {
	texts, err := x.conn.ReadInside(ctx, []string{"/proc/self/status", "/proc/self/net/dev", "/proc/self/mountinfo"})
	if err != nil {
		return facts{}, err
	}
	status := map[string]string{}
	for line := range strings.Lines(texts[0]) {
		key, value, _ := strings.Cut(line, ":")
		status[key] = strings.TrimSpace(value)
	}
	f := facts{capEff: status["CapEff"], noNewPrivs: status["NoNewPrivs"], seccomp: status["Seccomp"]}
	f.uid, _, _ = strings.Cut(status["Uid"], "\t")
	for line := range strings.Lines(texts[1]) {
		if name, _, ok := strings.Cut(line, ":"); ok {
			f.interfaces = append(f.interfaces, strings.TrimSpace(name))
		}
	}
	f.readOnlyRoot = readOnlyRoot(texts[2])
	return f, nil
}

// readOnlyRoot looks at the options of the mount on /.
func readOnlyRoot(mountinfo string) bool {
	for line := range strings.Lines(mountinfo) {
		if f := strings.Fields(line); len(f) > 5 && f[4] == "/" {
			return slices.Contains(strings.Split(f[5], ","), "ro")
		}
	}
	return false
}

const noCapability = "0000000000000000"

// protection is one thing that keeps a program in: what was asked, how it was
// seen, and what was seen. Without seen it is not in force.
type protection struct {
	name, asked, how, seen string
	must                   bool
}

func (f facts) protections() []protection {
	when := func(ok bool, seen string) string {
		if ok {
			return seen
		}
		return ""
	}
	return []protection{
		{"network", "none", "/proc/self/net/dev", when(onlyLoopback(f.interfaces), "loopback only"), true},
		{"root", "read-only", "/proc/self/mountinfo", when(f.readOnlyRoot, "read-only"), true},
		{"user", "unprivileged", "status Uid", when(f.uid != "" && f.uid != "0", "uid "+f.uid), true},
		{"capabilities", "none", "status CapEff", when(f.capEff == noCapability, "none"), true},
		// Another kernel, like that of gVisor, does not tell of these two.
		{"privileges", "no new ones", "status NoNewPrivs", when(f.noNewPrivs == "1", "no new ones"), f.noNewPrivs != ""},
		{"system calls", "own profile", "status Seccomp", when(f.seccomp == "2", "filtered"), false},
	}
}

// harmless interfaces: loopback, and the tunnels that some kernels make in
// every namespace, which are down and lead nowhere.
var harmless = []string{"lo", "tunl0", "sit0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6tnl0", "ip6gre0"}

func onlyLoopback(interfaces []string) bool {
	return len(interfaces) > 0 && !slices.ContainsFunc(interfaces, func(name string) bool { return !slices.Contains(harmless, name) })
}

// verify refuses a container that lacks what must be in force.
func (f facts) verify() error {
	var errs []error
	for _, p := range f.protections() {
		if p.must && p.seen == "" && !weaken.Off(strings.ReplaceAll(p.name, " ", "-")) {
			errs = append(errs, errors.New(p.name+": "+p.asked+" is not in force"))
		}
	}
	return errors.Join(errs...)
}

// receipt lists the protections as read back.
func (f facts) receipt() []bench.Receipt {
	var lines []bench.Receipt
	for _, p := range f.protections() {
		r := bench.Receipt{Limit: p.name, Requested: p.asked, Mechanism: &p.how}
		if p.seen != "" {
			r.Effective = p.seen
		}
		lines = append(lines, r)
	}
	return lines
}
