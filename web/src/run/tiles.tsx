import type { Run } from "../api/types";
import { Absent, Bytes, Cpu, Millis } from "../components/figure";
import { Tile, Tiles } from "../components/tile";
import { duration, size, written } from "../format/figure";
import { againstTarget } from "../words/headline";

export function RunTiles({ run }: { run: Run }) {
  const { resourceUsage: use, time } = run;
  return (
    <Tiles>
      <Tile name="Median" below={interval(run)} title={time.source ? `Clock: ${time.source}` : undefined}><Millis value={time.median} /></Tile>
      <Tile name="Memory, peak" below={memorySource(run)} title={use.sources.maxRSS ?? undefined}><Bytes value={use.maxRSS} /></Tile>
      <Tile name="CPU" below={cpuParts(run)} title={use.sources.cpuTime ?? undefined}><Cpu time={use.cpuTime} /></Tile>
      <Tile name="Total" below="until nothing of it was left"><Millis value={use.executionTime} /></Tile>
      <Tile name="Target" below={target(run)}>{run.target === null ? <Absent why="no target" /> : <Millis value={run.target} />}</Tile>
    </Tiles>
  );
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
  return run.time.median === null ? "not measured" : againstTarget(run.time.median, run.target);
}
