import { useMemo, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { Run } from "../api/types";
import { Panel } from "../components/states";
import { count, duration, timeUnit, written } from "../format/figure";
import { binned } from "../stats/bins";
import type { Bins } from "../stats/bins";
import { outliers } from "../stats/outliers";
import type { Colours } from "./colours";
import { cursor, dashes, sheerBand, sheerLine } from "./parts";
import { Plot } from "./plot";
import type { Drawing } from "./plot";
import { tickTexts } from "./range";

const fewest = 20; // samples that have a shape

/** How the samples are distributed; those far away are told, since they would leave no room for the rest. */
export function DistributionPlot({ run, walls }: { run: Run; walls: readonly number[] }) {
  const [at, setAt] = useState<number | null>(null);
  const unit = timeUnit(run.time.median ?? walls[0] ?? 1);
  const far = useMemo(() => new Set(outliers(walls)), [walls]);
  const bins = useMemo(() => binned(walls.filter((_, i) => !far.has(i)).map((w) => w / unit.size)), [walls]);
  const make = useMemo(() => drawing(run, bins, unit.size, setAt), [walls]);
  if (walls.length < fewest) return null;
  const inBin = at === null ? undefined : bins.counts[at];
  const [from, to] = [bins.from + (at ?? 0) * bins.width, bins.from + ((at ?? 0) + 1) * bins.width];
  const beside = inBin === undefined ? `in ${unit.unit}; band: 95 % interval of the median` : `${inBin} from ${written(duration(from * unit.size))} to ${written(duration(to * unit.size))}`;
  const fullest = bins.from + bins.counts.indexOf(Math.max(...bins.counts)) * bins.width;
  const label = `Distribution of ${count(walls.length, "sample")}: most from ${written(duration(fullest * unit.size))} to ${written(duration((fullest + bins.width) * unit.size))}`;
  return (
    <Panel title="Distribution" beside={beside}>
      <Plot make={make} height={160} label={label} />
      {far.size > 0 && <p class="under">{`${count(far.size, "outlier")} not drawn here, up to ${written(duration(Math.max(...[...far].map((i) => walls[i] as number))))}.`}</p>}
    </Panel>
  );
}

function drawing(run: Run, { from, width, counts }: Bins, size: number, onPoint: (i: number | null) => void) {
  const { ciLow, ciHigh, median } = run.time;
  const end = from + counts.length * width;
  const air = (end - from) * 0.03;
  const onTime = run.targetOn === "median" || run.targetOn === "p95";
  const bars = (u: uPlot, c: Colours): void => {
    const floor = u.valToPos(0, "y", true);
    u.ctx.fillStyle = c.data;
    counts.forEach((n, i) => {
      const [left, top] = [u.valToPos(from + i * width, "x", true), u.valToPos(n, "y", true)];
      u.ctx.fillRect(left, top, Math.max(1, u.valToPos(from + (i + 1) * width, "x", true) - left - devicePixelRatio), floor - top);
    });
  };
  return (c: Colours): Drawing => {
    const common = { stroke: c.grey, font: c.font, ticks: { show: false }, gap: 6 };
    return {
      options: {
        legend: { show: false },
        cursor: { ...cursor, points: { show: false } },
        scales: { x: { time: false, range: () => [from - air, end + air] }, y: { range: () => [0, Math.max(...counts) * 1.08] } },
        axes: [
          { ...common, grid: { show: false }, size: 28, space: 80, values: (_, splits) => tickTexts(splits) },
          { ...common, grid: { stroke: c.line, width: 1 }, size: 58, space: 30, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000], values: (_, splits) => splits.map(String) },
        ],
        series: [{}, { paths: () => null, points: { show: false } }],
        hooks: {
          drawAxes: [(u) => ciLow !== null && ciHigh !== null && sheerBand(u, ciLow / size, ciHigh / size, c.band)],
          draw: [(u) => bars(u, c), (u) => sheerLine(u, median && median / size, { colour: c.ink, width: 1.2 }), (u) => onTime && sheerLine(u, run.target && run.target / size, { colour: c.grey, width: 1.2, dash: dashes })],
          setCursor: [(u) => onPoint(u.cursor.idx ?? null)],
        },
      },
      data: [counts.map((_, i) => from + (i + 0.5) * width), counts],
    };
  };
}
