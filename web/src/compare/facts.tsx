// What the two sides are, side by side: what differs between them is marked,
// since it may be all the difference.
import type { ComponentChildren } from "preact";
import type { Run } from "../api/types";
import { Ago } from "../components/ago";
import { Absent, Bytes, Cpu, Median, Millis } from "../components/figure";
import { Name } from "../components/name";
import { IsolationBadge, OutcomePill } from "../components/pill";
import { Panel } from "../components/states";
import { benchmarkHref, runHref } from "../routes";

interface Fact {
  name: string;
  of: (run: Run) => ComponentChildren;
  /** What must be the same on both sides of a fair comparison. */
  same?: (run: Run) => unknown;
}

const facts: readonly Fact[] = [
  { name: "benchmark", of: (r) => <a href={benchmarkHref(r.slug)}><Name of={r.benchmark} /></a> },
  { name: "run", of: (r) => <a href={runHref(r.id)}><Ago at={r.createdAt} long /></a> },
  { name: "outcome", of: (r) => <OutcomePill run={r} /> },
  { name: "isolation", of: (r) => <IsolationBadge run={r} />, same: (r) => r.isolation.effective },
  { name: "median", of: (r) => <Median run={r} /> },
  { name: "95 % interval", of: (r) => (r.time.ciLow === null ? <Absent /> : <><Millis value={r.time.ciLow} /> to <Millis value={r.time.ciHigh} /></>) },
  { name: "samples", of: (r) => r.time.n },
  { name: "memory, peak", of: (r) => <Bytes value={r.resourceUsage.maxRSS} /> },
  { name: "CPU", of: (r) => <Cpu time={r.resourceUsage.cpuTime} /> },
  { name: "total", of: (r) => <Millis value={r.resourceUsage.executionTime} /> },
  { name: "revision", of: (r) => (r.revision ? <code>{[r.revision.commit.slice(0, 12), r.revision.branch].filter(Boolean).join(", ")}</code> : <Absent why="not told" />) },
  { name: "definition", of: (r) => <code>{r.definition.slice(0, 12)}</code>, same: (r) => r.definition },
  { name: "machine", of: (r) => (r.machine ? <code>{r.machine.slice(0, 12)}</code> : <Absent />), same: (r) => r.machine },
  { name: "times read from", of: (r) => r.time.source ?? <Absent />, same: (r) => r.time.source },
];

export function SideFacts({ runs: [a, b] }: { runs: readonly [Run, Run] }) {
  return (
    <Panel title="A and B">
      <table class="facts sides">
        <thead><tr><th scope="col"><span class="unseen">What</span></th><th scope="col">A</th><th scope="col">B</th></tr></thead>
        <tbody>
          {facts.map(({ name, of, same }) => {
            const differs = same !== undefined && same(a) !== same(b);
            return (
              <tr key={name}>
                <th scope="row">{name}{differs && <strong class="differs"> differs</strong>}</th>
                <td>{of(a)}</td>
                <td>{of(b)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}
