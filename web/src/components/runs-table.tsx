import type { Run } from "../api/types";
import { runHref } from "../routes";
import { Ago } from "./ago";
import { Bytes, Cpu, Median, Millis } from "./figure";
import { Name } from "./name";
import { IsolationBadge, OutcomePill } from "./pill";

/** Runs, newest first. `named` says whose they are, where that differs. */
export function RunsTable({ runs, named, label }: { runs: readonly Run[]; named: boolean; label: string }) {
  return (
    <table class="bench runs" role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          <Heading name={named ? "Benchmark" : "When"} className="c-name" />
          <Heading name="Outcome" className="c-rating" />
          <Heading name="Isolation" className="c-isolation" />
          <Heading name="Median" className="c-median num" />
          <Heading name="95 % interval" className="c-interval num" />
          <Heading name="Samples" className="c-samples num" />
          <Heading name="Memory" className="c-memory num" />
          <Heading name="CPU" className="c-cpu num" />
          <Heading name="Total" className="c-total num" />
          {named && <Heading name="When" className="c-ran num" />}
        </tr>
      </thead>
      <tbody role="rowgroup">{runs.map((run) => <Row key={run.id} run={run} named={named} />)}</tbody>
    </table>
  );
}

function Heading({ name, className }: { name: string; className: string }) {
  return <th role="columnheader" scope="col" class={className}>{name}</th>;
}

function Row({ run, named }: { run: Run; named: boolean }) {
  const { ciLow, ciHigh, n } = run.time;
  const use = run.resourceUsage;
  return (
    <tr role="row" data-row={run.id}>
      <th role="rowheader" scope="row" class="c-name">
        <a href={runHref(run.id)}>{named ? <Name of={run.benchmark} /> : <Ago at={run.createdAt} long />}</a> {named && <span class="kind">{run.kind}</span>}
      </th>
      <td role="cell" class="c-rating" data-label="Outcome"><OutcomePill run={run} /></td>
      <td role="cell" class="c-isolation" data-label="Isolation"><IsolationBadge run={run} /></td>
      <td role="cell" class="c-median num" data-label="Median"><Median run={run} /></td>
      <td role="cell" class="c-interval num grey" data-label="95 % interval">
        {ciLow === null || ciHigh === null ? <Millis value={null} /> : <><Millis value={ciLow} /> to <Millis value={ciHigh} /></>}
      </td>
      <td role="cell" class="c-samples num" data-label="Samples">{n}</td>
      <td role="cell" class="c-memory num" data-label="Memory"><Bytes value={use.maxRSS} title={use.sources.maxRSS ?? undefined} /></td>
      <td role="cell" class="c-cpu num" data-label="CPU"><Cpu time={use.cpuTime} /></td>
      <td role="cell" class="c-total num" data-label="Total"><Millis value={use.executionTime} /></td>
      {named && <td role="cell" class="c-ran num" data-label="When"><Ago at={run.createdAt} /></td>}
    </tr>
  );
}
