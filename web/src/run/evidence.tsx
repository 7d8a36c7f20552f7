import type { ComponentChildren } from "preact";
import type { Run } from "../api/types";
import { Absent } from "../components/figure";
import { Panel } from "../components/states";
import { count, duration, written } from "../format/figure";
import { limitName } from "../words/limit";

/** How the program ended, and the counters behind the verdict. */
export function EvidencePanel({ run }: { run: Run }) {
  if (run.state !== "finished") return null;
  const e = run.evidence;
  const throttled = e.throttledPeriods === null ? null : e.throttledPeriods === 0 ? "never" : `${count(e.throttledPeriods, "period")}${e.throttledTime ? `, ${written(duration(e.throttledTime))}` : ""}`;
  return (
    <Panel title="How it ended" beside={run.verdict}>
      <dl class="facts">
        <Fact name="end">{death(run)}</Fact>
        {e.limitReached && <Fact name="limit reached">{limitName(e.limitReached)}</Fact>}
        <Fact name="killed for memory">{counted(e.oomKills)}</Fact>
        <Fact name="processes refused">{counted(e.pidsRefused)}</Fact>
        <Fact name="outlived it and were killed">{counted(e.leftovers)}</Fact>
        <Fact name="throttled">{throttled ?? <Absent />}</Fact>
        {e.stdoutDropped > 0 && <Fact name="stdout dropped">{count(e.stdoutDropped, "byte")}</Fact>}
        {e.stderrDropped > 0 && <Fact name="stderr dropped">{count(e.stderrDropped, "byte")}</Fact>}
        {run.attempt > 1 && <Fact name="attempt">{run.attempt}</Fact>}
      </dl>
    </Panel>
  );
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function counted(n: number | null): ComponentChildren {
  return n === null ? <Absent /> : String(n);
}

function death(run: Run): string {
  const d = run.death;
  if (!d) return "nothing was started";
  if (d.how === "exited") return `exit code ${d.code ?? "unknown"}`;
  if (d.how === "signaled") return `${d.signal ?? "a signal"}${d.sentBy ? `, sent by ${d.sentBy}` : ""}`;
  return d.how === "not_started" ? "it was not started" : "it did not end";
}
