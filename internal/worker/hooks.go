package worker

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// build makes the program of its files. It is never timed; if it is not ok, the
// run ends with it and shows its output.
func (t *taking) build(ctx context.Context) (bool, error) {
	b := t.plan.Build
	if b == nil {
		return true, nil
	}
	exec := t.aside(b.Command)
	exec.Build, exec.Limits = true, b.Limits.Over(t.plan.Enforce)
	exec.Timeout = millis(cmp.Or(b.Timeout, t.plan.TimeoutMillis()))
	o, err := t.within(ctx, exec)
	if err != nil || o.Verdict == bench.OK {
		return err == nil, err
	}
	t.note(o)
	if o.Verdict != bench.Cancelled { // which nobody failed at
		t.m.Error = strings.TrimSpace("The build did not end well. " + t.m.Error)
	}
	return false, nil
}

// aside is a command beside the program, where the program runs.
func (t *taking) aside(argv []string) sandbox.Exec {
	exec := t.exec
	exec.Builtin, exec.Argv, exec.Aside = "", argv, true
	return exec
}

// setUp runs the command that readies the boundary for all samples.
func (t *taking) setUp(ctx context.Context) (bool, error) {
	exec := t.aside(t.plan.Setup)
	exec.Build, exec.Limits = true, t.plan.Enforce
	return t.hook(ctx, bench.HookSetup, exec)
}

// surrounded executes the program once, after prepare and before conclude, which
// comes also if the program was not ok.
func (t *taking) surrounded(ctx context.Context, execute func(context.Context) (bool, error)) (bool, error) {
	if ok, err := t.hook(ctx, bench.HookPrepare, t.aside(t.plan.Prepare)); !ok || err != nil {
		return false, err
	}
	ok, err := execute(ctx)
	if err != nil || len(t.plan.Conclude) == 0 || context.Cause(ctx) != nil {
		return ok, err
	}
	o, err := t.undo(ctx, t.plan.Conclude)
	if err != nil || o.Verdict == bench.OK {
		return ok, err
	}
	t.blame(bench.HookConclude, o)
	return false, nil
}

// undo runs a command that undoes something: it finds what is there, and no
// budget cuts it short.
func (t *taking) undo(ctx context.Context, argv []string) (*sandbox.Outcome, error) {
	exec := t.aside(argv)
	exec.Continue = true
	o, err := t.session.Run(ctx, exec)
	t.quiet.spent(o)
	return o, err
}

// hook runs a command beside the program, if there is one. If it is not ok the
// run ends with it and shows its output.
func (t *taking) hook(ctx context.Context, name string, exec sandbox.Exec) (bool, error) {
	if len(exec.Argv) == 0 {
		return true, nil
	}
	o, err := t.within(ctx, exec)
	if err != nil || o.Verdict == bench.OK {
		return err == nil, err
	}
	t.blame(name, o)
	return false, nil
}

// blame says which command ended the run, unless the program had ended it before.
func (t *taking) blame(name string, o *sandbox.Outcome) {
	why := name + ": " + ending(o)
	if t.m.Verdict != "" && t.m.Verdict != bench.OK {
		t.warn(name+"_failed", why)
		return
	}
	t.note(o)
	if o.Verdict != bench.Cancelled { // which nobody failed at
		t.m.Error = why
	}
}

// ending says in words how a command ended that was not ok.
func ending(o *sandbox.Outcome) string {
	switch {
	case o.Reason != "":
		return o.Reason
	case o.Verdict == bench.NonzeroExit && o.Death.Code != nil:
		return fmt.Sprintf("exit code %d", *o.Death.Code)
	case o.Verdict == bench.Signaled && o.Death.Signal != nil:
		return "ended by " + *o.Death.Signal
	}
	return strings.ReplaceAll(string(o.Verdict), "_", " ")
}

// cleanUp runs the last command if there was a program to run, however the run
// ended: also when it was cancelled. It has a timeout like any other.
func (t *taking) cleanUp(ctx context.Context, failed error) {
	if !t.built || len(t.plan.Cleanup) == 0 {
		return
	}
	o, err := t.undo(context.WithoutCancel(ctx), t.plan.Cleanup)
	switch {
	case err != nil:
		t.warn(bench.HookCleanup+"_failed", bench.HookCleanup+": "+err.Error())
	case o.Verdict == bench.OK:
	case failed != nil: // which becomes the verdict
		t.warn(bench.HookCleanup+"_failed", bench.HookCleanup+": "+ending(o))
	default:
		t.blame(bench.HookCleanup, o)
	}
}
