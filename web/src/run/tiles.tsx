import type { Rated, Run } from "../api/types";
import { Absent, Bytes, Cpu, Figure, Millis } from "../components/figure";
import { Tile, Tiles } from "../components/tile";
import { duration, size, written } from "../format/figure";
import { againstTarget } from "../words/headline";
import { ratedFigure, ratedOf, targetFigure, targetNames } from "../words/target";

export function RunTiles({ run }: { run: Run }) {
  const { resourceUsage: use, time } = run;
  return (
    <Tiles>
      <Tile name="Median" below={interval(run)} title={time.source ? `Clock: ${time.source}` : undefined}><Millis value={time.median} /></Tile>
      <RatedTile run={run} />
      <Tile name="Memory, peak" below={memorySource(run)} title={use.sources.maxRSS ?? undefined}><Bytes value={use.maxRSS} /></Tile>
      <Tile name="CPU" below={cpuParts(run)} title={use.sources.cpuTime ?? undefined}><Cpu time={use.cpuTime} /></Tile>
      <Tile name="Total" below="until nothing of it was left"><Millis value={use.executionTime} /></Tile>
      <TargetTile of={run} below={target(run)} />
    </Tiles>
  );
}

/** What the run is rated by, where that has no tile of its own. */
export function RatedTile({ run }: { run: Run }) {
  if (run.target === null || run.targetOn === "median") return null;
  const rated = ratedOf(run);
  const name = { p95: "p95", cpu: "CPU, middle sample", memory: "Memory, middle sample" }[run.targetOn];
  return <Tile name={name} below={rated ? ends(run, rated) : "not measured"}>{rated ? <Figure of={ratedFigure(run.targetOn, rated.value)} /> : <Absent />}</Tile>;
}

export function TargetTile({ of: { target, targetOn }, below }: { of: Pick<Run, "target" | "targetOn">; below: string }) {
  const name = target === null || targetOn === "median" ? "Target" : `Target on ${targetNames[targetOn]}`;
  return <Tile name={name} below={below}>{target === null ? <Absent why="no target" /> : <Figure of={targetFigure(targetOn, target)} />}</Tile>;
}

/** An interval, of which an end may be out of reach of so few samples. */
function ends({ targetOn }: Run, { low, high }: Rated): string {
  const text = (value: number): string => written(ratedFigure(targetOn, value));
  if (low === null && high === null) return "too few samples for an interval";
  if (low === null || high === null) return `95 %: ${low === null ? `up to ${text(high ?? 0)}` : `${text(low)} or more`}`;
  return `95 %: ${text(low)} to ${text(high)}`;
}

const ms = (value: number): string => written(duration(value));

function interval({ time: { ciLow, ciHigh, n, median } }: Run): string {
  if (median === null) return "not measured";
  if (ciLow === null || ciHigh === null) return n === 1 ? "of one sample" : `of ${n} samples: too few for an interval`;
  return `95 %: ${ms(ciLow)} to ${ms(ciHigh)}`;
}

/** Short, since it stands in a tile; the title has it whole. */
function memorySource({ resourceUsage: use }: Run): string {
  const source = use.sources.maxRSS?.split(/[(,]/)[0]?.trim() ?? "not measured";
  if (use.tree.files && source.startsWith("cgroup")) return `${source}; ${written(size(use.tree.files))} of files`;
  return source;
}

function cpuParts({ resourceUsage: { cpuTime } }: Run): string {
  if (cpuTime.user === null || cpuTime.system === null) return "not measured";
  return `user ${ms(cpuTime.user / 1000)}, system ${ms(cpuTime.system / 1000)}${cpuTime.coarse ? ", coarse" : ""}`;
}

function target(run: Run): string {
  if (run.target === null) return "none was set";
  const rated = ratedOf(run);
  return rated ? againstTarget(rated.value, run.target) : "not measured";
}
