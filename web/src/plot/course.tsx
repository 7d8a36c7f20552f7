import { useMemo, useState } from "preact/hooks";
import type { TrendPoint } from "../api/types";
import { Panel } from "../components/states";
import { axisTimes, briefly } from "../format/ago";
import { count, written } from "../format/figure";
import type { Figure } from "../format/figure";
import type { Colours } from "./colours";
import { axes, cursor } from "./parts";
import { Plot } from "./plot";
import type { Drawing } from "./plot";
import { rangeOf, tickTexts } from "./range";
import { openOnClick } from "./trend";

interface Props {
  name: string;
  beside: string;
  points: readonly TrendPoint[];
  pick: (p: TrendPoint) => number | null;
  figure: (value: number) => Figure;
  unit: (value: number) => { unit: string; size: number }; // of the axis
}

/** One figure of the runs of a trend: memory or CPU. A click opens the run. */
export function CoursePlot({ name, beside, points, pick, figure, unit }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const known = useMemo(() => points.filter((p) => pick(p) !== null), [points]);
  const values = known.map((p) => pick(p) as number);
  const make = useMemo(() => drawing(known, values, unit, setAt), [points]);
  const [value, point] = at === null ? [undefined, undefined] : [values[at], known[at]];
  if (values.length === 0) return null;
  const label = `${name} of ${count(values.length, "run")}, from ${written(figure(Math.min(...values)))} to ${written(figure(Math.max(...values)))}`;
  return (
    <Panel title={name} beside={value === undefined || !point ? beside : `${briefly(point.at)}: ${written(figure(value))}`}>
      <Plot make={make} height={120} label={label} />
    </Panel>
  );
}

function drawing(points: readonly TrendPoint[], values: readonly number[], unitOf: Props["unit"], onPoint: (i: number | null) => void) {
  const range = rangeOf(values);
  const { unit, size } = unitOf(range.high);
  const time = axisTimes(points[0]?.at ?? "", points[points.length - 1]?.at ?? "");
  return (c: Colours): Drawing => {
    const [x, y] = axes(c, (i) => (points[i] ? time(points[i].at) : ""));
    return {
      options: {
        legend: { show: false },
        cursor: { ...cursor, points: { size: 8 } },
        scales: { x: { time: false, range: () => [-0.5, points.length - 0.5] }, y: { range: () => [range.low, range.high] } },
        axes: [x!, { ...y, size: 72, space: 22, values: (_, splits) => tickTexts(splits.map((s) => s / size)).map((text) => `${text}\u00a0${unit}`) }],
        series: [{}, { stroke: c.data, width: 1.2, points: { show: points.length < 200, size: 4, stroke: c.data, fill: c.data } }],
        hooks: { setCursor: [(u) => onPoint(u.cursor.idx ?? null)], ready: [(u) => openOnClick(u, points)] },
      },
      data: [points.map((_, i) => i), [...values]],
    };
  };
}
