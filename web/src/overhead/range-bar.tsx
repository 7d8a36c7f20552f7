import type { Run } from "../api/types";
import { duration, written } from "../format/figure";

/** Where all intervals of the sides lie, with air. */
export function scaleOf(runs: readonly Run[]): [low: number, high: number] {
  const values = runs.flatMap(({ time: t }) => [t.ciLow ?? t.median, t.ciHigh ?? t.median]).filter((v) => v !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = (high - low || high || 1) * 0.08;
  return [Math.max(0, low - air), high + air];
}

/** A median and its interval, on a scale that all sides share. */
export function RangeBar({ run, scale: [from, to] }: { run: Run; scale: readonly [number, number] }) {
  const { median, ciLow, ciHigh } = run.time;
  if (median === null) return null;
  const at = (value: number): string => `${(((value - from) / (to - from)) * 100).toFixed(2)}%`;
  const width = (low: number, high: number): string => `${(((high - low) / (to - from)) * 100).toFixed(2)}%`;
  const interval = ciLow === null || ciHigh === null ? "no interval" : `95 %: ${written(duration(ciLow))} to ${written(duration(ciHigh))}`;
  return (
    <svg class="range-bar" width="100%" height="22" role="img" aria-label={`Median ${written(duration(median))}, ${interval}`}>
      <line class="axis" x1="0" x2="100%" y1="11" y2="11" />
      {ciLow !== null && ciHigh !== null && <rect class="interval" x={at(ciLow)} y="5" width={width(ciLow, ciHigh)} height="12" rx="2" />}
      <line class="middle" x1={at(median)} x2={at(median)} y1="2" y2="20" />
    </svg>
  );
}
