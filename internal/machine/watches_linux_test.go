package machine

import (
	"os"
	"testing"
	"testing/synctest"
	"time"
)

func TestAWatchIsLentAgain(t *testing.T) {
	root := hostOf(t, map[string]string{"/proc/stat": statText, "/proc/vmstat": "pswpin 0\n"})
	synctest.Test(t, func(t *testing.T) {
		var w Watches
		lend := func(cpus ...int) *LentWatch {
			l, err := w.Lend(root, cpus)
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		first := lend(0, 1)
		beside := lend(0, 1)
		if first == beside || first.Processors() != 2 {
			t.Error("one watch is lent to two at a time")
		}
		_, _ = first.Close(), beside.Close()
		if lend(0, 1) != beside {
			t.Error("none is lent again")
		}
		if _, err := first.stat.Stat(); err == nil {
			t.Error("more than one is kept open")
		}
		_ = beside.Close()
		other := lend(1)
		if other == beside || other.Processors() != 1 {
			t.Error("a watch of other processors is lent")
		}
		_ = other.Close()
		time.Sleep(asOpened)
		if lend(1) == other {
			t.Error("a watch is lent for ever")
		}
	})
	if err := os.RemoveAll(root); err != nil {
		t.Fatal(err)
	}
	if _, err := new(Watches).Lend(root, nil); err == nil {
		t.Error("nothing is watched")
	}
}
