import { useMemo, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { Run, Sample } from "../api/types";
import { Panel } from "../components/states";
import { count, duration, timeUnit, written } from "../format/figure";
import { outliers } from "../stats/outliers";
import type { Colours } from "./colours";
import { axes, cursor, dashes, levelBand, levelLine, sheerLine } from "./parts";
import { DistributionPlot } from "./distribution";
import { Plot } from "./plot";
import type { Drawing } from "./plot";
import { rangeOf } from "./range";
import type { Range } from "./range";
import { TargetNote } from "./target-note";

/** The samples in the order they ran, around their median and its interval; what came before them at the left. */
export function SamplesPlot({ run, samples }: { run: Run; samples: readonly Sample[] }) {
  const [at, setAt] = useState<number | null>(null);
  const walls = useMemo(() => samples.filter((s) => !s.warmup && !s.setAside).map((s) => s.wall), [samples]);
  const warm = useMemo(() => samples.filter((s) => s.warmup).map((s) => s.wall), [samples]);
  const far = useMemo(() => new Set(outliers(walls)), [walls]);
  const unit = timeUnit(run.time.median ?? walls[0] ?? 1);
  const target = run.targetOn === "median" || run.targetOn === "p95" ? run.target : null;
  const range = rangeOf(walls.map((w) => w / unit.size), target === null ? null : target / unit.size, ...warm.map((w) => w / unit.size));
  const make = useMemo(() => drawing(run, { walls, warm, far, target }, unit.size, range, setAt), [walls]);
  const beside = at === null ? legend(unit.unit, warm.length, far.size) : readout(at - warm.length, walls, warm, far);
  const unseen = warm.filter((w) => w / unit.size > range.high);
  return (
    <>
      <Panel title="Samples" beside={beside}>
        <Plot make={make} height={240} label={describe(run, walls, far.size, warm.length)} />
        <TargetNote target={target} range={range} unit={unit.size} name={run.targetOn === "p95" ? "the target of their p95" : "the target"} />
        {run.setAside > 0 && <p class="under">{`${count(run.setAside, "sample")} set aside, because the machine was busy beside them: in no figure, and not drawn.`}</p>}
        {unseen.length > 0 && <p class="under">{`${count(unseen.length, "warm-up")}, up to ${written(duration(Math.max(...unseen)))}, above what is drawn.`}</p>}
      </Panel>
      <DistributionPlot run={run} walls={walls} />
    </>
  );
}

function legend(unit: string, warm: number, far: number): string {
  return [`in ${unit}, in order`, warm > 0 && "grey, before the line: warm-ups", far > 0 && "hollow: outliers, kept"].filter(Boolean).join("; ");
}

/** What is under the cursor; warm-ups lie below 0. */
function readout(i: number, walls: readonly number[], warm: readonly number[], far: ReadonlySet<number>): string {
  if (i < 0) return `warm-up ${i + warm.length + 1}: ${written(duration(warm[i + warm.length] ?? 0))}`;
  return `${i + 1}: ${written(duration(walls[i] ?? 0))}${far.has(i) ? ", an outlier" : ""}`;
}

function describe(run: Run, walls: readonly number[], far: number, warm: number): string {
  const { median, min, max } = run.time;
  if (median === null || min === null || max === null) return count(walls.length, "sample");
  const words = [count(walls.length, "sample"), `median ${written(duration(median))}`, `from ${written(duration(min))} to ${written(duration(max))}`];
  return [...words, far > 0 ? count(far, "outlier") : "no outliers", warm > 0 ? `${count(warm, "warm-up")} before` : ""].filter(Boolean).join(", ");
}

interface Drawn {
  walls: readonly number[];
  warm: readonly number[];
  far: ReadonlySet<number>;
  target: number | null;
}

function drawing(run: Run, { walls, warm, far, target }: Drawn, size: number, range: Range, onPoint: (i: number | null) => void) {
  const { ciLow, ciHigh, median } = run.time;
  const dot = walls.length > 2_000 ? 2 : walls.length > 400 ? 4 : 6;
  const before = warm.length;
  const all = [...warm, ...walls];
  const only = (wanted: (i: number) => boolean): (number | null)[] => all.map((w, i) => (wanted(i - before) ? w / size : null));
  return (c: Colours): Drawing => {
    const points = (stroke: string, fill: string): uPlot.Series => ({
      paths: () => null,
      points: { show: true, size: dot, width: 1.2, stroke, fill, space: 0 },
    });
    const behind = (u: uPlot): void => {
      if (ciLow !== null && ciHigh !== null) levelBand(u, ciLow / size, ciHigh / size, c.band);
      levelLine(u, median === null ? null : median / size, { colour: c.data, width: 1.2 });
      levelLine(u, target === null ? null : target / size, { colour: c.grey, width: 1.2, dash: dashes });
      if (before > 0) sheerLine(u, 0.5, { colour: c.line, width: 1 });
    };
    return {
      options: {
        legend: { show: false },
        cursor: { ...cursor, points: { size: 10 } },
        scales: { x: { time: false, range: () => [0.5 - before, walls.length + 0.5] }, y: { range: () => [range.low, range.high] } },
        axes: axes(c, (i) => (i >= 1 && i <= walls.length ? String(i) : "")),
        series: [{}, points(c.data, c.data), points(c.data, c.panel), points(c.grey, c.grey)],
        hooks: { drawAxes: [behind], setCursor: [(u) => onPoint(u.cursor.idx ?? null)] },
      },
      data: [all.map((_, i) => i + 1 - before), only((i) => i >= 0 && !far.has(i)), only((i) => far.has(i)), only((i) => i < 0)],
    };
  };
}
