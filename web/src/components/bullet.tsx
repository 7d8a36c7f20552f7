import { duration, percent, written } from "../format/figure";
import type { Run } from "../api/types";
import { outcomeOf } from "../words/verdict";

const width = 112;
const most = 1.6; // targets that the bar holds; the tick is at the same place in every row
const x = (value: number, target: number): number => (Math.min(value / target, most) / most) * width;

/** A median against its target: bar, interval as a band, target as a tick. */
export function Bullet({ run }: { run: Run }) {
  const { median, ciLow, ciHigh } = run.time;
  if (run.target === null) return <span class="absent">no target</span>;
  const target = run.target;
  const label = written(duration(target));
  const sameUnit = median !== null && duration(median).unit === duration(target).unit;
  if (median === null) return <span class="absent" title="not measured">{`target ${label}`}</span>;
  const tone = outcomeOf(run).tone;
  const over = median / target > most;
  const text = `${written(duration(median))} is ${percent(median / target)} of the target ${label}`;
  return (
    <span class="bullet" title={text}>
      <svg class={tone} width={width} height="16" viewBox={`0 0 ${width} 16`} role="img" aria-label={text}>
        <rect class="track" x="0" y="6" width={width} height="4" rx="2" />
        <rect class="bar" x="0" y="6" width={Math.max(2, x(median, target))} height="4" rx="2" />
        {ciLow !== null && ciHigh !== null && (
          <rect class="band" x={x(ciLow, target)} y="4" width={Math.max(2, x(ciHigh, target) - x(ciLow, target))} height="8" rx="1" />
        )}
        {over && <path class="bar" d={`M${width - 7} 2 L${width} 8 L${width - 7} 14 Z`} />}
        <rect class="tick" x={width / most - 1} y="1" width="2" height="14" />
      </svg>
      <span class="unit" aria-hidden="true" title={`target ${target} ms`}>{sameUnit ? duration(target).text : label}</span>
    </span>
  );
}
