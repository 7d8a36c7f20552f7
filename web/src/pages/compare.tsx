import { compare, getComparison } from "../api/endpoints";
import type { Comparison } from "../api/types";
import { Act } from "../components/act";
import { Empty, Failed, Loading } from "../components/states";
import { useTitle } from "../components/title";
import { count } from "../format/figure";
import { compareStored } from "../compare/resolve";
import { Result } from "../compare/result";
import { SidePicker } from "../compare/picker";
import { TurnsList } from "../compare/turns";
import { isWhole, sideOf, textOf, turnsOf } from "../compare/side";
import type { Side } from "../compare/side";
import { comparisonTitle } from "../compare/words";
import { cancel } from "../actions";
import { bySlug } from "../live/benchmarks";
import { chosen } from "../live/capabilities";
import { useLoaded } from "../live/loaded";
import { onlyReads } from "../live/me";
import { attempt } from "../live/notices";
import { go, param, setParams } from "../router";
import { compareHref } from "../routes";
import { isolationWords } from "../words/verdict";
import { useState } from "preact/hooks";

/** Two sides as the address has them, and what their stored runs say. */
export function ComparePage() {
  const [a, b] = [sideOf(param("a")), sideOf(param("b"))];
  const whole = isWhole(a) && isWhole(b);
  return whole ? <Stored key={`${textOf(a)} ${textOf(b)}`} a={a} b={b} /> : <Chosen a={a} b={b} />;
}

function Chosen({ a, b }: { a: Side; b: Side }) {
  useTitle("Compare");
  return (
    <>
      <h1 tabIndex={-1}>Compare</h1>
      <p class="summary">Any two runs, benchmarks, branches or batches. Stored runs are compared at once; two benchmarks can also be measured in turns, which is stronger evidence.</p>
      <Pickers a={a} b={b} />
      <Empty title="Choose both sides.">
        <p>A run's page and a benchmark's page each have a button <strong>Compare</strong>, which fills in one of them.</p>
      </Empty>
      <TurnsList />
    </>
  );
}

function Stored({ a, b }: { a: Side; b: Side }) {
  const { loaded, reload } = useLoaded(`${textOf(a)} ${textOf(b)}`, (signal) => compareStored(a, b, signal));
  const { value, failure } = loaded.value;
  const title = value ? comparisonTitle(value) : "Compare";
  useTitle(`${title} · Compare`);
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      <p class="summary">{`A: ${named(a)}. B: ${named(b)}.`}</p>
      <Pickers a={a} b={b} />
      {failure && <Failed failure={failure} retry={reload} />}
      {!value && !failure && <Loading what="the comparison" />}
      {value && <Result comparison={value} />}
    </>
  );
}

function named(side: Side): string {
  if (side.kind !== "benchmark") return `${side.kind} ${side.id}`;
  const name = bySlug.value.get(side.slug)?.name ?? side.slug;
  return [`the latest run of ${name}`, side.isolation && isolationWords[side.isolation].place, side.branch && `on branch ${side.branch}`].filter(Boolean).join(" ");
}

function Pickers({ a, b }: { a: Side; b: Side }) {
  const slugOf = (side: Side): string => (side.kind === "benchmark" ? side.slug : param("of"));
  return (
    <form class="pickers" onSubmit={(e) => e.preventDefault()}>
      <SidePicker name="A" side={a} beside={slugOf(b)} onChange={(side) => setParams({ a: textOf(side) })} />
      <SidePicker name="B" side={b} beside={slugOf(a)} onChange={(side) => setParams({ b: textOf(side) })} />
      <div class="actions">
        <button type="button" disabled={!isWhole(a) && !isWhole(b)} onClick={() => setParams({ a: textOf(b), b: textOf(a) })}>Swap A and B</button>
        <Turns a={a} b={b} />
      </div>
    </form>
  );
}

/** Starts a comparison now, its samples in turns. */
function Turns({ a, b }: { a: Side; b: Side }) {
  const [blocks, setBlocks] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const request = turnsOf(a, b, blocks, chosen.value);
  const start = async (): Promise<void> => {
    if (!request) return;
    setBusy(true);
    const made = await attempt("The comparison was not queued", () => compare(request));
    if (made?.id) return go(compareHref(made.id));
    setBusy(false);
  };
  const fits = blocks === null || (blocks >= 3 && blocks <= 1000);
  const unfit = request ? (fits ? "" : "Blocks must be from 3 to 1,000, or left empty") : "For two benchmarks without a branch: a stored run can't be measured again in turns";
  return (
    <>
      <Act class="primary" data-run="page" disabled={busy} hindered={onlyReads.value || unfit} onAct={() => void start()}>Measure both in turns</Act>
      <label class="choice"><span class="grey">Blocks</span>{" "}
        <input type="number" min={3} max={1000} value={blocks ?? ""} placeholder="auto" title="Of two samples a side each. Left empty: 15, and more while noise would hide a change of 5 %" onInput={(e) => setBlocks(e.currentTarget.value === "" ? null : Math.round(e.currentTarget.valueAsNumber) || 0)} />
      </label>
      <span class="grey">{chosen.value ? `both ${isolationWords[chosen.value].place}` : "both as they are configured"}, as chosen above</span>
    </>
  );
}

/** A comparison whose samples took turns, by its id. */
export function ComparisonPage({ id }: { id: string }) {
  const { loaded, reload } = useLoaded(`comparison ${id}`, (signal) => getComparison(id, signal), (e) => e.state !== "queued");
  const { value, failure } = loaded.value;
  const title = value ? comparisonTitle(value) : "Compare";
  useTitle(`${title} · Compare`);
  return (
    <>
      <div class="page-head bare">
        <div class="head"><h1 tabIndex={-1}>{title}</h1></div>
        <p class="summary">{value ? sidesOf(value) : ""}</p>
        <div class="actions">{value && <Actions comparison={value} />}</div>
      </div>
      {failure?.status === 404 && <Empty title="There is no such comparison."><p>Begin one under <a href={compareHref()}>compare</a>.</p></Empty>}
      {failure && failure.status !== 404 && <Failed failure={failure} retry={reload} />}
      {!value && !failure && <Loading what="the comparison" />}
      {value && <Result comparison={value} />}
    </>
  );
}

function sidesOf({ results: [only] }: Comparison): string {
  if (!only) return "";
  return `Measured in turns: ${count(only.a.n, "sample")} of A, ${only.b.n} of B.`;
}

function Actions({ comparison: c }: { comparison: Comparison }) {
  const [only] = c.results;
  if (!only) return null;
  if (c.state !== "finished") return <Act class="primary" hindered={onlyReads.value} onAct={() => void cancel({ id: only.a.run })}>Cancel both</Act>;
  return <a class="button" href={compareHref()}>Compare others</a>;
}
