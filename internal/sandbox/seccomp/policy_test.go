package seccomp

import (
	"encoding/json"
	"slices"
	"testing"

	specs "github.com/opencontainers/runtime-spec/specs-go"
)

// What must never be allowed, whatever else changes.
func TestNeverAllowed(t *testing.T) {
	never := []string{
		"add_key", "keyctl", "request_key", "userfaultfd", "bpf", "perf_event_open", "io_uring_setup", "io_uring_enter",
		"mount", "umount2", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "pivot_root", "chroot",
		"unshare", "setns", "clone3", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp",
		"init_module", "finit_module", "delete_module", "kexec_load", "reboot", "swapon", "swapoff", "settimeofday",
		"clock_settime", "adjtimex", "clock_adjtime", "sethostname", "setdomainname", "iopl", "ioperm", "syslog",
		"quotactl", "acct", "open_by_handle_at", "lookup_dcookie", "vhangup", "nfsservctl", "modify_ldt", "uselib", "ustat", "sysfs",
	}
	for _, name := range never {
		if slices.Contains(allowed, name) {
			t.Errorf("%s is allowed", name)
		}
	}
	for _, name := range conditionally() {
		if slices.Contains(allowed, name) {
			t.Errorf("%s is allowed for all arguments", name)
		}
	}
}

// conditionally lists what is allowed for some arguments only.
func conditionally() (names []string) {
	for _, rule := range conditional() {
		if !slices.Contains(names, rule.Names[0]) {
			names = append(names, rule.Names[0])
		}
	}
	return names
}

// No process but the first is kept from its own priority, and the first is however
// its number is written.
func TestTheRunnerKeepsItsPriority(t *testing.T) {
	for pid, want := range map[uint64]bool{
		0: true, 1: false, 2: true, 3: true, 1 << 8: true, 1<<8 | 1: true, 4194303: true,
		1 << 32: true, 1<<32 | 1: false, 0xffffffff00000001: false,
	} {
		got := slices.ContainsFunc(notFirst(0), func(c specs.LinuxSeccompArg) bool { return pid&c.Value == c.ValueTwo })
		if got != want {
			t.Errorf("process %#x: %v", pid, got)
		}
	}
}

func TestListHasNoDoubles(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range append(slices.Clone(allowed), probed...) {
		if seen[name] {
			t.Errorf("%s stands twice", name)
		}
		seen[name] = true
	}
}

func TestProfile(t *testing.T) {
	for arch, want := range map[string]specs.Arch{"amd64": specs.ArchX86_64, "arm64": specs.ArchAARCH64} {
		text, err := Profile(arch)
		if err != nil {
			t.Fatal(err)
		}
		var back specs.LinuxSeccomp
		if err := json.Unmarshal([]byte(text), &back); err != nil {
			t.Fatal(err)
		}
		if back.DefaultAction != specs.ActErrno || !slices.Equal(back.Architectures, []specs.Arch{want}) {
			t.Errorf("%s: default %s, architectures %v", arch, back.DefaultAction, back.Architectures)
		}
		for _, rule := range back.Syscalls {
			if rule.Action == specs.ActErrno && rule.ErrnoRet == nil {
				t.Errorf("%s: the rule for %v leaves its answer to the engine", arch, rule.Names)
			}
		}
	}
	if _, err := Profile("riscv64"); err == nil {
		t.Error("a policy for an unknown architecture")
	}
}
