package machine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// held names the lock file that this binary is to hold instead of testing.
const held = "BENCHCELL_TEST_HOLD"

func TestMain(m *testing.M) {
	path := os.Getenv(held)
	if path == "" {
		os.Exit(m.Run())
	}
	_, err := NewLock(path).Acquire(context.Background(), true, "the other process")
	fmt.Println("held", err)
	_, _ = io.Copy(io.Discard, os.Stdin) // until it is let go
}

// otherProcess holds the lock until let go of, or killed.
func otherProcess(t *testing.T, path string) (letGo func(), kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), held+"="+path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held <nil>\n" {
		t.Fatalf("the other process said %q, %v", line, err)
	}
	return func() { _ = in.Close() }, func() { _ = cmd.Process.Kill() }
}

// lockFile is a path for a lock of the test alone.
func lockFile(t *testing.T) string { return filepath.Join(t.TempDir(), "measure.lock") }

func acquire(t *testing.T, l *Lock, exclusive bool, what string) func() {
	t.Helper()
	release, err := l.Acquire(t.Context(), exclusive, what)
	if err != nil {
		t.Fatal(err)
	}
	return release
}

// blocked says whether an attempt had to wait, and for whom; it gives up then.
func blocked(t *testing.T, path string, exclusive bool) (holder string, waited bool) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	enough := errors.New("waited enough")
	l := NewLock(path)
	l.Waiting = func(h string) {
		if waited {
			t.Error("told twice")
		}
		holder, waited = h, true
		cancel(enough)
	}
	release, err := l.Acquire(ctx, exclusive, "an attempt")
	if err == nil {
		release()
	} else if !waited || !errors.Is(err, enough) {
		t.Errorf("got %v", err)
	}
	return holder, waited
}

func TestOneMeasurementAtATimeWhileTestsShare(t *testing.T) {
	for _, c := range []struct{ first, second, waits bool }{
		{true, true, true}, {true, false, true}, {false, true, true}, {false, false, false},
	} {
		path := lockFile(t)
		release := acquire(t, NewLock(path), c.first, "sort")
		if _, waited := blocked(t, path, c.second); waited != c.waits {
			t.Errorf("exclusive %v beside %v: waited %v", c.second, c.first, waited)
		}
		release()
		if _, waited := blocked(t, path, c.second); waited {
			t.Error("waited for a lock that was given back")
		}
	}
}

func TestOneWhoWaitsGetsItsTurn(t *testing.T) {
	path := lockFile(t)
	release := acquire(t, NewLock(path), true, "first")
	waiting, got := make(chan string, 1), make(chan error)
	l := NewLock(path)
	l.Waiting = func(h string) { waiting <- h }
	go func() {
		release, err := l.Acquire(t.Context(), true, "second")
		if err == nil {
			release()
		}
		got <- err
	}()
	<-waiting
	release()
	if err := <-got; err != nil {
		t.Error(err)
	}
}

func TestTheHolderIsNamed(t *testing.T) {
	path := lockFile(t)
	release := acquire(t, NewLock(path), true, `Profile Query "single"`)
	want := fmt.Sprintf(`process %d (Profile Query "single")`, os.Getpid())
	if holder, _ := blocked(t, path, true); holder != want {
		t.Errorf("told of %q, want %q", holder, want)
	}
	release()
	defer acquire(t, NewLock(path), false, "tests")()
	if holder, _ := blocked(t, path, true); holder != "another benchcell" {
		t.Errorf("told of %q, which holds it no more", holder)
	}
}

func TestAHolderThatWroteNonsenseIsAnother(t *testing.T) {
	path := lockFile(t)
	defer acquire(t, NewLock(path), true, "sort")()
	for _, text := range []string{"", "{", strings.Repeat("x", 1<<20), `{"pid":"x"}`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if holder, _ := blocked(t, path, true); holder != "another benchcell" {
			t.Errorf("told of %.60q", holder)
		}
	}
}

func TestWhoHasGivenUpGetsNoLock(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := lockFile(t)
	if _, err := NewLock(path).Acquire(ctx, true, "late"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, waited := blocked(t, path, true); waited {
		t.Error("it holds the lock all the same")
	}
}

func TestAnotherProcess(t *testing.T) {
	path := lockFile(t)
	letGo, _ := otherProcess(t, path)
	holder, waited := blocked(t, path, true)
	if !waited || !strings.HasSuffix(holder, "(the other process)") || strings.Contains(holder, fmt.Sprint(os.Getpid())) {
		t.Errorf("waited %v for %q", waited, holder)
	}
	letGo()
	acquire(t, NewLock(path), true, "ours")()
}

func TestAProcessThatIsKilledHoldsNothing(t *testing.T) {
	path := lockFile(t)
	_, kill := otherProcess(t, path)
	kill()
	acquire(t, NewLock(path), true, "ours")()
}

func TestAProgramThatWeStartDoesNotInheritTheLock(t *testing.T) {
	path := lockFile(t)
	release := acquire(t, NewLock(path), true, "ours")
	child := exec.Command("cat")
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	release()
	if _, waited := blocked(t, path, true); waited {
		t.Error("a child holds the lock")
	}
	_ = in.Close()
	if err := child.Wait(); err != nil {
		t.Error(err)
	}
}

func TestNoFolderForTheLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gone", "lock")
	if _, err := NewLock(path).Acquire(t.Context(), true, "x"); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
	link := filepath.Join(t.TempDir(), "link") // put there for us to write through
	if err := os.Symlink("/etc/hostname", link); err != nil {
		t.Fatal(err)
	}
	if _, err := NewLock(link).Acquire(t.Context(), true, "x"); err == nil {
		t.Error("a link was followed")
	}
}
