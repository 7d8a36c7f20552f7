package hostile

import (
	"fmt"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// endCases: how a program ends is told as it was, so that none can pass its end off
// for another. 137 is what a shell makes of SIGKILL.
var endCases = []Case{
	{
		Name: "exit-codes", Does: "exits with each code there is, also those that shells use for signals", On: every,
		Args: []string{"255"}, Again: numbered(0, 254), Verdicts: ends(bench.NonzeroExit),
		Defence: "status", Judge: codesAsTold,
	},
	{
		Name: "signals", Does: "ends itself by each signal that ends a program", On: every,
		Args: []string{"9"}, Again: deadly(), Verdicts: ends(bench.Signaled),
		Defence: "status", Judge: signalsAsTold,
	},
}

func numbered(from, to int) (list [][]string) {
	for n := from; n <= to; n++ {
		list = append(list, []string{strconv.Itoa(n)})
	}
	return list
}

// deadly are the signals that end a program unless it does something about it.
// Those of job control and SIGCHLD, SIGURG and SIGWINCH do not, and 32 and 33 are
// the C library's own.
func deadly() [][]string {
	return append(append(append(numbered(1, 16), numbered(24, 27)...), numbered(29, 31)...), numbered(34, 64)...)
}

func codesAsTold(t *Trial) error {
	for i, o := range t.More {
		if o.Death.How != "exited" || o.Death.Code == nil || *o.Death.Code != i {
			return fmt.Errorf("it has exited with %d, and its end was told as %+v", i, o.Death)
		}
	}
	return exitedWith(255)(t)
}

func signalsAsTold(t *Trial) error {
	list := deadly()
	for i, o := range append([]*sandbox.Outcome{t.Outcome}, t.More...) {
		number := 9
		if i > 0 {
			number, _ = strconv.Atoi(list[i-1][0])
		}
		want := unix.SignalName(syscall.Signal(number))
		if want == "" {
			want = fmt.Sprintf("signal %d", number)
		}
		if o.Death.How != "signaled" || o.Death.Signal == nil || *o.Death.Signal != want {
			return fmt.Errorf("it was ended by %s, and that was told as %+v", want, o.Death)
		}
	}
	return nil
}
