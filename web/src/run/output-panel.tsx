import { outputAddress } from "../api/endpoints";
import type { Run, Stream } from "../api/types";
import { Output } from "../components/output";
import { Panel } from "../components/states";
import { count, size, written } from "../format/figure";
import type { LiveText } from "../live/livetext";
import type { RunWatch } from "../live/watch";

const streams: readonly Stream[] = ["stdout", "stderr"];

/** Both streams of the last sample; while the run is under way, as they come. */
export function OutputPanel({ run, watch }: { run: Run; watch: RunWatch }) {
  const output = watch.output.value;
  const live = run.state !== "finished";
  for (const stream of streams) void output[stream].version.value;
  const filled = streams.filter((stream) => !output[stream].empty);
  const several = run.kind === "command" && run.time.n > 1 ? "of the last sample: " : "";
  const beside = live ? "live" : several + streams.map((stream) => `${stream} ${bytesWords(run[stream].bytes)}`).join(", ");
  return (
    <Panel title="Output" beside={beside}>
      {watch.outputFailure.value && <p class="under">The output could not be fetched: {watch.outputFailure.value}</p>}
      {filled.map((stream) => <StreamView key={stream} run={run} stream={stream} text={output[stream]} live={live} />)}
      {live && watch.skipped.value && <p class="under">Some output is not shown here. What is kept of it comes when the run has ended.</p>}
      {live && filled.length === 0 && <p class="under">Nothing was printed so far.</p>}
    </Panel>
  );
}

function bytesWords(bytes: number): string {
  return bytes === 0 ? "empty" : written(size(bytes));
}

function StreamView({ run, stream, text, live }: { run: Run; stream: Stream; text: LiveText; live: boolean }) {
  const { bytes, kept, truncated } = run[stream];
  return (
    <div class="stream">
      <div class="stream-head">
        <h3>{stream} <span class="beside">{count(text.terminal.count, "line")}</span></h3>
        {!live && <a href={outputAddress(run.id, stream)} download={`${run.slug}-${run.id}-${stream}.txt`} aria-label={`Download ${stream}`}>Download</a>}
      </div>
      <Output text={text} name={stream} follow={live} />
      {truncated && <p class="under">{`Truncated: ${count(bytes - kept, "byte")} past the output limit dropped.`}</p>}
      {text.cut && <p class="under">Only the start is shown here; the download has everything that was kept.</p>}
    </div>
  );
}

