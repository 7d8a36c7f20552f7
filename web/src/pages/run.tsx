import { useEffect, useMemo } from "preact/hooks";
import { getPlan, samplesAddress } from "../api/endpoints";
import type { Run } from "../api/types";
import { Empty, Failed, Loading, Panel } from "../components/states";
import { useTitle } from "../components/title";
import { onResync } from "../live/events";
import { useLoaded } from "../live/loaded";
import { mostSamples, RunWatch } from "../live/watch";
import { Chart } from "../plot/lazy";
import { activityHref } from "../routes";
import { DefinitionPanel } from "../run/definition";
import { EvidencePanel } from "../run/evidence";
import { RunHead } from "../run/head";
import { MachinePanel } from "../run/machine";
import { OutputPanel } from "../run/output-panel";
import { ReceiptPanel } from "../run/receipt";
import { RunTiles } from "../run/tiles";
import { UsagePanel } from "../run/usage";
import { TimelinePanel } from "../run/timeline";
import { headline } from "../words/headline";

export function RunPage({ id }: { id: string }) {
  const watch = useMemo(() => new RunWatch(id), [id]);
  useEffect(() => {
    watch.refresh();
    const quiet = onResync(watch.refresh);
    return () => {
      quiet();
      watch.close();
    };
  }, [watch]);
  const { value: run, failure } = watch.run.value;
  const progress = watch.progress.value;
  useTitle(run ? `${headline(run, progress)} · ${run.benchmark}` : "Run");
  if (!run) {
    return (
      <>
        <h1 tabIndex={-1}>Run</h1>
        {failure?.status === 404 && <Empty title="There is no such run."><p>Recent ones are under <a href={activityHref}>activity</a>.</p></Empty>}
        {failure && failure.status !== 404 && <Failed failure={failure} retry={watch.refresh} />}
        {!failure && <Loading what="the run" />}
      </>
    );
  }
  return <Content run={run} watch={watch} />;
}

function Content({ run, watch }: { run: Run; watch: RunWatch }) {
  const plan = useLoaded(run.id, (signal) => getPlan(run.id, signal)).loaded.value;
  return (
    <>
      <RunHead run={run} plan={plan.value} progress={watch.progress.value} />
      {run.error && <div class="note bad"><p><strong>Error.</strong> {run.error}</p></div>}
      {run.warnings.length > 0 && <Warnings run={run} />}
      <RunTiles run={run} />
      <div class="columns">
        <div class="column wide">
          <Samples run={run} watch={watch} />
          <OutputPanel run={run} watch={watch} />
          <DefinitionPanel run={run} plan={plan} />
          {run.machine && <MachinePanel id={run.machine} />}
        </div>
        <div class="column">
          <ReceiptPanel run={run} />
          <TimelinePanel run={run} />
          <EvidencePanel run={run} />
          <UsagePanel run={run} />
        </div>
      </div>
    </>
  );
}

function Warnings({ run }: { run: Run }) {
  return (
    <ul class="warnings" aria-label="Warnings">
      {run.warnings.map((w, i) => <li key={i} class="note warn"><p><strong>{w.code.replaceAll("_", " ")}</strong> {w.message}</p></li>)}
    </ul>
  );
}

function Samples({ run, watch }: { run: Run; watch: RunWatch }) {
  const { value: samples, failure } = watch.samples.value;
  const p = watch.progress.value;
  if (failure) return <Panel title="Samples"><p class="under">They could not be fetched: {failure.message}</p></Panel>;
  if (run.time.n > mostSamples) {
    return <Panel title="Samples" beside={`${run.time.n}`}><p class="under">Too many to draw here. <a href={samplesAddress(run.id)}>All of them as JSON</a></p></Panel>;
  }
  if (run.time.n === 1) return null; // the median says it
  if (samples && samples.some((s) => !s.warmup)) return <Chart chart="SamplesPlot" of={{ run, samples }} />;
  if (run.state === "finished" && run.time.n > 0 && !samples) return <Panel title="Samples"><div class="plot-place" /></Panel>;
  if (run.state === "running") return <Panel title="Samples"><p class="under">{p?.last == null ? "The first one is under way." : `The newest took ${p.last.toPrecision(3)} ms.`} They are drawn when the run is finished.</p></Panel>;
  return null;
}
