package runner

import (
	"os"
	"slices"
	"strings"

	"benchcell/internal/sandbox/weaken"
)

// namespaceNames are the namespaces of a view, as /proc names them.
var namespaceNames = []string{"pid", "mnt", "ipc", "uts", "net", "cgroup", "user"}

// Separate are the namespaces that a boundary with a root of its own has for itself.
func Separate() []string {
	names := []string{"mnt"}
	for _, n := range []struct{ name, defence string }{
		{"pid", "pid-namespace"}, {"ipc", "ipc-namespace"}, {"uts", "uts-namespace"}, {"net", "network"}, {"cgroup", "cgroup-namespace"},
	} {
		if !weaken.Off(n.defence) {
			names = append(names, n.name)
		}
	}
	return names
}

// ownNamespaces are those of this process.
func ownNamespaces() []string {
	var list []string
	for _, name := range namespaceNames {
		link, _ := os.Readlink("/proc/self/ns/" + name) // a system without it has none to share
		list = append(list, link)
	}
	return list
}

// Apart compares the namespaces of a program inside with those of this process.
func (v *View) Apart(wanted []string) Protection {
	return v.apart(ownNamespaces(), wanted)
}

func (v *View) apart(ours, wanted []string) Protection {
	p := Protection{Name: "namespaces", Asked: strings.Join(wanted, ", "), How: "inode numbers in /proc/self/ns, compared with the server's", Must: true}
	var apart []string
	for _, name := range wanted {
		i := slices.Index(namespaceNames, name)
		if i < min(len(v.Namespaces), len(ours)) && v.Namespaces[i] != "" && ours[i] != "" && v.Namespaces[i] != ours[i] {
			apart = append(apart, name)
		}
	}
	if len(apart) == len(wanted) {
		p.Seen = strings.Join(apart, ", ")
	}
	return p
}
