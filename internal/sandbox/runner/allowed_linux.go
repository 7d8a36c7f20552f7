package runner

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// Allowed lists the processors that the main thread of a process may use, in the
// kernel's way: "0-3,8". It is "" if the kernel does not say. For a runner that is the
// thread which starts the programs; to ask the runner itself takes two changes of
// context, and to read its status forty times as long.
func Allowed(pid int) string {
	var set unix.CPUSet
	if unix.SchedGetaffinity(pid, &set) != nil {
		return ""
	}
	var list []string
	for id, left := 0, set.Count(); left > 0; id++ {
		if !set.IsSet(id) {
			continue
		}
		first := id
		for ; set.IsSet(id); id++ {
			left--
		}
		if list = append(list, fmt.Sprint(first)); id-1 > first {
			list[len(list)-1] += fmt.Sprintf("-%d", id-1)
		}
	}
	return strings.Join(list, ",")
}
