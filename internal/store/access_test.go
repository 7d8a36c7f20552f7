package store

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"benchcell/internal/bench"
)

func hash(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

func TestTokensAreKeptUntilTheyAreRevoked(t *testing.T) {
	s, ctx, now := openIn(t, Options{}), t.Context(), time.Now().UTC().Truncate(time.Millisecond)
	for i, name := range []string{"ci", "phone"} {
		token := bench.Token{ID: name + "-id", Name: name, Role: bench.Runner, CreatedAt: now, ExpiresAt: new(now.Add(time.Hour))}
		if err := s.SaveToken(ctx, token, hash(byte(i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SaveToken(ctx, bench.Token{ID: "x", Name: "ci", Role: bench.Admin}, hash(9)); bench.CodeOf(err) != bench.CodeConflict {
		t.Errorf("a second of that name: %v", err)
	}
	if err := s.SaveToken(ctx, bench.Token{ID: "x", Name: "y", Role: "owner"}, hash(9)); err == nil {
		t.Error("a role that is none was stored")
	}
	if err := s.TouchToken(ctx, "ci-id", now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	got, err := s.TokenByHash(ctx, hash(0))
	if err != nil || got.Name != "ci" || got.Role != bench.Runner || !got.LastUsedAt.Equal(now.Add(time.Minute)) || !got.ExpiresAt.Equal(now.Add(time.Hour)) {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := s.SaveSession(ctx, hash(7), hash(0), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if name, err := s.RevokeToken(ctx, "ci-id"); name != "ci" || err != nil {
		t.Errorf("revoked %q, %v", name, err)
	}
	if got, err := s.TokenByHash(ctx, hash(0)); got != nil || err != nil {
		t.Errorf("revoked, and %+v, %v", got, err)
	}
	if token, err := s.SessionToken(ctx, hash(7), now); token != nil || err != nil {
		t.Errorf("the token is gone and its login holds: %v, %v", token, err)
	}
	if _, err := s.RevokeToken(ctx, "ci-id"); bench.CodeOf(err) != bench.CodeNotFound {
		t.Errorf("revoked twice: %v", err)
	}
	if list, err := s.Tokens(ctx); err != nil || len(list) != 1 || list[0].Name != "phone" || list[0].LastUsedAt != nil {
		t.Errorf("left are %+v, %v", list, err)
	}
}

func TestALoginEnds(t *testing.T) {
	s, ctx, now := openIn(t, Options{}), t.Context(), time.Now()
	for i := range 3 {
		if err := s.SaveSession(ctx, hash(byte(i)), hash(9), now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if token, err := s.SessionToken(ctx, hash(0), now); !bytes.Equal(token, hash(9)) || err != nil {
		t.Errorf("got %v, %v", token, err)
	}
	if token, err := s.SessionToken(ctx, hash(0), now.Add(time.Hour)); token != nil || err != nil {
		t.Errorf("past its time: %v, %v", token, err)
	}
	if err := s.EndSession(ctx, hash(1)); err != nil {
		t.Fatal(err)
	}
	if token, err := s.SessionToken(ctx, hash(1), now); token != nil || err != nil {
		t.Errorf("logged out: %v, %v", token, err)
	}
}

func TestTheAuditLogIsReadInPagesAndKeepsWhatWasDone(t *testing.T) {
	s, ctx := openIn(t, Options{KeepAudit: 10}), t.Context()
	add := func(n int, outcome bench.AuditOutcome) {
		for i := range n {
			s.Audit(bench.AuditEntry{At: time.Now(), Who: "ci", Door: bench.DoorToken, Address: "10.0.0.1", Action: "create-run", Target: fmt.Sprint(outcome, i), Outcome: outcome})
		}
	}
	add(5, bench.AuditDone)
	add(100, bench.AuditRefused)
	page, next, err := s.AuditLog(ctx, "", 60)
	if err != nil || len(page) != 60 || page[0].Target != "refused99" || page[0].Who != "ci" || page[0].Address != "10.0.0.1" {
		t.Fatalf("%d, %+v, %v", len(page), page[:1], err)
	}
	if rest, end, err := s.AuditLog(ctx, next, 60); err != nil || len(rest) != 45 || end != "" || rest[44].Target != "done0" || rest[0].Target != "refused39" {
		t.Errorf("%d, then %q, %v", len(rest), end, err)
	}
	for _, cursor := range []string{"x", "-1", "1e3"} {
		if _, _, err := s.AuditLog(ctx, cursor, 1); bench.CodeOf(err) != bench.CodeInvalid {
			t.Errorf("cursor %q: %v", cursor, err)
		}
	}
	if err := s.Tidy(ctx); err != nil {
		t.Fatal(err)
	}
	kept, _, err := s.AuditLog(ctx, "", 100)
	if err != nil || len(kept) != 10 || kept[9].Target != "done0" || kept[4].Target != "refused95" {
		t.Errorf("%d are kept, %+v, %v", len(kept), kept, err)
	}
	add(20, bench.AuditDone)
	if err := s.Tidy(ctx); err != nil {
		t.Fatal(err)
	}
	if kept, _, err = s.AuditLog(ctx, "", 100); err != nil || len(kept) != 10 || kept[9].Target != "done10" {
		t.Errorf("%d are kept, %+v, %v", len(kept), kept, err)
	}
}

func TestOneClientDoesNotFillTheQueue(t *testing.T) {
	s := openIn(t, Options{MaxQueue: 10, MaxShare: 4})
	by := func(name string, door bench.Door, id string) error {
		ctx := bench.WithCaller(t.Context(), bench.Caller{Name: name, Door: door})
		return s.Submit(ctx, []bench.Submission{submission(id, "a")}, nil)
	}
	for i := range 4 {
		if err := by("ci", bench.DoorToken, fmt.Sprint("ci", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := by("ci", bench.DoorSession, "ci4"); bench.CodeOf(err) != bench.CodeQueueShare {
		t.Errorf("past its share: %v", err)
	}
	if err := by("you", bench.DoorToken, "you0"); err != nil {
		t.Errorf("another client: %v", err)
	}
	for i := range 5 {
		if err := by("operator", bench.DoorOperator, fmt.Sprint("o", i)); err != nil {
			t.Errorf("the operator's %d: %v", i, err)
		}
	}
	if err := by("operator", bench.DoorOperator, "o9"); bench.CodeOf(err) != bench.CodeQueueFull {
		t.Errorf("the queue is full for all: %v", err)
	}
}
