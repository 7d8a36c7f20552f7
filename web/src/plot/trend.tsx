import { useMemo, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { Trend, TrendPoint } from "../api/types";
import { Panel } from "../components/states";
import { axisTimes, briefly } from "../format/ago";
import { count, duration, timeUnit, written } from "../format/figure";
import { go } from "../router";
import { runHref } from "../routes";
import { median } from "../stats/outliers";
import type { Colours } from "./colours";
import { axes, cursor, dashes, levelLine, sheerLine } from "./parts";
import { Plot } from "./plot";
import type { Drawing } from "./plot";
import { rangeOf } from "./range";
import type { Range } from "./range";
import { TargetNote } from "./target-note";

type Measured = TrendPoint & { median: number };

interface Props {
  trend: Trend;
  target: number | null;
}

/** The medians of runs with their intervals, the band that the next is expected in, and where the level changed. A click opens the run. */
export function TrendPlot({ trend, target }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const points = useMemo(() => trend.points.filter((p): p is Measured => p.median !== null), [trend]);
  const unit = timeUnit(median(points.map((p) => p.median)));
  const range = rangeOf(drawn(points, trend.band).map((v) => v / unit.size), target === null ? null : target / unit.size);
  const make = useMemo(() => drawing(points, trend, target, unit.size, range, setAt), [points, target]);
  const last = points[points.length - 1];
  if (!last) return null;
  const point = at === null ? undefined : points[at];
  const medians = points.map((p) => p.median);
  const label = `Medians of ${count(points.length, "run")}, from ${written(duration(Math.min(...medians)))} to ${written(duration(Math.max(...medians)))}, the last ${written(duration(last.median))}, ${count(trend.changePoints.length, "change")} of level`;
  return (
    <Panel title="Trend" beside={point ? readout(point) : `median in ${unit.unit}, ${shownOf(points.length, trend)}; around it the 95 % interval`}>
      <Plot make={make} height={240} label={label} />
      <TargetNote target={target} range={range} unit={unit.size} />
      {(trend.band.low !== null || trend.changePoints.length > 0) && <p class="under">{legend(trend)}</p>}
    </Panel>
  );
}

function shownOf(shown: number, { total }: Trend): string {
  return shown < total ? `${shown} of ${count(total, "run")}, the extremes among them` : count(shown, "run");
}

function legend({ band, changePoints }: Trend): string {
  const expected = band.low === null || band.high === null ? "" : `Thin lines: where the next run is expected, ${written(duration(band.low))} to ${written(duration(band.high))}.`;
  return [expected, changePoints.length > 0 && "Upright: from there on the level is another."].filter(Boolean).join(" ");
}

function readout(p: Measured): string {
  const interval = p.low === null || p.high === null ? "" : `, 95 %: ${written(duration(p.low))} to ${written(duration(p.high))}`;
  const revision = [p.commit?.slice(0, 12), p.branch].filter(Boolean).join(" on ");
  return `${briefly(p.at)}: ${written(duration(p.median))}${interval}${revision && `, ${revision}`}`;
}

const mostBeyond = 0.95; // of the intervals have their end in sight: a few long ones would leave no room for the rest

/** All that must be in sight. */
function drawn(points: readonly Measured[], band: Trend["band"]): number[] {
  const ends = points.flatMap((p) => p.high ?? []).sort((a, b) => a - b);
  const highest = ends[Math.floor(ends.length * mostBeyond)] ?? Infinity;
  const all = points.flatMap((p) => [p.median, p.low, p.high !== null && p.high <= highest ? p.high : null]);
  return [...all, band.low, band.high].filter((v) => v !== null);
}

function drawing(points: readonly Measured[], { changePoints, band }: Trend, target: number | null, size: number, range: Range, onPoint: (i: number | null) => void) {
  const column = (pick: (p: Measured) => number | null): (number | null)[] => points.map((p) => (pick(p) === null ? null : (pick(p) as number) / size));
  const changed = changePoints.map((c) => points.findIndex((p) => p.run === c.run)).filter((i) => i >= 0);
  const dot = points.length > 200 ? 3 : 6;
  const time = axisTimes(points[0]?.at ?? "", points[points.length - 1]?.at ?? "");
  return (c: Colours): Drawing => {
    const behind = (u: uPlot): void => {
      if (band.low !== null && band.high !== null) expected(u, band.low / size, band.high / size, c);
      levelLine(u, target === null ? null : target / size, { colour: c.grey, width: 1.2, dash: dashes });
      for (const i of changed) sheerLine(u, i - 0.5, { colour: c.bad, width: 1.2, dash: [2, 3] });
    };
    return {
      options: {
        legend: { show: false },
        cursor: { ...cursor, points: { size: 10 } },
        scales: { x: { time: false, range: () => [-0.5, points.length - 0.5] }, y: { range: () => [range.low, range.high] } },
        axes: axes(c, (i) => (points[i] ? time(points[i].at) : "")),
        series: [
          {},
          { stroke: c.data, width: 1.5, points: { show: true, size: dot, width: 1, stroke: c.data, fill: c.data } },
          { stroke: "transparent", width: 0, points: { show: false } },
          { stroke: "transparent", width: 0, points: { show: false } },
        ],
        bands: [{ series: [3, 2], fill: c.band }],
        hooks: { drawAxes: [behind], setCursor: [(u) => onPoint(u.cursor.idx ?? null)], ready: [(u) => openOnClick(u, points)] },
      },
      data: [points.map((_, i) => i), column((p) => p.median), column((p) => p.low), column((p) => p.high)],
    };
  };
}

/** Where the next run is expected: its edges, since a filled one would hide the intervals. */
function expected(u: uPlot, low: number, high: number, c: Colours): void {
  for (const edge of [low, high]) levelLine(u, edge, { colour: c.grey, width: 0.6 });
}

export function openOnClick(u: uPlot, points: readonly TrendPoint[]): void {
  u.over.addEventListener("click", () => {
    const point = u.cursor.idx == null ? undefined : points[u.cursor.idx];
    if (point) go(runHref(point.run));
  });
}
