// Package seccomp is the one policy for the system calls of strangers' code. It
// is stated in the types of the runtime specification and written out as the
// profile that a container engine takes.
//
// What is not listed is refused. The list is what compilers, interpreters and
// their programs need for computing, files, threads, pipes and loopback. Left
// out, among others: keyrings, bpf, perf events, userfaultfd, io_uring, mounts,
// namespaces, modules, ptrace, other processes' memory, the clocks' setters,
// and every socket family but UNIX, IPv4 and IPv6 and the plain netlink that
// libc needs to list addresses; and what would change the runner's limits, its
// priority or its processors.
package seccomp

import (
	"encoding/json"
	"fmt"

	specs "github.com/opencontainers/runtime-spec/specs-go"
)

// Errors that refused calls answer with.
const (
	refused = 1  // EPERM
	missing = 38 // ENOSYS, for calls that libraries try first and can do without
)

// Values of Linux. They are stated here because the profile is also written
// where the engine's machine is not this one.
const (
	familyUnix, familyInet, familyInet6, familyNetlink = 1, 2, 10, 16

	netlinkRoute = 0
	ofProcess    = 0 // PRIO_PROCESS

	// namespaces are the flags of clone that make one: mount, cgroup, uts, ipc,
	// user, pid, net, time.
	namespaces = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000 | 0x80
)

// Policy is the policy for one architecture in Go's name for it.
func Policy(arch string) (*specs.LinuxSeccomp, error) {
	name, ok := map[string]specs.Arch{"amd64": specs.ArchX86_64, "arm64": specs.ArchAARCH64}[arch]
	if !ok {
		return nil, fmt.Errorf("there is no system call policy for %s", arch)
	}
	def, absent := uint(refused), uint(missing)
	return &specs.LinuxSeccomp{
		DefaultAction:   specs.ActErrno,
		DefaultErrnoRet: &def,
		Architectures:   []specs.Arch{name}, // no other: their calls have other numbers
		Syscalls: append(conditional(),
			specs.LinuxSyscall{Names: allowed, Action: specs.ActAllow},
			// Each rule states its answer: old engines know no default one.
			specs.LinuxSyscall{Names: probed, Action: specs.ActErrno, ErrnoRet: &absent},
		),
	}, nil
}

// Profile is the policy as a container engine reads it.
func Profile(arch string) (string, error) {
	policy, err := Policy(arch)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(policy)
	return string(text), err
}

// conditional lists calls that are allowed for some arguments only. Rules for
// one call are alternatives.
func conditional() []specs.LinuxSyscall {
	allow := func(name string, args ...specs.LinuxSeccompArg) specs.LinuxSyscall {
		return specs.LinuxSyscall{Names: []string{name}, Action: specs.ActAllow, Args: args}
	}
	is := func(index uint, value uint64) specs.LinuxSeccompArg {
		return specs.LinuxSeccompArg{Index: index, Value: value, Op: specs.OpEqualTo}
	}
	rules := []specs.LinuxSyscall{
		// No new namespace of any kind.
		allow("clone", hasBits(0, namespaces, 0)),
		// Limits of one's own: the runner of a container has the same user.
		allow("prlimit64", hasBits(0, 0xffffffff, 0)),
		allow("prlimit64", is(2, 0)), // which only reads
		// Listing addresses, which is all that libc wants of netlink.
		allow("socket", is(0, familyNetlink), is(2, netlinkRoute)),
	}
	for _, family := range []uint64{familyUnix, familyInet, familyInet6} {
		rules = append(rules, allow("socket", is(0, family)))
	}
	for _, name := range []string{"sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler"} {
		for _, other := range notFirst(0) {
			rules = append(rules, allow(name, other))
		}
	}
	for _, other := range notFirst(1) {
		rules = append(rules, allow("setpriority", is(0, ofProcess), other))
	}
	for _, persona := range []uint64{0, 0x0008, 0x20000, 0x20008, 0xffffffff} {
		rules = append(rules, allow("personality", is(0, persona)))
	}
	return rules
}

// notFirst are alternatives, one of which holds for every process or thread but the
// first, the runner, which nobody inside may slow down: a program would outrun the
// clocks that it keeps. No filter can say "not equal" of half a register, which is
// all that the kernel looks at.
func notFirst(index uint) []specs.LinuxSeccompArg {
	const mostBits = 22 // of a process's number
	list := []specs.LinuxSeccompArg{hasBits(index, 0xffffffff, 0)}
	for bit := uint64(2); bit < 1<<mostBits; bit <<= 1 {
		list = append(list, hasBits(index, bit, bit))
	}
	return list
}

func hasBits(index uint, mask, want uint64) specs.LinuxSeccompArg {
	return specs.LinuxSeccompArg{Index: index, Value: mask, ValueTwo: want, Op: specs.OpMaskedEqual}
}

// probed calls are tried by libraries that fall back where they are missing.
// clone3 hides its flags in memory, where no filter can see them.
var probed = []string{"clone3", "io_uring_setup", "io_uring_enter", "io_uring_register", "rseq_slice_yield"}
