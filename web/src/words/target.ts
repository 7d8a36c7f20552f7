// What a target is on, and how a run stands against it. Nothing but this knows
// that a target may be a time or a size.
import type { Line, Rated, TargetOn } from "../api/types";
import { chosenSize, duration, size, written } from "../format/figure";
import type { Figure } from "../format/figure";

/** A target as somebody chose it: 512 MiB and not 537 MB. */
export function targetFigure(on: TargetOn, target: number): Figure {
  return on === "memory" ? chosenSize(target) : duration(target);
}

/** What is held against a target, as it was measured. */
export function ratedFigure(on: TargetOn, value: number): Figure {
  return on === "memory" ? size(value) : duration(value);
}

/** The name of what a target is on: for a heading. */
export const targetNames: Record<TargetOn, string> = { median: "median", p95: "p95", cpu: "CPU", memory: "memory" };

/** "12.1 ms", "p95 12.1 ms", "12.1 ms of CPU", "38.2 MB of memory". */
export function ratedWords(on: TargetOn, value: number): string {
  return withWhat(on, ratedFigure(on, value));
}

/** The same of a target: "64 MiB of memory". */
export function targetWords(on: TargetOn, target: number): string {
  return withWhat(on, targetFigure(on, target));
}

function withWhat(on: TargetOn, figure: Figure): string {
  if (on === "p95") return `p95 ${written(figure)}`;
  return on === "median" ? written(figure) : `${written(figure)} of ${on === "cpu" ? "CPU" : "memory"}`;
}

/**
 * What a run has to hold against its target. One that did not end ok is not
 * rated; its median is known all the same.
 */
export function ratedOf(run: Line): Rated | null {
  const { median, ciLow, ciHigh } = run.time;
  if (run.rated || run.targetOn !== "median" || median === null) return run.rated;
  return { value: median, low: ciLow, high: ciHigh };
}

/** The target where medians are drawn: null if it is on something else. */
export function medianTarget({ target, targetOn }: { target: number | null; targetOn: TargetOn }): number | null {
  return targetOn === "median" ? target : null;
}
