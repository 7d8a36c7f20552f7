package access

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/store"
)

const here = "192.0.2.1"

// open makes an Access over a real store, and tells where that is.
func open(t *testing.T, c Config) (*Access, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	c.Store = s
	if c.Session == 0 {
		c.Session = time.Hour
	}
	a, err := New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return a, dir
}

func create(t *testing.T, a *Access, name string, role bench.Role, expires time.Duration) (string, bench.Token) {
	t.Helper()
	text, token, err := a.CreateToken(t.Context(), name, role, expires)
	if err != nil {
		t.Fatal(err)
	}
	return text, token
}

func TestATokenIsAskedForOnceThereIsOneOrOthersCanReachUs(t *testing.T) {
	alone, _ := open(t, Config{Alone: true})
	if alone.Asked() || alone.Armed() {
		t.Error("nobody else can come, and a token is asked for")
	}
	_, token := create(t, alone, "ci", bench.Viewer, 0)
	if !alone.Asked() {
		t.Error("there is a token and it is not asked for")
	}
	if _, err := alone.RevokeToken(t.Context(), token.ID); err != nil || alone.Asked() {
		t.Errorf("without any token: asked %v, %v", alone.Asked(), err)
	}
	for name, c := range map[string]Config{"others can come": {}, "one is configured": {Alone: true, Token: "x"}} {
		if a, _ := open(t, c); !a.Asked() {
			t.Errorf("%s, and no token is asked for", name)
		}
	}
	// The last one expired: that opens nothing.
	create(t, alone, "short", bench.Viewer, time.Nanosecond)
	if !alone.Asked() {
		t.Error("an expired token opened the door")
	}
}

func TestWhoBearsAToken(t *testing.T) {
	a, _ := open(t, Config{Token: "configured-secret"})
	viewer, _ := create(t, a, "reader", bench.Viewer, 0)
	late, _ := create(t, a, "late", bench.Runner, time.Millisecond)
	time.Sleep(2 * time.Millisecond) // it expires by the clock of the world
	revoked, token := create(t, a, "gone", bench.Admin, 0)
	if _, err := a.RevokeToken(t.Context(), token.ID); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bench.Caller{
		"configured-secret": {Name: Configured, Role: bench.Admin, Door: bench.DoorToken, Address: here},
		viewer:              {Name: "reader", Role: bench.Viewer, Door: bench.DoorToken, Address: here},
	} {
		if got, err := a.ByToken(t.Context(), text, here); got != want || err != nil {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	}
	for name, text := range map[string]string{
		"expired": late, "revoked": revoked, "empty": "", "a part": viewer[:len(viewer)-1], "more": viewer + "x", "another case": strings.ToLower(viewer),
	} {
		if c, err := a.ByToken(t.Context(), text, "198.51.100."+name); bench.CodeOf(err) != bench.CodeUnauthorized || c.Role != "" {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	list, err := a.Store.Tokens(t.Context())
	if err != nil || list[0].Name != "reader" || list[0].LastUsedAt == nil || list[1].LastUsedAt != nil {
		t.Errorf("last used: %+v, %v", list, err)
	}
}

func TestLoginsHoldNoLongerThanTheirToken(t *testing.T) {
	a, dir := open(t, Config{Token: "configured-secret"})
	text, token := create(t, a, "ci", bench.Runner, 0)
	ours, theirs := login(t, a, "configured-secret"), login(t, a, text)
	if c, err := a.BySession(t.Context(), theirs, here); err != nil || c != (bench.Caller{Name: "ci", Role: bench.Runner, Door: bench.DoorSession, Address: here}) {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := a.RevokeToken(t.Context(), token.ID); err != nil {
		t.Fatal(err)
	}
	isOver(t, a, theirs)
	isOver(t, a, "")
	isOver(t, a, strings.Repeat("x", 1<<16))
	again := login(t, a, "configured-secret")
	if err := a.Logout(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	isOver(t, a, again)
	if c, err := a.BySession(t.Context(), ours, here); err != nil || c.Role != bench.Admin {
		t.Errorf("another login was ended: %+v, %v", c, err)
	}
	changed, err := New(t.Context(), Config{Store: a.Store, Token: "another", Session: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	isOver(t, changed, ours) // the operator changed the token
	// Who reads the disk finds nothing to come in with.
	for _, secret := range []string{text, "configured-secret", ours, theirs} {
		eachFile(t, dir, func(path, content string) {
			if strings.Contains(content, secret) {
				t.Errorf("%s holds a secret", path)
			}
		})
	}
}

func login(t *testing.T, a *Access, text string) string {
	t.Helper()
	cookie, _, err := a.Login(t.Context(), text, here)
	if err != nil {
		t.Fatal(err)
	}
	return cookie
}

func isOver(t *testing.T, a *Access, cookie string) {
	t.Helper()
	if c, err := a.BySession(t.Context(), cookie, here); bench.CodeOf(err) != bench.CodeUnauthorized || c.Role != "" {
		t.Errorf("the login is over, and %+v, %v", c, err)
	}
}

func eachFile(t *testing.T, dir string, do func(path, content string)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		do(path, string(text))
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNamesAndRolesOfTokensAreChecked(t *testing.T) {
	a, _ := open(t, Config{})
	for name, make := range map[string]func(context.Context) (string, bench.Token, error){
		"no name": func(ctx context.Context) (string, bench.Token, error) { return a.CreateToken(ctx, "", bench.Viewer, 0) },
		"a line": func(ctx context.Context) (string, bench.Token, error) {
			return a.CreateToken(ctx, "a\nb", bench.Viewer, 0)
		},
		"the configured": func(ctx context.Context) (string, bench.Token, error) {
			return a.CreateToken(ctx, Configured, bench.Viewer, 0)
		},
		"a long name": func(ctx context.Context) (string, bench.Token, error) {
			return a.CreateToken(ctx, strings.Repeat("x", 101), bench.Viewer, 0)
		},
		"no role":      func(ctx context.Context) (string, bench.Token, error) { return a.CreateToken(ctx, "x", "", 0) },
		"another role": func(ctx context.Context) (string, bench.Token, error) { return a.CreateToken(ctx, "x", "root", 0) },
		"a past end": func(ctx context.Context) (string, bench.Token, error) {
			return a.CreateToken(ctx, "x", bench.Viewer, -1)
		},
	} {
		if text, _, err := make(t.Context()); bench.CodeOf(err) != bench.CodeInvalid || text != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if a.Armed() {
		t.Error("one was made")
	}
}
