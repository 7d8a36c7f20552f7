import { Absent, Bytes, Millis } from "../components/figure";
import { Panel } from "../components/states";
import type { Run } from "../api/types";
import { Fact } from "./evidence";

/** What it used, and where each figure was read. */
export function UsagePanel({ run }: { run: Run }) {
  const { tree, treePeak, sources, cpuTime } = run.resourceUsage;
  if (run.state !== "finished" || (sources.maxRSS === null && sources.cpuTime === null && treePeak === null)) return null;
  const micros = (us: number | null): number | null => (us === null ? null : us / 1000);
  return (
    <Panel title="What it used">
      <dl class="facts">
        <Fact name="memory read from">{sources.maxRSS ?? <Absent />}</Fact>
        <Fact name="CPU read from">{sources.cpuTime ?? <Absent />}{cpuTime.coarse && <span class="grey"> (under a second the split is a guess, the sum is exact)</span>}</Fact>
        <Fact name="times read from">{run.time.source ?? <Absent />}</Fact>
        <Fact name="peak of the whole tree"><Bytes value={treePeak} /></Fact>
        <Fact name="of it files, at the end"><Bytes value={tree.files} /></Fact>
        <Fact name="processes, threads">{tree.pidsPeak === null ? <Absent /> : <>{tree.pidsPeak} at most, the runner's among them</>}</Fact>
        <Fact name="read, written"><Bytes value={tree.blockRead} />, <Bytes value={tree.blockWritten} /></Fact>
        <Fact name="waited for a processor"><Millis value={micros(tree.stallCPU)} /></Fact>
        <Fact name="waited for memory, disk"><Millis value={micros(tree.stallMemory)} />, <Millis value={micros(tree.stallIO)} /></Fact>
      </dl>
    </Panel>
  );
}
