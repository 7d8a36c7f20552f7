package hostile

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"benchcell/internal/bench"
)

var viewCases = []Case{
	{
		Name: "descriptors", Does: "lists the descriptors that it was born with", On: every,
		Verdicts: ends(bench.OK), Defence: "descriptors", Judge: onlyStreams,
	},
	{
		Name: "host-files", Does: "opens files of the host and the engine's doors", On: enclosed, Args: []string{"{canary}", "{canary}/canary"},
		Verdicts: ends(bench.OK), Defence: "host", Judge: refused(12, "ENOENT", "EACCES", "EPERM", "ENXIO", "EIO", "ENOTDIR"),
	},
	{
		Name: "environment", Does: "reads its own environment", On: every, Program: "host-view",
		Verdicts: ends(bench.OK), Defence: "environment", Judge: noSecret,
	},
	{
		Name: "hostname", Does: "reads the host's name", On: enclosed, Program: "host-view",
		Verdicts: ends(bench.OK), Defence: "uts-namespace", Judge: neutralName,
	},
	{
		Name: "processes", Does: "lists processes, and reads their environment", On: enclosed, Program: "host-view",
		Verdicts: ends(bench.OK), Defence: "pid-namespace", Judge: fewProcesses,
	},
	{
		Name: "core-dump", Does: "has a child die with a dump", On: every,
		Verdicts: ends(bench.OK), Defence: "core", Judge: all(says("core limit", "0"), silent("dumped")),
	},
	{
		Name: "terminal", Does: "looks for the terminal of whoever started the server, and types into it", On: every,
		Verdicts: ends(bench.OK), Defence: "session", Instead: map[Boundary]string{Sandboxed: "session,host", Container: ""},
		Judge: refused(6, "ENXIO", "ENOENT", "ENOTTY", "EACCES", "EPERM", "EIO"),
	},
	standing("no-capabilities", "capabilities", "has no capability, not even to gain", func(s *Seen) error {
		for _, set := range []string{"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"} {
			if strings.Trim(s.Status[set], "0") != "" {
				return fmt.Errorf("%s is %s", set, s.Status[set])
			}
		}
		return nil
	}),
	standing("no-root", "user", "is nobody on the host", func(s *Seen) error {
		if slices.Contains(append(strings.Fields(s.Status["Uid"]), strings.Fields(s.Status["Gid"])...), "0") || s.Status["Groups"] == "0" {
			return fmt.Errorf("its users are %s, its groups %s and %s", s.Status["Uid"], s.Status["Gid"], s.Status["Groups"])
		}
		return nil
	}),
	standing("no-new-privileges", "privileges", "can gain no privilege by a program", wantStatus("NoNewPrivs", "1")),
	standing("filtered", "system-calls", "has its system calls filtered", wantStatus("Seccomp", "2")),
	standing("own-network", "network", "has a network of its own", ownNamespace("net")),
	standing("own-processes", "pid-namespace", "has processes of its own", ownNamespace("pid")),
	standing("own-ipc", "ipc-namespace", "has System V objects and queues of its own", ownNamespace("ipc")),
	standing("own-name", "uts-namespace", "has a host name of its own", ownNamespace("uts")),
}

// standing is a case whose program does nothing: it is looked at from outside.
func standing(name, defence, does string, judge func(*Seen) error) Case {
	return Case{
		Name: name, Does: "stands still and is seen from outside: it " + does, On: enclosed, Program: "stand", Look: true,
		Verdicts: ends(bench.OK), Defence: defence, Judge: func(t *Trial) error {
			if len(t.Seen) == 0 {
				return notApplicable("its processes can't be seen from this machine: the boundary has a kernel or a machine of its own")
			}
			for i := range t.Seen {
				if err := judge(&t.Seen[i]); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func wantStatus(key, want string) func(*Seen) error {
	return func(s *Seen) error {
		if s.Status[key] != want {
			return fmt.Errorf("%s is %q, and must be %s", key, s.Status[key], want)
		}
		return nil
	}
}

// ownNamespace compares a namespace with this process's own.
func ownNamespace(kind string) func(*Seen) error {
	return func(s *Seen) error {
		ours, err := os.Readlink("/proc/self/ns/" + kind)
		if err != nil {
			return err
		}
		theirs, ok := s.Namespaces[kind]
		if !ok {
			return notApplicable("only root may see the namespaces of other processes")
		}
		if theirs == ours {
			return fmt.Errorf("it shares the namespace %s with the server", theirs)
		}
		return nil
	}
}

func onlyStreams(t *Trial) error {
	list := findings(t.Outcome)
	for i, f := range list {
		if f.name != fmt.Sprintf("descriptor %d", i) {
			return fmt.Errorf("it was born with %s, %s", f.name, f.answer)
		}
	}
	if len(list) != 3 {
		return fmt.Errorf("it was born with %d descriptors, and three are its streams", len(list))
	}
	return nil
}

func noSecret(t *Trial) error {
	if strings.Contains(string(t.Outcome.Output.Stdout), Secret) {
		return fmt.Errorf("it knows a secret of the server's environment")
	}
	return t.says(t.Outcome, "environment", "PATH="+path)
}

func neutralName(t *Trial) error {
	name, err := os.Hostname()
	if err != nil {
		return err
	}
	for _, f := range findings(t.Outcome) {
		if f.name == "hostname" && f.answer == name {
			return fmt.Errorf("it knows that it runs on %s", name)
		}
	}
	return nil
}

func fewProcesses(t *Trial) error {
	const few = 4
	if n := t.number("processes"); n < 1 || n > few {
		return fmt.Errorf("it sees %d processes", n)
	}
	return noSecret(t)
}
