import { useMemo, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { Run, Sample } from "../api/types";
import { Panel } from "../components/states";
import { count, duration, timeUnit, written } from "../format/figure";
import type { Colours } from "./colours";
import { axes, cursor, levelBand, levelLine } from "./parts";
import { Plot } from "./plot";
import type { Drawing } from "./plot";
import { rangeOf } from "./range";
import type { Range } from "./range";

type Pair<T> = readonly [T, T];

/** The samples of two runs in order, each around its median: A hollow in grey, B in the colour of data. */
export function BothPlot({ runs, samples, turns }: { runs: Pair<Run>; samples: Pair<readonly Sample[]>; turns: boolean }) {
  const [at, setAt] = useState<number | null>(null);
  const walls = useMemo(() => samples.map((list) => list.filter((s) => !s.warmup && !s.setAside).map((s) => s.wall)) as [number[], number[]], [samples]);
  const unit = timeUnit(runs[0].time.median ?? 1);
  const range = rangeOf(walls.flat().map((w) => w / unit.size));
  const make = useMemo(() => drawing(runs, walls, unit.size, range, setAt), [walls]);
  const told = (name: string, list: readonly number[]): string => `${name} ${at === null || list[at] === undefined ? "none" : written(duration(list[at]))}`;
  const beside = at === null ? `in ${unit.unit}, in order${turns ? ", taken in turns" : ""}; hollow: A, full: B` : `${at + 1}: ${told("A", walls[0])}, ${told("B", walls[1])}`;
  return (
    <Panel title="Samples of both" beside={beside}>
      <Plot make={make} height={240} label={`${count(walls[0].length, "sample")} of A around ${median(runs[0])}, ${count(walls[1].length, "sample")} of B around ${median(runs[1])}`} />
      <p class="under">Lines and bands: the median of each and its 95 % interval.</p>
    </Panel>
  );
}

const median = ({ time }: Run): string => (time.median === null ? "no median" : written(duration(time.median)));

function drawing(runs: Pair<Run>, walls: Pair<readonly number[]>, size: number, range: Range, onPoint: (i: number | null) => void) {
  const most = Math.max(walls[0].length, walls[1].length);
  const dot = most > 2_000 ? 2 : most > 400 ? 4 : 6;
  const column = (list: readonly number[]): (number | null)[] => Array.from({ length: most }, (_, i) => (list[i] === undefined ? null : list[i] / size));
  return (c: Colours): Drawing => {
    const points = (stroke: string, fill: string): uPlot.Series => ({ paths: () => null, points: { show: true, size: dot, width: 1.2, stroke, fill, space: 0 } });
    const behind = (u: uPlot): void => {
      for (const [run, line, band] of [[runs[0], c.grey, c.line], [runs[1], c.data, c.band]] as const) {
        const { ciLow, ciHigh, median: middle } = run.time;
        if (ciLow !== null && ciHigh !== null) levelBand(u, ciLow / size, ciHigh / size, band);
        levelLine(u, middle === null ? null : middle / size, { colour: line, width: 1.2 });
      }
    };
    return {
      options: {
        legend: { show: false },
        cursor: { ...cursor, points: { size: 10 } },
        scales: { x: { time: false, range: () => [0.5, most + 0.5] }, y: { range: () => [range.low, range.high] } },
        axes: axes(c, (i) => (i >= 1 && i <= most ? String(i) : "")),
        series: [{}, points(c.grey, c.panel), points(c.data, c.data)],
        hooks: { drawAxes: [behind], setCursor: [(u) => onPoint(u.cursor.idx ?? null)] },
      },
      data: [Array.from({ length: most }, (_, i) => i + 1), column(walls[0]), column(walls[1])],
    };
  };
}
