import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { cancel, runBenchmark } from "../actions";
import type { Line, Row, Run } from "../api/types";
import { Act } from "../components/act";
import { Ago } from "../components/ago";
import { Bullet } from "../components/bullet";
import { Absent, Bytes, Cpu, Median, Millis, Success } from "../components/figure";
import { Name } from "../components/name";
import { IsolationBadge, OutcomePill } from "../components/pill";
import { Sparkline } from "../components/sparkline";
import { activeBySlug } from "../live/active";
import { hindrance } from "../live/capabilities";
import { progress } from "../live/events";
import { onlyReads } from "../live/me";
import { benchmarkHref, runHref } from "../routes";
import { medianTarget, targetWords } from "../words/target";

export function BenchmarkRow({ benchmark: b, index }: { benchmark: Row; index: number }) {
  const run = b.latest;
  return (
    <tr role="row" data-row={b.slug} aria-rowindex={index}>
      <th role="rowheader" scope="row" class="c-name">
        <a href={benchmarkHref(b.slug)}><Name of={b.name} /></a> <span class="kind">{b.kind}</span>
      </th>
      <Cell name="Isolation" className="c-isolation">{run ? <IsolationBadge run={run} /> : <Absent why="not run yet" />}</Cell>
      <Cell name="Median" className="c-median num">{run ? <Median run={run} /> : <Absent why="not run yet" />}</Cell>
      <Cell name="Against target" className="c-target">{run ? <Bullet run={run} /> : <NotRun benchmark={b} />}</Cell>
      <Cell name="Rating" className="c-rating">{run ? <OutcomePill run={run} /> : <Absent why="not run yet" />}</Cell>
      <Cell name="Memory" className="c-memory num"><Bytes value={run?.resourceUsage.maxRSS} title={run?.resourceUsage.sources.maxRSS ?? undefined} /></Cell>
      <Cell name="CPU" className="c-cpu num">{run ? <Cpu time={run.resourceUsage.cpuTime} /> : <Absent />}</Cell>
      <Cell name="Total" className="c-total num"><Millis value={run?.resourceUsage.executionTime} /></Cell>
      <Cell name="Success" className="c-success num"><Success rate={b.successRate} /></Cell>
      <Cell name="Last runs" className="c-spark"><Sparkline none={run ? "none ended ok" : "no runs yet"} values={b.recent} target={medianTarget(b)} changes={b.recentChanges} /></Cell>
      <Cell name="Ran" className="c-ran num"><When slug={b.slug} latest={run} /></Cell>
      <Cell name="" className="c-run"><RunButton benchmark={b} /></Cell>
    </tr>
  );
}

function Cell({ name, className, children }: { name: string; className: string; children: ComponentChildren }) {
  return <td role="cell" class={className} data-label={name}>{children}</td>;
}

function NotRun({ benchmark: b }: { benchmark: Row }) {
  return b.target === null ? <span class="absent">no target</span> : <span class="absent">{`target ${targetWords(b.targetOn, b.target)}`}</span>;
}

/** The run of a benchmark that is under way. Computed, so that a row is drawn anew for its own runs alone. */
function useActive(slug: string): Run | undefined {
  return useComputed(() => activeBySlug.value.get(slug)).value;
}

/** How far it is while it runs, else when it ran. */
function When({ slug, latest }: { slug: string; latest: Line | null }) {
  const run = useActive(slug);
  if (run) return <a class="busy" href={runHref(run.id)}><Position run={run} /></a>;
  if (!latest) return <Absent why="not run yet" />;
  return <a class="quiet" href={runHref(latest.id)}><span class="unseen">latest run: </span><Ago at={latest.finishedAt ?? latest.createdAt} /></a>;
}

function Position({ run }: { run: Run }) {
  const p = useComputed(() => progress.value.get(run.id)).value;
  if (run.state === "queued") return <>queued</>;
  if (!p) return <>running</>;
  return <>{p.warmup ? "warm-up" : p.of === null ? p.done : `${p.done}/${p.of}`}</>;
}

function RunButton({ benchmark: b }: { benchmark: Row }) {
  const run = useActive(b.slug);
  if (run) {
    return <Act class="small" hindered={onlyReads.value} onAct={() => void cancel(run)} aria-label={`Cancel ${b.name}`}>Cancel</Act>;
  }
  return <Act class="small" data-run="row" hindered={hindrance(b)} onAct={() => void runBenchmark(b)} aria-label={`Run ${b.name}`}>Run</Act>;
}
