import { samplesAddress } from "../api/endpoints";
import type { Run } from "../api/types";
import { Panel } from "../components/states";
import { mostSamples } from "../live/watch";
import type { RunWatch } from "../live/watch";
import { SamplesPlot } from "../plot/lazy";
import { SamplesTable } from "./samples-table";

/** The samples as pictures and, once opened, as figures. */
export function SamplesPanels({ run, watch }: { run: Run; watch: RunWatch }) {
  const { value: samples, failure } = watch.samples.value;
  const p = watch.progress.value;
  if (failure) return <Panel title="Samples"><p class="under">They could not be fetched: {failure.message}</p></Panel>;
  if (run.time.n > mostSamples) {
    return <Panel title="Samples" beside={`${run.time.n}`}><p class="under">Too many to draw here. <a href={samplesAddress(run.id)}>All of them as JSON</a></p></Panel>;
  }
  if (run.time.n === 1) return null; // the median says it
  if (samples && samples.some((s) => !s.warmup)) return <><SamplesPlot run={run} samples={samples} /><SamplesTable samples={samples} /></>;
  if (run.state === "finished" && run.time.n > 0 && !samples) return <Panel title="Samples"><div class="plot-place" /></Panel>;
  if (run.state === "running") return <Panel title="Samples"><p class="under">{p?.last == null ? "The first one is under way." : `The newest took ${p.last.toPrecision(3)} ms.`} They are drawn when the run is finished.</p></Panel>;
  return null;
}
