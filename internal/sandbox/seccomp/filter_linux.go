package seccomp

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"runtime"
	"slices"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/net/bpf"
)

// What a filter answers, and where it finds what is asked, in the kernel's
// struct seccomp_data.
const (
	allow       = 0x7fff0000
	fail        = 0x00050000 // with the errno below
	killProcess = 0x80000000

	offsetNumber, offsetArch, offsetArgs = 0, 4, 16
)

// Filter is the policy as the kernel of this machine takes it: a program of BPF
// instructions of eight bytes each.
func Filter() ([]byte, error) {
	program, err := assemble()
	if err != nil {
		return nil, err
	}
	var text []byte
	for _, i := range program {
		text = binary.NativeEndian.AppendUint16(text, i.Op)
		text = append(text, i.Jt, i.Jf)
		text = binary.NativeEndian.AppendUint32(text, i.K)
	}
	return text, nil
}

func assemble() ([]bpf.RawInstruction, error) {
	program, err := instructions()
	if err != nil {
		return nil, err
	}
	return bpf.Assemble(program)
}

// instructions refuse foreign architectures, whose calls have other numbers, by
// the end of the process, and then look the number up.
func instructions() ([]bpf.Instruction, error) {
	policy, err := Policy(runtime.GOARCH)
	if err != nil {
		return nil, err
	}
	tree, err := search(spans(policy))
	return append([]bpf.Instruction{
		bpf.LoadAbsolute{Off: offsetArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: hostArch, SkipTrue: 1},
		bpf.RetConstant{Val: killProcess},
		bpf.LoadAbsolute{Off: offsetNumber, Size: 4},
	}, tree...), err
}

// span is a run of numbers that get the same answer, up to the next one's first.
type span struct {
	first uint32
	rules []specs.LinuxSyscall // alternatives with arguments; none match: refused
	value uint32               // without rules
}

func (s span) plain() bool { return len(s.rules) == 0 }

// spans covers all numbers, ascending from 0.
func spans(policy *specs.LinuxSeccomp) []span {
	answers := map[uint32]span{}
	for _, rule := range policy.Syscalls {
		for _, name := range rule.Names {
			n, ok := numbers[name]
			if !ok {
				continue
			}
			s := answers[n]
			if s.first = n; len(rule.Args) > 0 {
				s.rules = append(s.rules, rule)
			} else {
				s.value = answer(rule)
			}
			answers[n] = s
		}
	}
	list := []span{{value: fail | refused}}
	add := func(s span) {
		if last := &list[len(list)-1]; last.first == s.first {
			*last = s
		} else if !s.plain() || !last.plain() || last.value != s.value {
			list = append(list, s)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(answers)) {
		add(answers[n])
		if _, ok := answers[n+1]; !ok {
			add(span{first: n + 1, value: fail | refused})
		}
	}
	return list
}

func answer(rule specs.LinuxSyscall) uint32 {
	if rule.Action == specs.ActAllow {
		return allow
	}
	errno := uint(refused)
	return fail | uint32(*cmp.Or(rule.ErrnoRet, &errno))
}

// search finds the number's span by halves.
func search(list []span) ([]bpf.Instruction, error) {
	if len(list) == 1 {
		return list[0].leaf()
	}
	middle := len(list) / 2
	low, err := search(list[:middle])
	if err != nil {
		return nil, err
	}
	high, err := search(list[middle:])
	if err != nil {
		return nil, err
	}
	// The skip of a condition has eight bits, that of a jump has 32.
	code := []bpf.Instruction{
		bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: list[middle].first, SkipFalse: 1},
		bpf.Jump{Skip: uint32(len(low))},
	}
	return slices.Concat(code, low, high), nil
}

// leaf answers for one span.
func (s span) leaf() ([]bpf.Instruction, error) {
	if s.plain() {
		return []bpf.Instruction{bpf.RetConstant{Val: s.value}}, nil
	}
	var code []bpf.Instruction
	for _, rule := range s.rules {
		if rule.Action != specs.ActAllow {
			return nil, fmt.Errorf("the rule for %v has arguments and does not allow", rule.Names)
		}
		one, err := conditions(rule.Args)
		if err != nil {
			return nil, err
		}
		code = append(code, one...)
	}
	return append(code, bpf.RetConstant{Val: fail | refused}), nil
}

// conditions allow if all of them hold, and otherwise go on behind. An argument
// has 64 bits, which are compared by halves.
func conditions(args []specs.LinuxSeccompArg) ([]bpf.Instruction, error) {
	code := []bpf.Instruction{bpf.RetConstant{Val: allow}}
	for _, arg := range slices.Backward(args) {
		mask, want := ^uint64(0), arg.Value
		switch arg.Op {
		case specs.OpEqualTo:
		case specs.OpMaskedEqual:
			mask, want = arg.Value, arg.ValueTwo
		default:
			return nil, fmt.Errorf("no filter is written for the comparison %s", arg.Op)
		}
		low := offsetArgs + 8*uint32(arg.Index) // both architectures are little-endian
		code = append(compare(low+4, uint32(mask>>32), uint32(want>>32), len(code)), code...)
		code = append(compare(low, uint32(mask), uint32(want), len(code)), code...)
	}
	return code, nil
}

// compare goes on if the word has the wanted bits, and skips the rest otherwise.
func compare(offset, mask, want uint32, rest int) []bpf.Instruction {
	return []bpf.Instruction{
		bpf.LoadAbsolute{Off: offset, Size: 4},
		bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: mask},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: want, SkipFalse: uint8(rest)},
	}
}
