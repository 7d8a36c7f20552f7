import { useMemo, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { Run, Sample } from "../api/types";
import { Panel } from "../components/states";
import { count, duration, timeUnit, written } from "../format/figure";
import { outliers } from "../stats/outliers";
import type { Colours } from "./colours";
import { axes, cursor, dashes, levelBand, levelLine } from "./parts";
import { Plot } from "./plot";
import type { Drawing } from "./plot";
import { rangeOf } from "./range";
import type { Range } from "./range";
import { TargetNote } from "./target-note";

/** The samples in the order they ran, around their median and its interval. */
export function SamplesPlot({ run, samples }: { run: Run; samples: readonly Sample[] }) {
  const [at, setAt] = useState<number | null>(null);
  const walls = useMemo(() => samples.filter((s) => !s.warmup).map((s) => s.wall), [samples]);
  const far = useMemo(() => new Set(outliers(walls)), [walls]);
  const unit = timeUnit(run.time.median ?? walls[0] ?? 1);
  const range = rangeOf(walls.map((w) => w / unit.size), run.target === null ? null : run.target / unit.size);
  const make = useMemo(() => drawing(run, walls, far, unit.size, range, setAt), [walls]);
  const value = at === null ? undefined : walls[at];
  const beside = value === undefined || at === null
    ? `in ${unit.unit}, in order${far.size > 0 ? "; hollow: outliers, kept" : ""}`
    : `${at + 1}: ${written(duration(value))}${far.has(at) ? ", an outlier" : ""}`;
  return (
    <Panel title="Samples" beside={beside}>
      <Plot make={make} height={240} label={describe(run, walls, far.size)} />
      <TargetNote target={run.target} range={range} unit={unit.size} />
    </Panel>
  );
}

function describe(run: Run, walls: readonly number[], far: number): string {
  const { median, min, max } = run.time;
  if (median === null || min === null || max === null) return count(walls.length, "sample");
  const words = [count(walls.length, "sample"), `median ${written(duration(median))}`, `from ${written(duration(min))} to ${written(duration(max))}`];
  return [...words, far > 0 ? count(far, "outlier") : "no outliers"].join(", ");
}

function drawing(run: Run, walls: readonly number[], far: ReadonlySet<number>, size: number, range: Range, onPoint: (i: number | null) => void) {
  const { ciLow, ciHigh, median } = run.time;
  const dot = walls.length > 2_000 ? 2 : walls.length > 400 ? 4 : 6;
  return (c: Colours): Drawing => {
    const points = (fill: string): uPlot.Series => ({
      paths: () => null,
      points: { show: true, size: dot, width: 1.2, stroke: c.data, fill, space: 0 },
    });
    const behind = (u: uPlot): void => {
      if (ciLow !== null && ciHigh !== null) levelBand(u, ciLow / size, ciHigh / size, c.band);
      levelLine(u, median === null ? null : median / size, { colour: c.data, width: 1.2 });
      levelLine(u, run.target === null ? null : run.target / size, { colour: c.grey, width: 1.2, dash: dashes });
    };
    return {
      options: {
        legend: { show: false },
        cursor: { ...cursor, points: { size: 10 } },
        scales: { x: { time: false, range: () => [0.5, walls.length + 0.5] }, y: { range: () => [range.low, range.high] } },
        axes: axes(c, (i) => (i >= 1 && i <= walls.length ? String(i) : "")),
        series: [{}, points(c.data), points(c.panel)],
        hooks: { drawAxes: [behind], setCursor: [(u) => onPoint(u.cursor.idx ?? null)] },
      },
      data: [
        walls.map((_, i) => i + 1),
        walls.map((w, i) => (far.has(i) ? null : w / size)),
        walls.map((w, i) => (far.has(i) ? w / size : null)),
      ],
    };
  };
}
