import { cancel, cancelQueued } from "../actions";
import { listRuns } from "../api/endpoints";
import { isolations, verdicts } from "../api/types";
import type { Run } from "../api/types";
import { Act } from "../components/act";
import { Ago } from "../components/ago";
import { Choice } from "../components/choice";
import { Name } from "../components/name";
import { Batches } from "../activity/batches";
import { Sure } from "../components/sure";
import { Pager } from "../components/pager";
import { RunsTable } from "../components/runs-table";
import { Empty, Failed, Loading } from "../components/states";
import { useTitle } from "../components/title";
import { count } from "../format/figure";
import { queued, running } from "../live/active";
import { benchmarks } from "../live/benchmarks";
import { progress } from "../live/events";
import { useLoaded } from "../live/loaded";
import { onlyReads } from "../live/me";
import { param, withParams } from "../router";
import { overviewHref, runHref } from "../routes";
import { progressWords } from "../words/headline";
import { categoryName, isolationWords, verdictWords } from "../words/verdict";

export function ActivityPage() {
  const [now, waiting] = [running.value, queued.value];
  const state = now.length + waiting.length === 0 ? "" : `${now.length} running, ${waiting.length} queued · `;
  useTitle(`${state}Activity`);
  return (
    <>
      <h1 tabIndex={-1}>Activity</h1>
      <p class="summary">
        {now.length === 0 ? "Nothing is running" : `${count(now.length, "run")} under way`}, {waiting.length === 0 ? "nothing is queued" : `${waiting.length} queued`}.
      </p>
      {now.length > 0 && <Running runs={now} />}
      {waiting.length > 0 && <Queue runs={waiting} />}
      <Batches />
      <Recent />
    </>
  );
}

function Running({ runs }: { runs: readonly Run[] }) {
  return (
    <section aria-label="Running">
      <h2>Running</h2>
      <ul class="lines">
        {runs.map((run) => <RunningLine key={run.id} run={run} />)}
      </ul>
    </section>
  );
}

function RunningLine({ run }: { run: Run }) {
  const p = progress.value.get(run.id);
  return (
    <li data-row={run.id}>
      <a href={runHref(run.id)}><strong><Name of={run.benchmark} /></strong></a>
      <span class="grey">{run.isolation.requested}</span>
      <span class="grow">{p && p.of !== null && <progress max={p.of} value={p.done} aria-label="Done" />}</span>
      <span class="num grey">{progressWords(p)}</span>
      <CancelButton run={run} />
    </li>
  );
}

const mostShown = 50;

function Queue({ runs }: { runs: readonly Run[] }) {
  return (
    <section aria-label="Queued">
      <div class="section-head">
        <h2>Queued <span class="beside">next first</span></h2>
        <Sure name="Cancel all queued" question={`Cancel ${count(runs.length, "queued run")}? They leave the queue and are not run.`} yes="Cancel them" hindered={onlyReads.value} onYes={() => void cancelQueued()} />
      </div>
      <ol class="lines">
        {runs.slice(0, mostShown).map((run) => (
          <li key={run.id} data-row={run.id}>
            <a href={runHref(run.id)}><Name of={run.benchmark} /></a>
            <span class="grey grow">{run.isolation.requested}</span>
            <span class="grey"><Ago at={run.createdAt} /></span>
            <CancelButton run={run} />
          </li>
        ))}
      </ol>
      {runs.length > mostShown && <p class="under">{`And ${runs.length - mostShown} more.`}</p>}
    </section>
  );
}

function CancelButton({ run }: { run: Run }) {
  return <Act class="small" aria-label={`Cancel ${run.benchmark}`} hindered={onlyReads.value} onAct={() => void cancel(run)}>Cancel</Act>;
}

const pageSize = 50;

function Recent() {
  const filter = {
    verdict: verdicts.find((v) => v === param("verdict")) ?? "",
    isolation: isolations.find((i) => i === param("isolation")) ?? "",
    category: param("category"),
    batch: param("batch"),
    cursor: param("cursor"),
  } as const;
  const key = JSON.stringify(filter);
  const { loaded, reload } = useLoaded(key, (signal) => listRuns({ ...filter, state: "finished", limit: pageSize }, signal), (e) => e.state === "finished" && filter.cursor === "");
  const { value, failure } = loaded.value;
  const filtered = filter.verdict !== "" || filter.isolation !== "" || filter.category !== "" || filter.batch !== "";
  const categories = [...new Set([...(benchmarks.value.value ?? []).map((b) => b.category), "submitted"])];
  return (
    <section aria-label="Finished">
      <div class="section-head">
        <h2>Finished <span class="beside">{filter.batch ? "of one batch, " : ""}newest first{filter.batch && <>; <a href={withParams({ batch: "", cursor: "" })}>show all</a></>}</span></h2>
        <div class="filters">
          <Choice label="Verdict" param="verdict" unset="any" value={filter.verdict} options={verdicts.map((v) => ({ value: v, name: verdictWords[v][0] }))} />
          <Choice label="Isolation" param="isolation" unset="any" value={filter.isolation} options={isolations.map((i) => ({ value: i, name: isolationWords[i].name }))} />
          <Choice label="Category" param="category" unset="any" value={filter.category} options={categories.map((c) => ({ value: c, name: categoryName(c) }))} />
        </div>
      </div>
      {failure && <Failed failure={failure} retry={reload} />}
      {!value && !failure && <Loading what="the runs" />}
      {value && value.runs.length > 0 && <RunsTable runs={value.runs} named label="Finished runs" />}
      {value && value.runs.length === 0 && <NoRuns filtered={filtered} />}
      {value && <Pager next={value.nextCursor} />}
    </section>
  );
}

function NoRuns({ filtered }: { filtered: boolean }) {
  if (filtered) return <Empty title="No finished run matches."><p><a href={withParams({ verdict: "", isolation: "", category: "", batch: "", cursor: "" })}>Show all runs</a></p></Empty>;
  return <Empty title="Nothing has run yet."><p>Press <strong>Run all</strong>, or choose a benchmark on the <a href={overviewHref}>overview</a>.</p></Empty>;
}
