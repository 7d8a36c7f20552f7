export interface Bins {
  from: number; // where the first begins
  width: number;
  counts: number[];
}

const most = 60;

/**
 * Counts values in bins of equal width, by Freedman and Diaconis (1981): twice
 * the interquartile range over the cube root of their number.
 */
export function binned(values: readonly number[]): Bins {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const [low, high] = [sorted[0] ?? 0, sorted[n - 1] ?? 0];
  const at = (share: number): number => sorted[Math.min(n - 1, Math.floor(share * n))] ?? 0;
  const wanted = (2 * (at(0.75) - at(0.25))) / Math.cbrt(n);
  const number = high === low ? 1 : Math.min(most, Math.max(1, wanted > 0 ? Math.ceil((high - low) / wanted) : Math.ceil(Math.sqrt(n))));
  const width = (high - low) / number || Math.abs(high) * 0.01 || 1;
  const counts = new Array<number>(number).fill(0);
  for (const value of sorted) {
    const i = Math.min(number - 1, Math.floor((value - low) / width));
    counts[i] = (counts[i] ?? 0) + 1;
  }
  return { from: number === 1 && high === low ? low - width / 2 : low, width, counts };
}
