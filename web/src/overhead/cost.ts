// What isolation costs: runs of one benchmark under several isolations, side by
// side. They were not interleaved, so that drift of the machine between them
// looks like isolation: the words here claim no more than intervals that lie apart.
import { isolations } from "../api/types";
import type { Benchmark, Isolation, Run, Side } from "../api/types";
import { percent } from "../format/figure";
import { isolationWords } from "../words/verdict";

export interface Ratio {
  value: number;
  low: number | null; // null: one of the intervals is not known
  high: number | null;
}

type Timed = Pick<Side, "time">;

/** By isolation, what is known of the latest run that ended ok. */
export type SidesOf<T> = Readonly<Record<Isolation, T | null>>;
export type Sides = SidesOf<Run>;

/** Why a benchmark can't run under an isolation anywhere; "" if it can. */
export function unfit(b: Pick<Benchmark, "kind">, isolation: Isolation): string {
  return isolation === "in-process" && b.kind !== "builtin" ? "only built-in benchmarks run in-process" : "";
}

/** The least isolated side that was measured: what the others are held against. */
export function baseOf(sides: SidesOf<Timed>): Isolation | null {
  return isolations.find((i) => sides[i]?.time.median != null) ?? null;
}

/** The ratio of two medians, and the farthest that both intervals allow. */
export function ratioOf(run: Timed, base: Timed): Ratio | null {
  const [a, b] = [run.time, base.time];
  if (a.median === null || b.median === null || b.median === 0) return null;
  const bounds = a.ciLow !== null && a.ciHigh !== null && b.ciLow !== null && b.ciHigh !== null && b.ciLow > 0;
  return bounds ? { value: a.median / b.median, low: a.ciLow! / b.ciHigh!, high: a.ciHigh! / b.ciLow! } : { value: a.median / b.median, low: null, high: null };
}

/** What a ratio shows: nothing where the intervals meet or are not known. */
export function shown({ low, high }: Ratio): "longer" | "shorter" | "nothing" {
  if (low === null || high === null) return "nothing";
  return low > 1 ? "longer" : high < 1 ? "shorter" : "nothing";
}

/** "1.04 times", with as many digits as a ratio of separate runs deserves. */
export function times(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} times`;
}

/** The page's title: the most isolated side against the base. */
export function overheadTitle(sides: Sides): string {
  const base = baseOf(sides);
  const top = [...isolations].reverse().find((i) => sides[i]?.time.median != null);
  if (!base || !top) return "Isolation overhead: not measured yet";
  const name = isolationWords[base].name.toLowerCase();
  if (top === base) return `Isolation overhead: measured ${isolationWords[base].place} alone`;
  const ratio = ratioOf(sides[top] as Run, sides[base] as Run);
  if (!ratio) return "Isolation overhead: not measured yet";
  if (shown(ratio) === "nothing") return `${isolationWords[top].name}: no difference from ${name} can be told`;
  const change = ratio.value >= 2 || ratio.value < 0.5 ? `${times(ratio.value)} the time of` : `${percent(Math.abs(ratio.value - 1))} ${ratio.value > 1 ? "longer" : "shorter"} than`;
  return `${isolationWords[top].name}: ${change} ${name}`;
}

/** What keeps the sides from being compared, in sentences. */
export function doubts(sides: Sides): string[] {
  const runs = isolations.flatMap((i) => sides[i] ?? []);
  const differs = (pick: (r: Run) => unknown): boolean => new Set(runs.map(pick)).size > 1;
  const when = runs.map((r) => Date.parse(r.finishedAt ?? r.createdAt));
  const hours = runs.length > 1 ? (Math.max(...when) - Math.min(...when)) / 3_600_000 : 0;
  return [
    differs((r) => r.definition) && "The benchmark was changed between these runs: they did not run the same thing.",
    differs((r) => r.machine) && "They ran on different machines, which says nothing about isolation.",
    differs((r) => r.time.source) && "Their times come from different clocks.",
    hours >= 1 && `They lie ${Math.round(hours)} ${Math.round(hours) === 1 ? "hour" : "hours"} apart: measure all again.`,
  ].filter((d) => d !== false);
}

/** Milliseconds from taking a run until its program was started. */
export function startUp({ timeline }: Run): number | null {
  const at = (event: string): number | undefined => timeline.find((m) => m.event === event)?.at;
  const [taken, started] = [at("taken"), at("started")];
  return taken === undefined || started === undefined ? null : Math.max(0, started - taken);
}
