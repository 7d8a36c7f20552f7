// What part of a scale is drawn, and how its ticks are written.
import { digits } from "../format/figure";

export interface Range {
  low: number;
  high: number;
}

/** A range with air around values; others, as a target, are let in where they are close by. */
export function rangeOf(values: readonly number[], ...others: (number | null)[]): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const span = high - low || Math.abs(high) * 0.1 || 1;
  const near = others.filter((o) => o !== null).filter((o) => o > low - span && o < high + span);
  low = Math.min(low, ...near);
  high = Math.max(high, ...near);
  const air = (high - low || span) * 0.12;
  return { low: low - air < 0 && low >= 0 ? 0 : low - air, high: high + air };
}

/** The texts of an axis, with as many decimals as its ticks need. */
export function tickTexts(splits: readonly number[]): string[] {
  const step = Math.abs((splits[1] ?? 0) - (splits[0] ?? 0));
  if (step === 0) return splits.map(digits);
  let decimals = 0;
  while (decimals < 12 && splits.some((s) => Math.abs(Number(s.toFixed(decimals)) - s) > step / 1000)) decimals++;
  return splits.map((s) => s.toFixed(decimals));
}
