package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/fatih/color"
	"golang.org/x/term"

	"benchcell/internal/bench"
)

// printer shows runs to a person or, as JSON, to a program.
type printer struct {
	out, errors io.Writer
	json        bool
	format      string // of a comparison, "" is words
	live        bool   // a terminal that can show a line that changes
	started     time.Time

	mu      sync.Mutex
	current string // id of the run that the changing line is about
	line    string
	shown   bool
}

func newPrinter(out, errors io.Writer, json bool) *printer {
	return &printer{out: out, errors: errors, json: json, live: !json && isTerminal(errors), started: time.Now()}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// palette of the terminal; the library drops it off a terminal and with NO_COLOR.
var (
	good   = color.New(color.FgGreen).SprintFunc()
	bad    = color.New(color.FgRed).SprintFunc()
	middle = color.New(color.FgYellow).SprintFunc()
	badge  = color.New(color.FgBlue, color.Bold).SprintFunc()
	bold   = color.New(color.Bold).SprintFunc()
	faint  = color.New(color.Faint).SprintFunc()
)

// note says something beside the results.
func (p *printer) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintf(p.errors, format+"\n", args...)
}

// running names the run that is waited for.
func (p *printer) running(r *bench.Run, index, of int) {
	p.follow(r.ID, fmt.Sprintf("[%d/%d] %s", index+1, of, r.Benchmark))
}

// follow has the changing line be about a run from now on.
func (p *printer) follow(id, line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current, p.line = id, line
	p.show(p.line + " …")
}

// progress shows how far the current run is.
func (p *printer) progress(run string, news bench.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if run != p.current {
		return
	}
	what := "sample"
	if news.Warmup {
		what = "warm-up"
	}
	of := ""
	if news.Of != nil {
		of = fmt.Sprintf(" of %d", *news.Of)
	}
	p.show(fmt.Sprintf("%s: %s %d%s, %s", p.line, what, news.Done, of, millis(*news.Last)))
}

// show replaces the changing line; p.mu is held.
func (p *printer) show(line string) {
	if !p.live {
		return
	}
	p.clear()
	if width, _, err := term.GetSize(int(os.Stderr.Fd())); err == nil && len([]rune(line)) >= width && width > 1 {
		line = string([]rune(line)[:width-1])
	}
	fmt.Fprint(p.errors, faint(line))
	p.shown = true
}

func (p *printer) clear() {
	if p.shown {
		fmt.Fprint(p.errors, "\r\x1b[K")
		p.shown = false
	}
}

// run prints a finished run: its name and badge, its time against the target,
// what it cost.
func (p *printer) run(r *bench.Run) {
	if p.json {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintf(p.out, "%s %s%s\n", mark(r), bold(r.Benchmark), isolationBadge(r))
	fmt.Fprintf(p.out, "   %s\n", timeLine(r))
	fmt.Fprintf(p.out, "   %s\n", costLine(r))
	for _, line := range reasons(r) {
		fmt.Fprintf(p.out, "   %s\n", line)
	}
}

func mark(r *bench.Run) string {
	if *r.Verdict == bench.OK {
		return "✅"
	}
	return "❌"
}

func isolationBadge(r *bench.Run) string {
	if !r.Isolation.Isolated {
		return ""
	}
	return " " + badge("🔒 Isolated") + faint(" "+string(*r.Isolation.Effective))
}

func timeLine(r *bench.Run) string {
	time, target, rating := "no time", "", ""
	if r.Time.Median != nil {
		time = millis(*r.Time.Median)
	}
	if r.Target != nil {
		target = fmt.Sprintf(" (target: %s)", targetWords(r))
	}
	switch {
	case *r.Verdict != bench.OK:
		rating = " - " + bad(sentence(r))
	case r.Rating == nil:
	case *r.Rating == bench.Fast:
		rating = " - ✅ " + good("Fast")
	case *r.Rating == bench.Slow:
		rating = " - ❌ " + bad("Slow")
	default:
		rating = " - ❔ " + middle("Unsure")
	}
	return time + target + rating
}

// targetWords is the target with what it is on, and how that is, unless it is the
// time that stands before it.
func targetWords(r *bench.Run) string {
	unit, on := millis, string(r.TargetOn)
	switch r.TargetOn {
	case bench.OnMemory:
		unit = func(bytes float64) string { return kilobytes(int64(bytes)) }
	case bench.OnCPU:
		on = "CPU"
	case bench.OnMedian, "":
		return millis(*r.Target)
	case bench.OnP95:
	}
	if r.Rated == nil {
		return on + " " + unit(*r.Target)
	}
	return fmt.Sprintf("%s %s, is %s", on, unit(*r.Target), unit(r.Rated.Value))
}

// millis is a time as the seed prints it: three digits behind the point, and
// more for what would read as nothing.
func millis(ms float64) string {
	if ms < 0.0995 {
		return fmt.Sprintf("%.2gms", ms)
	}
	return fmt.Sprintf("%.3fms", ms)
}

func costLine(r *bench.Run) string {
	memory, cpu, total := "–", "–", "–"
	u := r.ResourceUsage
	if u.MaxRSS != nil {
		memory = kilobytes(*u.MaxRSS)
	}
	if u.CPUTime.User != nil {
		cpu = fmt.Sprintf("%.2f ms", float64(*u.CPUTime.User+*u.CPUTime.System)/1e3)
	}
	if u.ExecutionTime != nil {
		total = fmt.Sprintf("%.2f ms", *u.ExecutionTime)
	}
	return fmt.Sprintf("💾 Memory: %s | ⏱️ CPU: %s | 🕐 Total: %s", memory, cpu, total)
}

func kilobytes(bytes int64) string {
	if bytes >= 10<<20 {
		return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%.1f KB", float64(bytes)/1024)
}

// sentence says in words how a run ended that is not ok.
func sentence(r *bench.Run) string {
	words := strings.ReplaceAll(string(*r.Verdict), "_", " ")
	switch {
	case *r.Verdict == bench.NonzeroExit && r.ExitCode != nil:
		return fmt.Sprintf("exit code %d", *r.ExitCode)
	case *r.Verdict == bench.Signaled && r.Signal != nil:
		return "ended by " + *r.Signal
	}
	return words
}

// reasons are the lines below: why it failed, why it ran weaker, what it said.
func reasons(r *bench.Run) []string {
	var lines []string
	if r.Error != nil {
		lines = append(lines, bad(*r.Error))
	}
	if r.Isolation.FallbackReason != nil && r.Isolation.Effective != nil {
		lines = append(lines, middle(fmt.Sprintf("ran under %s instead of %s: %s",
			*r.Isolation.Effective, r.Isolation.Requested, *r.Isolation.FallbackReason)))
	}
	if *r.Verdict != bench.OK && *r.Verdict != bench.Cancelled {
		lines = append(lines, lastLines(r.Stderr.Tail, 5)...)
	}
	for _, w := range r.Warnings {
		lines = append(lines, faint("! "+w.Message))
	}
	return lines
}

// lastLines shows the end of an output with control characters made visible.
func lastLines(text string, n int) []string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	var lines []string
	for _, line := range all[max(len(all)-n, 0):] {
		if line != "" {
			lines = append(lines, faint("| "+printable(line)))
		}
	}
	return lines
}

// printable keeps a program's output from steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if r < ' ' || (r >= 0x7f && r < 0xa0) || r == '\u202e' || r == '\u2066' || r == '\u2067' {
			return '�'
		}
		return r
	}, s)
}

// finish prints the summary, or the runs as JSON.
func (p *printer) finish(runs []*bench.Run) error {
	if p.json {
		return printJSON(p.out, runs)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	_, err := fmt.Fprintf(p.out, "\n%s in %.1f s\n", summary(runs), time.Since(p.started).Seconds())
	return err
}

func summary(runs []*bench.Run) string {
	verdicts, ratings := map[bench.Verdict]int{}, map[bench.Rating]int{}
	for _, r := range runs {
		verdicts[*r.Verdict]++
		if r.Rating != nil {
			ratings[*r.Rating]++
		}
	}
	var parts []string
	for _, v := range bench.Verdicts {
		if verdicts[v] == 0 {
			continue
		}
		part := fmt.Sprintf("%d %s", verdicts[v], strings.ReplaceAll(string(v), "_", " "))
		if v == bench.OK && len(ratings) > 0 {
			part += fmt.Sprintf(" (%d fast, %d slow, %d unsure)", ratings[bench.Fast], ratings[bench.Slow], ratings[bench.Unsure])
		}
		parts = append(parts, part)
	}
	noun := "runs"
	if len(runs) == 1 {
		noun = "run"
	}
	return fmt.Sprintf("%d %s: %s", len(runs), noun, strings.Join(parts, ", "))
}
