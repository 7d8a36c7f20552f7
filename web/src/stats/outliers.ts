/** The median of values, in any order; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

const score = 14.826; // ten standard deviations: 1.4826 MAD estimates one
const fewest = 4;
const leastEffect = 0.03;

/**
 * Which samples lie far from the median, by index. It is the rule of the
 * server (internal/stats/outliers.go): a modified z-score |x - median| / MAD
 * over 14.826; where the MAD is 0, 3 % of the median takes its place.
 */
export function outliers(samples: readonly number[]): number[] {
  if (samples.length < fewest) return [];
  const middle = median(samples);
  const limit = score * median(samples.map((x) => Math.abs(x - middle))) || leastEffect * Math.abs(middle);
  if (limit === 0) return [];
  return samples.flatMap((x, i) => (Math.abs(x - middle) > limit ? [i] : []));
}
