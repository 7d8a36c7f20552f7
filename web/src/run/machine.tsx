import { getMachine } from "../api/endpoints";
import type { Machine } from "../api/types";
import { Panel } from "../components/states";
import { size, written } from "../format/figure";
import { useLoaded } from "../live/loaded";
import { Fact } from "./evidence";

/** The machine that it ran on: figures are compared within one only. */
export function MachinePanel({ id }: { id: string }) {
  const { value: m, failure } = useLoaded(id, (signal) => getMachine(id, signal)).loaded.value;
  return (
    <Panel title="Machine" beside={m?.hostname}>
      {failure && <p class="under">{failure.message}</p>}
      {m && <MachineFacts machine={m} />}
    </Panel>
  );
}

export function MachineFacts({ machine: m }: { machine: Machine }) {
  return (
    <dl class="facts">
      <Fact name="processor">{`${m.cpu || "unknown"}, ${m.cores} cores${m.smt ? ", SMT" : ""}`}</Fact>
      <Fact name="memory">{`${written(size(m.memory))}, ${m.swap ? "with" : "no"} swap`}</Fact>
      <Fact name="system">{`${m.os}/${m.arch}, ${m.kernel}`}</Fact>
      <Fact name="control groups">{m.cgroup}</Fact>
      {m.governor && <Fact name="governor">{m.governor}</Fact>}
      {m.virtualised && <Fact name="virtualised">{m.virtualised}</Fact>}
      <Fact name="fingerprint"><code>{m.id}</code></Fact>
    </dl>
  );
}
