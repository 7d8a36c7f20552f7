package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"benchcell/internal/sandbox/runner/frame"
)

// View is what the kernel tells a program inside a boundary.
type View struct {
	Status         map[string]string // of /proc/self/status
	Interfaces     []string          // of the network
	Mounts         []Mount
	UIDMap, GIDMap string
	Namespaces     []string // links of /proc/self/ns, in the order of namespaceNames
}

// Look has the runner start a program, itself, that tells what it sees, as any
// other program would. It also touches what the first start of a program pays for.
func (c *Conn) Look(ctx context.Context, self string, fileSize int64) (*View, error) {
	report, err := c.Do(ctx, &frame.Job{
		Argv: []string{self}, Env: []string{"RUNNER_VIEW=1", "GOMAXPROCS=1"}, Dir: "/work",
		Timeout: int64(10 * time.Second), Output: frame.MaxChunk, OpenFiles: OpenFiles, FileSize: fileSize,
	}, nil)
	if err != nil {
		return nil, err
	}
	if report.Status != frame.Exited || report.Code != 0 {
		return nil, fmt.Errorf("the program that looks around inside did not do so: status %d, code %d at %q", report.Status, report.Code, report.Failed)
	}
	return parseView(string(report.Stdout))
}

func parseView(text string) (*View, error) {
	parts := strings.Split(text, "\x00")
	if len(parts) != 6 {
		return nil, fmt.Errorf("the view from inside has %d parts", len(parts))
	}
	v := &View{Status: statusOf(parts[0]), UIDMap: fields(parts[3]), GIDMap: fields(parts[4])}
	for line := range strings.Lines(parts[1]) {
		if name, _, ok := strings.Cut(line, ":"); ok {
			v.Interfaces = append(v.Interfaces, strings.TrimSpace(name))
		}
	}
	for line := range strings.Lines(parts[2]) {
		v.Mounts = append(v.Mounts, parseMount(line))
	}
	v.Namespaces = strings.Split(strings.TrimSuffix(parts[5], "\n"), "\n")
	return v, nil
}

// statusOf has the values of /proc/PID/status by their names.
func statusOf(text string) map[string]string {
	status := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(line, ":")
		status[key] = fields(value)
	}
	return status
}

func fields(text string) string { return strings.Join(strings.Fields(text), " ") }

// Protections are what a view proves of any boundary with a root of its own.
func (v *View) Protections() []Protection {
	seen := func(ok bool, what string) string {
		if ok {
			return what
		}
		return ""
	}
	user, _, _ := strings.Cut(v.Status["Uid"], " ")
	return []Protection{
		{"network", "none", "/proc/self/net/dev", seen(onlyLoopback(v.Interfaces), "loopback only"), true},
		{"root", "read-only", "/proc/self/mountinfo", seen(v.mount("/").ReadOnly(), "read-only"), true},
		{"user", "unprivileged", "status Uid, Gid", seen(v.oneUser() && user != "0", v.describeUser(user)), true},
		{"capabilities", "none", "status CapInh, CapPrm, CapEff, CapBnd, CapAmb", seen(v.powerless(), "none"), true},
		{"privileges", "no new ones", "status NoNewPrivs", seen(v.Status["NoNewPrivs"] == "1", "no new ones"), true},
		{"system calls", "own profile", "status Seccomp", seen(v.Status["Seccomp"] == "2", "filtered"), true},
	}
}

// oneUser: real, effective, saved and file system user are one, and the group's too.
func (v *View) oneUser() bool {
	for _, key := range []string{"Uid", "Gid"} {
		ids := strings.Fields(v.Status[key])
		if len(ids) == 0 || len(slices.Compact(ids)) != 1 {
			return false
		}
	}
	return true
}

func (v *View) describeUser(uid string) string {
	first, rest, _ := strings.Cut(v.UIDMap, " ")
	if host, count, _ := strings.Cut(rest, " "); count == "1" && first == uid {
		return "uid " + uid + ", mapped to " + host + " of the host"
	}
	return "uid " + uid
}

func (v *View) powerless() bool {
	const none = "0000000000000000"
	for _, set := range []string{"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"} {
		if have, ok := v.Status[set]; have != none && (ok || set == "CapEff") {
			return false
		}
	}
	return true
}

// harmless interfaces: loopback, and the tunnels that some kernels make in
// every namespace, which are down and lead nowhere.
var harmless = []string{"lo", "tunl0", "sit0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6tnl0", "ip6gre0"}

func onlyLoopback(interfaces []string) bool {
	return len(interfaces) > 0 && !slices.ContainsFunc(interfaces, func(name string) bool { return !slices.Contains(harmless, name) })
}
