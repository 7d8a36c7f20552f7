import { useEffect, useMemo } from "preact/hooks";
import { getPlan } from "../api/endpoints";
import type { Run } from "../api/types";
import { Empty, Failed, Loading } from "../components/states";
import { useTitle } from "../components/title";
import { onResync } from "../live/events";
import { useLoaded } from "../live/loaded";
import { RunWatch } from "../live/watch";
import { activityHref } from "../routes";
import { DefinitionPanel } from "../run/definition";
import { EvidencePanel } from "../run/evidence";
import { RunHead } from "../run/head";
import { LiveUsage } from "../run/live-usage";
import { MachinePanel } from "../run/machine";
import { OutputPanel } from "../run/output-panel";
import { ReceiptPanel } from "../run/receipt";
import { SamplesPanels } from "../run/samples";
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
      {run.error && <div class="note bad"><p><strong>Error:</strong> {run.error}</p></div>}
      {run.warnings.length > 0 && <Warnings run={run} />}
      <RunTiles run={run} />
      <div class="columns">
        <div class="column wide">
          {run.state === "running" && <LiveUsage points={watch.usage.value} />}
          <SamplesPanels run={run} watch={watch} />
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
      {run.warnings.map((w, i) => <li key={i} class="note warn"><p><strong>{w.code.replaceAll("_", " ")}.</strong> {w.message}</p></li>)}
    </ul>
  );
}
