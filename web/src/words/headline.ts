// A run in one sentence: the title of its page.
import type { Line, Progress, Run } from "../api/types";
import { chosenDuration, chosenSize, count, duration, grouped, percent, written } from "../format/figure";
import { ratedOf, ratedWords, targetFigure } from "./target";
import { isolationWords } from "./verdict";

const ms = (value: number): string => written(duration(value));
const chosen = (value: number): string => written(chosenDuration(value));

/** `timeout` in ms is exact where the caller knows it; else it is told by the timeline. */
export function headline(run: Run, progress?: Progress, timeout?: number): string {
  if (run.state === "queued") return "Queued: it waits for its turn";
  if (run.state === "running") return `Running: ${progressWords(progress)}`;
  return ended(run, timeout);
}

/** How far a run is: "4 of 10 samples". */
export function progressWords(p?: Progress): string {
  if (!p) return "just started";
  const what = p.warmup ? "warm-up" : "sample";
  return p.of === null ? `${count(p.done, what)} so far` : `${p.done} of ${count(p.of, what)}`;
}

function ended(run: Run, timeout?: number): string {
  switch (run.verdict) {
    case "ok":
      return measured(run);
    case "nonzero_exit":
      return `Failed: exit code ${run.exitCode ?? "unknown"}`;
    case "signaled":
      return `Died: ${run.signal ?? "a signal"}${run.death?.sentBy ? `, sent by ${run.death.sentBy}` : ""}`;
    case "timeout":
      if (run.evidence.limitReached === "budget") return `Stopped: the budget of the whole run was over; ${kill(run)}`;
      return `Stopped: timeout${afterMillis(run, timeout)}; ${kill(run)}`;
    case "cpu_limit":
      return `Stopped: over its CPU time${limitWords(run, "cpuTime", "of", chosen)}`;
    case "oom":
      return `Stopped: out of memory${limitWords(run, "memory", "at", size)}${killed(run)}`;
    case "pids_limit":
      return `Stopped: too many processes${limitWords(run, "pids", "for", String)}${refused(run)}`;
    case "output_limit":
      return `Stopped: more output than it may print${limitWords(run, "output", "of", size)}`;
    case "disk_limit":
      return `Stopped: wrote more than it may${limitWords(run, "disk", "of", size)}`;
    case "cancelled":
      return run.startedAt ? `Cancelled after ${count(run.time.n, "sample")}` : "Cancelled before it started";
    case "start_failed":
      return "Did not start: its program could not be started";
    case "isolation_unavailable":
      return `Did not run: ${isolationWords[run.isolation.requested].name.toLowerCase()} isolation was not to be had`;
    case "interrupted":
      return "Interrupted: the server stopped while it ran";
    default:
      return "Not measured: an internal error";
  }
}

function measured(run: Run): string {
  const { median } = run.time;
  if (run.kind === "tests") return median === null ? "Passed" : `Passed in ${ms(median)}`;
  if (median === null) return "Done, without a time";
  if (run.target === null || !run.rating) return `Done: ${ms(median)}, without a target`;
  const rated = ratedOf(run);
  if (!rated) return `Unsure: ${ms(median)}; ${unrated(run)}`;
  const figure = ratedWords(run.targetOn, rated.value);
  if (run.rating === "unsure") return `Unsure: ${figure} of ${written(targetFigure(run.targetOn, run.target))}, ${undecided(run)}`;
  return `${run.rating === "fast" ? "Fast" : "Slow"}: ${figure}, ${againstTarget(rated.value, run.target)}`;
}

/** Why an interval does not decide: it has no two ends, or they lie on both sides. */
export function undecided(run: Line): string {
  const rated = ratedOf(run);
  if (!rated) return unrated(run);
  return rated.low === null || rated.high === null ? `${count(run.time.n, "sample")} cannot decide` : "its interval straddles the target";
}

function unrated({ targetOn, time }: Line): string {
  if (targetOn === "p95") return `${count(time.n, "sample")} are too few for a p95`;
  return `its target is on ${targetOn === "cpu" ? "CPU" : targetOn}, which was not measured`;
}

/** "77 % under its target", "2.4 times its target". */
export function againstTarget(value: number, target: number): string {
  if (value >= 2 * target) return `${value < 10 * target ? (value / target).toFixed(1) : grouped(value / target)} times its target`;
  if (value === target) return "just its target";
  return `${percent(Math.abs(value - target) / target)} ${value < target ? "under" : "over"} its target`;
}

const size = (bytes: number): string => written(chosenSize(bytes));

function limitWords(run: Run, limit: string, link: string, show: (n: number) => string): string {
  const line = run.isolation.receipt.find((r) => r.limit === limit);
  const value = line?.effective ?? line?.requested;
  return typeof value === "number" ? ` ${link} ${show(value)}` : "";
}

function at(run: Run, event: string): number | undefined {
  return run.timeline.find((m) => m.event === event)?.at;
}

/** When the program was told to stop, counted from its start. */
function afterMillis(run: Run, timeout?: number): string {
  if (timeout !== undefined && run.evidence.limitReached === "timeout") return ` after ${chosen(timeout)}`;
  const [started, stopped] = [at(run, "started"), at(run, "sigterm") ?? at(run, "sigkill")];
  const oneExecution = run.time.n <= 1; // the start is that of the first, the end that of the last
  return oneExecution && started !== undefined && stopped !== undefined ? ` after ${chosen(Math.round(stopped - started))}` : "";
}

function kill(run: Run): string {
  const [term, kill] = [at(run, "sigterm"), at(run, "sigkill")];
  if (kill === undefined) return term === undefined ? "it was ended" : "SIGTERM ended it";
  return term === undefined ? "SIGKILL ended it" : `SIGTERM did not, SIGKILL ended it ${ms(Math.round(kill - term))} later`;
}

function killed(run: Run): string {
  const kills = run.evidence.oomKills;
  return kills ? `, the kernel killed ${kills} ${kills === 1 ? "process" : "processes"}` : "";
}

function refused(run: Run): string {
  const n = run.evidence.pidsRefused;
  return n ? `, ${n} more ${n === 1 ? "was" : "were"} refused` : "";
}
