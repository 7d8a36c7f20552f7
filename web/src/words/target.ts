// What a target is on, and how a run stands against it. Nothing but this knows
// that a target may be a time or a size.
import type { Line, Rated, TargetOn } from "../api/types";
import { duration, size, written } from "../format/figure";
import type { Figure } from "../format/figure";

/** A target, or what is held against it, in its own unit. */
export function targetFigure(on: TargetOn, value: number): Figure {
  return on === "memory" ? size(value) : duration(value);
}

/** The name of what a target is on: for a heading. */
export const targetNames: Record<TargetOn, string> = { median: "median", p95: "p95", cpu: "CPU of a sample", memory: "memory of a sample" };

/** "12.1 ms", "p95 12.1 ms", "12.1 ms of CPU", "38.2 MB of memory". */
export function ratedWords(on: TargetOn, value: number): string {
  const figure = written(targetFigure(on, value));
  if (on === "p95") return `p95 ${figure}`;
  return on === "median" ? figure : `${figure} of ${on === "cpu" ? "CPU" : "memory"}`;
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
