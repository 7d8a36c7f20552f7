package main

import (
	"bufio"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
)

// residue is what runs could leave: by kind, the names of all there is.
type residue map[string][]string

// kindsOfResidue is the order of the table.
var kindsOfResidue = []string{
	"control groups", "containers", "network namespaces", "network interfaces", "mounts", "processes", "temporary files",
	"descriptors of the server",
}

// lookout sees all that belongs to a server: below a control group of its own, in
// its containers, under it as a process. Mounts and network interfaces are those of
// the whole machine, but for those of other people's containers.
type lookout struct {
	t      *testing.T
	server *server
	group  string   // its parent for control groups
	temp   []string // folders for temporary files
	boxes  map[string]bool
	engine bool // there is one
	// others has the mounts of other people's containers, by their ids.
	others map[string]string
}

// shortID is how much of a container's id a receipt has.
const shortID = 12

// remember notes the container that a run was in.
func (l *lookout) remember(id string) {
	if len(id) >= shortID {
		l.boxes[id[:shortID]] = true
	}
}

// look counts once.
func (l *lookout) look() residue {
	l.t.Helper()
	r := residue{}
	if l.engine {
		r["containers"] = containersOf(l.t, l.server.data)
	}
	for _, id := range r["containers"] {
		l.remember(id)
	}
	r["control groups"] = l.groups()
	pids := l.processes()
	for _, pid := range pids {
		name, _ := os.ReadFile("/proc/" + pid + "/cmdline") // it may end meanwhile
		r["processes"] = append(r["processes"], pid+" "+strings.ReplaceAll(string(name), "\x00", " "))
	}
	r["network namespaces"] = networks(pids)
	interfaces, err := net.Interfaces()
	if err != nil {
		l.t.Fatal(err)
	}
	for _, i := range interfaces {
		r["network interfaces"] = append(r["network interfaces"], i.Name)
	}
	foreign := l.foreign()
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		l.t.Fatal(err)
	}
	for line := range strings.Lines(string(mounts)) {
		if f := strings.Fields(line); !slices.Contains(foreign, f[4]) {
			r["mounts"] = append(r["mounts"], line)
		}
	}
	for _, folder := range l.temp {
		entries, _ := os.ReadDir(folder) // a folder that is gone has none
		for _, e := range entries {
			r["temporary files"] = append(r["temporary files"], filepath.Join(folder, e.Name()))
		}
	}
	descriptors := fmt.Sprintf("/proc/%d/fd", l.server.cmd.Process.Pid)
	entries, _ := os.ReadDir(descriptors)
	for _, e := range entries {
		link, _ := os.Readlink(filepath.Join(descriptors, e.Name()))
		r["descriptors of the server"] = append(r["descriptors of the server"], link)
	}
	return r
}

// foreign are the mounts of containers that others have: an engine may be everybody's.
func (l *lookout) foreign() []string {
	l.t.Helper()
	if !l.engine {
		return nil
	}
	out, err := exec.Command("docker", "ps", "--all", "--quiet", "--no-trunc").Output()
	if err != nil {
		l.t.Fatal(err)
	}
	for _, id := range strings.Fields(string(out)) {
		if _, known := l.others[id]; !known && !l.boxes[id[:shortID]] {
			folder, _ := exec.Command("docker", "inspect", "--format", "{{.GraphDriver.Data.MergedDir}}", id).Output() // it may be gone
			l.others[id] = strings.TrimSpace(string(folder))
		}
	}
	return slices.Collect(maps.Values(l.others))
}

// groups lists control groups of the server's processes and of its containers, in
// every hierarchy.
func (l *lookout) groups() (list []string) {
	for _, root := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/*"} {
		own, _ := filepath.Glob(root + l.group + "/*/cgroup.procs") // a folder each
		list = append(list, own...)
		for _, pattern := range []string{"/docker/*", "/system.slice/docker-*"} {
			others, _ := filepath.Glob(root + pattern)
			for _, dir := range others {
				if id := strings.TrimPrefix(filepath.Base(dir), "docker-"); len(id) > shortID && l.boxes[id[:shortID]] {
					list = append(list, dir)
				}
			}
		}
	}
	return list
}

// processes are those below the server and those in its control groups, wherever
// they hang in the tree.
func (l *lookout) processes() (ours []string) {
	server := strconv.Itoa(l.server.cmd.Process.Pid)
	parents, inside := map[string]string{}, map[string]bool{}
	entries, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range entries {
		pid := filepath.Base(dir)
		stat, _ := os.ReadFile(dir + "/stat")
		if _, rest, ok := strings.Cut(string(stat), ") "); ok {
			parents[pid] = strings.Fields(rest)[1]
		}
		groups, _ := os.ReadFile(dir + "/cgroup")
		inside[pid] = strings.Contains(string(groups), l.group+"/")
		for id := range l.boxes {
			inside[pid] = inside[pid] || strings.Contains(string(groups), id)
		}
	}
	for _, pid := range slices.Sorted(maps.Keys(parents)) {
		above := parents[pid]
		for above != server && parents[above] != "" {
			above = parents[above]
		}
		if pid != server && (above == server || inside[pid]) {
			ours = append(ours, pid)
		}
	}
	return ours
}

// networks are the network namespaces of processes, and those that a mount keeps.
func networks(pids []string) []string {
	found := map[string]bool{}
	for _, pid := range pids {
		if link, err := os.Readlink("/proc/" + pid + "/ns/net"); err == nil {
			found[link] = true
		}
	}
	mounts, _ := os.ReadFile("/proc/self/mountinfo")
	for line := range strings.Lines(string(mounts)) {
		if f := strings.Fields(line); len(f) > 4 && strings.Contains(line, " - nsfs ") {
			found[f[4]] = true
		}
	}
	return slices.Collect(maps.Keys(found))
}

// same says whether there is as much of everything.
func (r residue) same(as residue) bool {
	return !slices.ContainsFunc(kindsOfResidue, func(kind string) bool { return len(r[kind]) != len(as[kind]) })
}

// more names what one has and another has not.
func (r residue) more(than residue, kind string) []string {
	return slices.DeleteFunc(slices.Clone(r[kind]), func(name string) bool { return slices.Contains(than[kind], name) })
}

// figures are what the server says of itself.
func (s *server) figures() map[string]float64 {
	s.t.Helper()
	response, err := http.Get(s.url + "/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	figures := map[string]float64{}
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if n, err := strconv.ParseFloat(value, 64); err == nil && !strings.HasPrefix(name, "#") {
			figures[name] = n
		}
	}
	http.DefaultClient.CloseIdleConnections()
	return figures
}

// ofTheMachine are kinds that others have too.
var ofTheMachine = []string{"mounts", "network interfaces", "network namespaces"}

// compare judges each row of a table of what there was before and after, and once
// the server had ended: it must be the same, and then nothing.
func (l *lookout) compare(before, after state, stopped residue) string {
	var text strings.Builder
	out := tabwriter.NewWriter(&text, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "\tbefore\tafter\tdifference\tserver stopped\t")
	for _, kind := range kindsOfResidue {
		was, is, left := len(before.residue[kind]), len(after.residue[kind]), stopped[kind]
		fmt.Fprintf(out, "%s\t%d\t%d\t%+d\t%d\t\n", kind, was, is, is-was, len(left))
		if is != was {
			l.t.Errorf("%s: %+d, and new are %.2000q", kind, is-was, after.more(before.residue, kind))
		}
		if !slices.Contains(ofTheMachine, kind) && len(left) > 0 {
			l.t.Errorf("%s are left when the server has ended: %q", kind, left)
		}
	}
	more := after.goroutines - before.goroutines
	fmt.Fprintf(out, "goroutines of the server\t%.0f\t%.0f\t%+.0f\t\t\n", before.goroutines, after.goroutines, more)
	if more != 0 {
		l.t.Errorf("goroutines of the server: %+.0f", more)
	}
	const mib = 1 << 20
	more = after.resident - before.resident
	fmt.Fprintf(out, "memory of the server, MiB\t%.1f\t%.1f\t%+.1f of %d\t\t\n", before.resident/mib, after.resident/mib, more/mib, mayGrow/mib)
	if more > mayGrow {
		l.t.Errorf("the server is larger by %.1f MiB", more/mib)
	}
	_ = out.Flush()
	return text.String()
}
