package seccomp

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"runtime"
	"testing"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// ask has the filter answer for one call. The machine of package bpf reads in
// network order, so each word is written that way.
func ask(t *testing.T, vm *bpf.VM, arch, number uint32, args [6]uint64) uint32 {
	t.Helper()
	var data []byte
	for _, word := range []uint32{number, arch, 0, 0} {
		data = binary.BigEndian.AppendUint32(data, word)
	}
	for _, a := range args {
		data = binary.BigEndian.AppendUint32(data, uint32(a))
		data = binary.BigEndian.AppendUint32(data, uint32(a>>32))
	}
	got, err := vm.Run(data)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(got)
}

// expected reads the engine's profile, the text itself, for one call.
func expected(profile *specs.LinuxSeccomp, name string, args [6]uint64) uint32 {
	for _, rule := range profile.Syscalls {
		for _, n := range rule.Names {
			if n != name || !holds(rule.Args, args) {
				continue
			}
			if rule.Action == specs.ActAllow {
				return allow
			}
			return fail | uint32(*rule.ErrnoRet)
		}
	}
	return fail | uint32(*profile.DefaultErrnoRet)
}

func holds(conditions []specs.LinuxSeccompArg, args [6]uint64) bool {
	for _, c := range conditions {
		v := args[c.Index]
		if c.Op == specs.OpMaskedEqual && v&c.Value != c.ValueTwo || c.Op == specs.OpEqualTo && v != c.Value {
			return false
		}
	}
	return true
}

// The filter of a process and the profile of a container are one policy: they
// answer alike for every number and for arguments on all sides of a condition.
func TestFilterAnswersAsTheProfile(t *testing.T) {
	text, err := Profile(runtime.GOARCH)
	if err != nil {
		t.Fatal(err)
	}
	var profile specs.LinuxSeccomp
	if err := json.Unmarshal([]byte(text), &profile); err != nil {
		t.Fatal(err)
	}
	program, err := instructions()
	if err != nil {
		t.Fatal(err)
	}
	vm, err := bpf.NewVM(program)
	if err != nil {
		t.Fatal(err)
	}
	names := map[uint32]string{}
	for name, n := range numbers {
		names[n] = name
	}
	interesting := []uint64{
		0, 1, 2, 3, 8, 10, 16, 17, 38, 40, 0x20000, 0x20008, 0x10000000, 0x7e020080, 0x4000000, 0x1200011,
		0xffffffff, 1 << 32, 1<<32 | 1, 1<<32 | 16, math.MaxUint64,
	}
	for n := range uint32(1024) {
		for _, a := range interesting {
			for _, c := range interesting {
				args := [6]uint64{a, 0, c}
				if got, want := ask(t, vm, hostArch, n, args), expected(&profile, names[n], args); got != want {
					t.Fatalf("call %d (%s) with %#x: the filter says %#x, the profile %#x", n, names[n], args, got, want)
				}
			}
		}
	}
	for _, n := range []uint32{0x40000000, 0x40000000 | unix.SYS_WRITE, 0x7fffffff, math.MaxUint32} { // x32 among them
		if got := ask(t, vm, hostArch, n, [6]uint64{}); got != fail|refused {
			t.Errorf("call %#x: %#x", n, got)
		}
	}
}

func TestForeignArchitecturesAreRefused(t *testing.T) {
	program, err := instructions()
	if err != nil {
		t.Fatal(err)
	}
	vm, err := bpf.NewVM(program)
	if err != nil {
		t.Fatal(err)
	}
	for _, arch := range []uint32{unix.AUDIT_ARCH_I386, unix.AUDIT_ARCH_ARM, unix.AUDIT_ARCH_RISCV64, hostArch ^ 1, 0} {
		if got := ask(t, vm, arch, unix.SYS_GETPID, [6]uint64{}); got != killProcess {
			t.Errorf("architecture %#x: %#x", arch, got)
		}
	}
}

// A name that is spelled wrongly would be refused without a word.
func TestNamesAreKnown(t *testing.T) {
	const onlyThere = 40 // calls of amd64 that arm64 never had
	missing := 0
	for _, name := range append(append(conditionally(), allowed...), probed...) {
		if _, ok := numbers[name]; !ok && name != "rseq_slice_yield" {
			missing++
			if runtime.GOARCH == "amd64" {
				t.Errorf("%s has no number", name)
			}
		}
	}
	if missing > onlyThere {
		t.Errorf("%d calls have no number", missing)
	}
}
