// The top of a run's page: the verdict in words, how it ran, and what to do.
import { cancel, runAgain } from "../actions";
import { runAddress } from "../api/endpoints";
import type { Plan, Progress, Run } from "../api/types";
import { Act } from "../components/act";
import { Ago } from "../components/ago";
import { CopyButton } from "../components/copy";
import { Labels } from "../components/labels";
import { Name } from "../components/name";
import { IsolationBadge, OutcomePill } from "../components/pill";
import { count, duration, written } from "../format/figure";
import { bySlug } from "../live/benchmarks";
import { capabilities } from "../live/capabilities";
import { onlyReads } from "../live/me";
import { benchmarkHref, categoryHref, compareHref, overviewHref, sidesHref } from "../routes";
import { headline } from "../words/headline";
import { categoryName, isolationWords } from "../words/verdict";
import { requestAgain } from "./again";
import { commandFor } from "./command";

export function RunHead({ run, plan, progress }: { run: Run; plan: Plan | null; progress: Progress | undefined }) {
  return (
    <>
      <div class="page-head">
        <Crumbs run={run} />
        <div class="head">
          <h1 tabIndex={-1}>{headline(run, progress, plan?.timeout)}</h1>
          <IsolationBadge run={run} />
          {run.state === "finished" && <OutcomePill run={{ ...run, rating: null }} />}
        </div>
        <p class="summary"><How run={run} plan={plan} /></p>
        <Labels labels={run.labels} />
        <Actions run={run} plan={plan} />
      </div>
      {progress && progress.of !== null && <progress max={progress.of} value={progress.done} aria-label={progress.warmup ? "Warm-ups done" : "Samples done"} />}
    </>
  );
}

function Crumbs({ run }: { run: Run }) {
  const configured = bySlug.value.has(run.slug);
  return (
    <nav class="crumbs" aria-label="Where this is">
      <a href={overviewHref}>Overview</a> / {configured ? <a href={categoryHref(run.category)}>{categoryName(run.category)}</a> : categoryName(run.category)} /{" "}
      {configured ? <a href={benchmarkHref(run.slug)}><strong><Name of={run.benchmark} /></strong></a> : <strong><Name of={run.benchmark} /></strong>}
    </nav>
  );
}

function How({ run, plan }: { run: Run; plan: Plan | null }) {
  const place = isolationWords[run.isolation.effective ?? run.isolation.requested].place;
  const machine = capabilities.value.value?.machine;
  const where = machine && (run.machine === null || run.machine === machine.id) ? ` on ${machine.hostname}` : "";
  const taken = run.timeline.find((m) => m.event === "taken");
  const asked = <>Asked for <Ago at={run.createdAt} long /></>;
  if (!run.startedAt) return <>{asked}, to run {place}{where}.</>;
  if (run.isolation.effective === null && run.state === "finished") return <>{asked}; nothing was run.</>;
  const samples = run.kind === "tests" || run.time.n === 0 ? "Ran" : `${count(run.time.n, "sample")}${warmups(run, plan)},`;
  return (
    <>
      {run.state === "running" ? "Runs" : samples} {place}{where}, <Ago at={run.startedAt} long />
      {taken && `, ${written(duration(taken.at))} after it was asked for`}.
      {run.isolation.fallbackReason && ` It fell back from ${run.isolation.requested}: ${run.isolation.fallbackReason}.`}
    </>
  );
}

function warmups(run: Run, plan: Plan | null): string {
  const n = plan?.warmup ?? (plan && run.kind !== "tests" ? 1 : 0);
  return n > 0 ? ` after ${count(n, "warm-up")}` : "";
}

function Actions({ run, plan }: { run: Run; plan: Plan | null }) {
  const again = plan && requestAgain(run, plan, bySlug.value.has(run.slug));
  return (
    <div class="actions">
      {run.state !== "finished" && <Act class="primary" hindered={onlyReads.value} onAct={() => void cancel(run)}>Cancel</Act>}
      {run.state === "finished" && again && <Act class="primary" data-run="page" hindered={onlyReads.value} onAct={() => void runAgain(again)}>Run again</Act>}
      {plan && <CopyButton text={commandFor(run, plan, again, location.origin)}>Copy as command</CopyButton>}
      {run.state === "finished" && run.kind !== "tests" && <a class="button" href={run.pairedWith ? compareHref(run.id) : sidesHref("run", `run:${run.id}`, run.slug)}>Compare</a>}
      <a class="button" href={runAddress(run.id)}>Raw JSON</a>
    </div>
  );
}
