import { useMemo, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { Run } from "../api/types";
import { Panel } from "../components/states";
import { briefly } from "../format/ago";
import { count, duration, timeUnit, written } from "../format/figure";
import { go } from "../router";
import { runHref } from "../routes";
import { median } from "../stats/outliers";
import type { Colours } from "./colours";
import { axes, cursor, dashes, levelLine } from "./parts";
import { Plot } from "./plot";
import type { Drawing } from "./plot";
import { rangeOf } from "./range";
import type { Range } from "./range";
import { TargetNote } from "./target-note";

/** The medians of runs with their intervals, oldest first. A click opens the run. */
export function TrendPlot({ runs, target }: { runs: readonly Run[]; target: number | null }) {
  const [at, setAt] = useState<number | null>(null);
  const measured = useMemo(() => runs.filter((r) => r.verdict === "ok" && r.time.median !== null).reverse(), [runs]);
  const medians = measured.map((r) => r.time.median as number);
  const unit = timeUnit(median(medians));
  const range = rangeOf(spread(measured, unit.size), target === null ? null : target / unit.size);
  const make = useMemo(() => drawing(measured, target, unit.size, range, setAt), [measured, target]);
  if (measured.length === 0) return null;
  const run = at === null ? undefined : measured[at];
  const beside = run ? readout(run) : `median in ${unit.unit} of the last ${count(measured.length, "run")} that ended ok`;
  const last = medians[medians.length - 1] as number;
  const label = `Medians of ${count(measured.length, "run")}, from ${written(duration(Math.min(...medians)))} to ${written(duration(Math.max(...medians)))}, the last ${written(duration(last))}`;
  return (
    <Panel title="Trend" beside={beside}>
      <Plot make={make} height={220} label={label} />
      <TargetNote target={target} range={range} unit={unit.size} />
    </Panel>
  );
}

function readout(run: Run): string {
  const { median: middle, ciLow, ciHigh } = run.time;
  const interval = ciLow === null || ciHigh === null ? "" : `, 95 %: ${written(duration(ciLow))} to ${written(duration(ciHigh))}`;
  return `${briefly(run.createdAt)}: ${written(duration(middle ?? 0))}${interval}, ${run.isolation.effective ?? run.isolation.requested}`;
}

/** All that is drawn of runs but the target. */
function spread(runs: readonly Run[], size: number): number[] {
  return runs.flatMap((r) => [r.time.ciLow, r.time.median, r.time.ciHigh]).flatMap((v) => (v === null ? [] : [v / size]));
}

function drawing(runs: readonly Run[], target: number | null, size: number, range: Range, onPoint: (i: number | null) => void) {
  const scaled = (pick: (r: Run) => number | null): (number | null)[] => runs.map((r) => (pick(r) === null ? null : (pick(r) as number) / size));
  const [low, middle, high] = [scaled((r) => r.time.ciLow), scaled((r) => r.time.median), scaled((r) => r.time.ciHigh)];
  return (c: Colours): Drawing => ({
    options: {
      legend: { show: false },
      cursor: { ...cursor, points: { size: 10 } },
      scales: { x: { time: false, range: () => [-0.5, runs.length - 0.5] }, y: { range: () => [range.low, range.high] } },
      axes: axes(c, (i) => (runs[i] ? briefly(runs[i].createdAt) : "")),
      series: [
        {},
        { stroke: c.data, width: 1.5, points: { show: true, size: 6, width: 1, stroke: c.data, fill: c.data } },
        { stroke: "transparent", width: 0, points: { show: false } },
        { stroke: "transparent", width: 0, points: { show: false } },
      ],
      bands: [{ series: [3, 2], fill: c.band }],
      hooks: {
        drawAxes: [(u) => levelLine(u, target === null ? null : target / size, { colour: c.grey, width: 1.2, dash: dashes })],
        setCursor: [(u) => onPoint(u.cursor.idx ?? null)],
        ready: [(u) => openOnClick(u, runs)],
      },
    },
    data: [runs.map((_, i) => i), middle, low, high],
  });
}

function openOnClick(u: uPlot, runs: readonly Run[]): void {
  u.over.addEventListener("click", () => {
    const run = u.cursor.idx == null ? undefined : runs[u.cursor.idx];
    if (run) go(runHref(run.id));
  });
}
