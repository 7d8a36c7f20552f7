import { listBatches, listRuns } from "../api/endpoints";
import { isolations } from "../api/types";
import type { Isolation, Run } from "../api/types";
import { agoShort } from "../format/ago";
import { count, duration, written } from "../format/figure";
import { benchmarks } from "../live/benchmarks";
import { now } from "../live/clock";
import { useLoaded } from "../live/loaded";
import { batchWords } from "../words/batch";
import { isolationWords, outcomeOf } from "../words/verdict";
import { pastedId } from "./side";
import type { Kind, Side } from "./side";

const kinds: readonly (readonly [Kind, string])[] = [["benchmark", "the latest run of"], ["run", "one run"], ["batch", "a batch"]];

interface Props {
  name: string; // A or B
  side: Side;
  /** The benchmark of the other side: its runs are offered first. */
  beside: string;
  onChange: (side: Side) => void;
}

/** Chooses one side: a benchmark, a run or a batch. */
export function SidePicker({ name, side, beside, onChange }: Props) {
  const become = (kind: Kind): void => onChange(kind === "benchmark" ? { kind, slug: beside, isolation: "", branch: "" } : { kind, id: "" });
  return (
    <fieldset class="side-picker">
      <legend>{name}<span class="beside">{name === "A" ? " what it was" : " what is held against it"}</span></legend>
      <label class="choice"><span class="grey">Compare</span>{" "}
        <select value={side.kind} onChange={(e) => become(e.currentTarget.value as Kind)}>
          {kinds.map(([kind, words]) => <option key={kind} value={kind}>{words}</option>)}
        </select>
      </label>
      {side.kind === "benchmark" && <BenchmarkFields side={side} onChange={onChange} />}
      {side.kind === "run" && <RunFields side={side} beside={beside} onChange={onChange} />}
      {side.kind === "batch" && <BatchFields side={side} onChange={onChange} />}
    </fieldset>
  );
}

type Of<K extends Kind> = Extract<Side, { kind: K }>;

function BenchmarkFields({ side, onChange }: { side: Of<"benchmark">; onChange: (side: Side) => void }) {
  const list = benchmarks.value.value ?? [];
  return (
    <>
      <label class="choice"><span class="grey">Benchmark</span>{" "}
        <select value={side.slug} onChange={(e) => onChange({ ...side, slug: e.currentTarget.value })}>
          <option value="">choose one</option>
          {list.map((b) => <option key={b.slug} value={b.slug}>{b.name}</option>)}
        </select>
      </label>
      <label class="choice"><span class="grey">Isolation</span>{" "}
        <select value={side.isolation} onChange={(e) => onChange({ ...side, isolation: e.currentTarget.value as Isolation | "" })}>
          <option value="">any</option>
          {isolations.map((i) => <option key={i} value={i}>{isolationWords[i].name}</option>)}
        </select>
      </label>
      <label class="choice"><span class="grey">Branch</span>{" "}
        <input value={side.branch} placeholder="any" autocomplete="off" spellcheck={false} onChange={(e) => onChange({ ...side, branch: e.currentTarget.value.trim() })} />
      </label>
    </>
  );
}

const offered = 50;

function RunFields({ side, beside, onChange }: { side: Of<"run">; beside: string; onChange: (side: Side) => void }) {
  const { value } = useLoaded(`picker ${beside}`, (signal) => listRuns({ benchmark: beside, state: "finished", limit: offered }, signal), (e) => e.state === "finished").loaded.value;
  return <Recent kind="run" id={side.id} list={(value?.runs ?? []).map((r) => ({ id: r.id, text: line(r) }))} onChange={onChange} />;
}

function BatchFields({ side, onChange }: { side: Of<"batch">; onChange: (side: Side) => void }) {
  const { value } = useLoaded("picker of batches", (signal) => listBatches(offered, signal)).loaded.value;
  const list = (value ?? []).filter((b) => b.open === 0).map((b) => ({ id: b.id, text: `${count(b.runs, "run")}, ${agoShort(b.createdAt, now.value)}: ${batchWords(b)}` }));
  return <Recent kind="batch" id={side.id} list={list} onChange={onChange} />;
}

interface Offer {
  kind: "run" | "batch";
  id: string;
  list: readonly { id: string; text: string }[];
  onChange: (side: Side) => void;
}

/** One of those that finished of late, or any other, by its id or the address of its page. */
function Recent({ kind, id, list, onChange }: Offer) {
  const known = id === "" || list.some((one) => one.id === id);
  return (
    <>
      <label class="choice"><span class="grey">{kind === "run" ? "Run" : "Batch"}</span>{" "}
        <select value={id} onChange={(e) => onChange({ kind, id: e.currentTarget.value })}>
          <option value="">{list.length > 0 ? "choose a recent one" : `no finished ${kind}`}</option>
          {!known && <option value={id}>{id}</option>}
          {list.map((one) => <option key={one.id} value={one.id}>{one.text}</option>)}
        </select>
      </label>
      <label class="choice"><span class="grey">or its id or address</span>{" "}
        <input value={id} autocomplete="off" spellcheck={false} onChange={(e) => onChange({ kind, id: pastedId(e.currentTarget.value) })} />
      </label>
    </>
  );
}

function line(r: Run): string {
  const { median } = r.time;
  const parts = [outcomeOf(r).word, median === null ? "" : written(duration(median)), r.isolation.effective ?? r.isolation.requested, r.revision?.branch ?? ""];
  return `${r.benchmark}, ${agoShort(r.createdAt, now.value)}: ${parts.filter(Boolean).join(", ")}`;
}
