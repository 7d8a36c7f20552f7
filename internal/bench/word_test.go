package bench

import (
	"errors"
	"io/fs"
	"testing"
)

func TestErrorKeepsItsCauseAndTellsItsHint(t *testing.T) {
	err := error(Errorf(CodeStorage, "open the store: %w", fs.ErrNotExist).WithHint("make %s", "it"))
	if err.Error() != "open the store: file does not exist; make it" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if CodeOf(errors.Join(errors.New("x"), err)) != CodeStorage || CodeOf(errors.New("x")) != CodeInternal {
		t.Error("the code of a wrapped or a foreign error is wrong")
	}
}

func TestIsolationsByName(t *testing.T) {
	for _, i := range Isolations {
		if got, err := ParseIsolation(string(i)); err != nil || got != i {
			t.Errorf("%s: %v, %v", i, got, err)
		}
	}
	for _, s := range []string{"", "Process", "docker", "true"} {
		if _, err := ParseIsolation(s); CodeOf(err) != CodeInvalid {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestWeakerIsOneStep(t *testing.T) {
	for from, want := range map[Isolation]Isolation{Container: Process, Process: InProcess, InProcess: "", "other": ""} {
		if got, ok := from.Weaker(); got != want || ok != (want != "") {
			t.Errorf("%s: %s, %v", from, got, ok)
		}
	}
	if InProcess.Isolated() || !Process.Isolated() || !Container.Isolated() {
		t.Error("only in-process is not isolated")
	}
}

func TestBellWakesAllWhoWaitAndLosesNoRing(t *testing.T) {
	b := NewBell()
	first, second := b.Next(), b.Next()
	b.Ring()
	<-first
	<-second
	next := b.Next()
	select {
	case <-next:
		t.Error("an old ring is heard again")
	default:
	}
	b.Ring()
	<-next
}
