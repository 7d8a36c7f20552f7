import { percent, written } from "../format/figure";
import type { Line } from "../api/types";
import { ratedFigure, ratedOf, ratedWords, targetFigure, targetWords } from "../words/target";
import { outcomeOf } from "../words/verdict";
import { Figure } from "./figure";

const width = 112;
const most = 1.6; // targets that the bar holds; the tick is at the same place in every row
const x = (value: number, target: number): number => (Math.min(value / target, most) / most) * width;

/** What a run is rated by against its target: bar, interval as a band, target as a tick. */
export function Bullet({ run }: { run: Line }) {
  const { target, targetOn } = run;
  if (target === null) return <span class="absent">no target</span>;
  const rated = ratedOf(run);
  const wanted = targetFigure(targetOn, target);
  if (!rated) return <span class="absent" title="not measured">{`target ${targetWords(targetOn, target)}`}</span>;
  const { value, low, high } = rated;
  const text = `${ratedWords(targetOn, value)} is ${percent(value / target)} of the target ${written(wanted)}`;
  return (
    <span class="bullet" title={text}>
      <svg class={outcomeOf(run).tone} width={width} height="16" viewBox={`0 0 ${width} 16`} role="img" aria-label={text}>
        <rect class="track" x="0" y="6" width={width} height="4" rx="2" />
        <rect class="bar" x="0" y="6" width={Math.max(2, x(value, target))} height="4" rx="2" />
        {low !== null && <rect class="band" x={x(low, target)} y="4" width={Math.max(2, x(high ?? Infinity, target) - x(low, target))} height="8" rx="1" />}
        {value / target > most && <path class="bar" d={`M${width - 7} 2 L${width} 8 L${width - 7} 14 Z`} />}
        <rect class="tick" x={width / most - 1} y="1" width="2" height="14" />
      </svg>
      <span class="unit" aria-hidden="true">{beside(run, ratedFigure(targetOn, value).unit === wanted.unit)}</span>
    </span>
  );
}

/** The target as a number where the unit stands in the column of medians, else with its unit and what it is on. */
function beside({ target, targetOn }: Line, sameUnit: boolean) {
  const figure = targetFigure(targetOn, target ?? 0);
  const on = { median: "", p95: " p95", cpu: " CPU", memory: "" }[targetOn];
  return <>{targetOn === "median" && sameUnit ? figure.text : <Figure of={figure} />}{on}</>;
}
