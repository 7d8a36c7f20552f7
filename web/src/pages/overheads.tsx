import { listSides } from "../api/endpoints";
import { isolations } from "../api/types";
import type { Benchmark, Isolation, Side } from "../api/types";
import { Absent, Millis } from "../components/figure";
import { Name } from "../components/name";
import { Pieces } from "../components/pieces";
import { Empty, Failed, Loading } from "../components/states";
import { useTitle } from "../components/title";
import { count } from "../format/figure";
import { benchmarks, reloadBenchmarks } from "../live/benchmarks";
import { useLoaded } from "../live/loaded";
import { baseOf, ratioOf, shown, times, unfit } from "../overhead/cost";
import type { SidesOf } from "../overhead/cost";
import { overheadHref, overviewHref } from "../routes";
import { isolationWords } from "../words/verdict";

const most = 500; // runs of an isolation that the server looks at

async function latest(signal: AbortSignal): Promise<Measured> {
  const found: Measured = { "in-process": new Map(), process: new Map(), container: new Map() };
  for (const side of await listSides(signal)) found[side.isolation].set(side.slug, side);
  return found;
}

/** All benchmarks by what isolation costs them. */
export function OverheadsPage() {
  const list = benchmarks.value;
  const { loaded, reload } = useLoaded("overheads", latest, (e) => e.state === "finished");
  const { value, failure } = loaded.value;
  const title = value && list.value ? `Isolation overhead: known for ${known(list.value, value)} of ${list.value.length}` : "Isolation overhead";
  useTitle(title);
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      {(failure ?? list.failure) && <Failed failure={(failure ?? list.failure)!} retry={failure ? reload : reloadBenchmarks} />}
      {(!value || !list.value) && !failure && !list.failure && <Loading what="the runs" />}
      {value && list.value && (list.value.length > 0 ? <Table list={list.value} runs={value} /> : <Empty title="No benchmark is configured."><p>See the <a href={overviewHref}>overview</a>.</p></Empty>)}
    </>
  );
}

type Measured = Record<Isolation, Map<string, Side>>;
type Sides = SidesOf<Side>;

function sidesOf({ slug }: Benchmark, runs: Measured): Sides {
  const of = (isolation: Isolation): Side | null => runs[isolation].get(slug) ?? null;
  return { "in-process": of("in-process"), process: of("process"), container: of("container") };
}

/** How many were measured under two isolations at least. */
function known(list: readonly Benchmark[], runs: Measured): number {
  return list.filter((b) => isolations.filter((i) => runs[i].has(b.slug)).length > 1).length;
}

function Table({ list, runs }: { list: readonly Benchmark[]; runs: Measured }) {
  return (
    <>
      <p class="summary">
        {`${count(list.length, "benchmark")} by their latest run under each isolation, among the last ${most} that ended ok. Choose one to measure what is missing. `}
        These are separate runs: weaker evidence than samples that take turns.
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Benchmarks by isolation">
        <table class="plain-table overheads" aria-rowcount={list.length + 1}>
          <thead>
            <tr>
              <th scope="col">Benchmark</th>
              {isolations.map((i) => <th key={i} scope="col" class="num">{isolationWords[i].name}</th>)}
            </tr>
          </thead>
          <Pieces list={list} of={list.length} columns={isolations.length + 1} row={(b, index) => <Line key={b.slug} benchmark={b} sides={sidesOf(b, runs)} index={index} />} />
        </table>
      </div>
    </>
  );
}

function Line({ benchmark: b, sides, index }: { benchmark: Benchmark; sides: Sides; index: number }) {
  const base = baseOf(sides);
  return (
    <tr data-row={b.slug} aria-rowindex={index}>
      <th scope="row"><a href={overheadHref(b.slug)}><Name of={b.name} /></a></th>
      {isolations.map((i) => <td key={i} class="num"><Cell run={sides[i]} base={base && sides[base]} why={unfit(b, i) || "not measured yet"} /></td>)}
    </tr>
  );
}

function Cell({ run, base, why }: { run: Side | null; base: Side | null; why: string }) {
  if (!run) return <Absent why={why} />;
  const ratio = base && run !== base ? ratioOf(run, base) : null;
  return (
    <>
      <Millis value={run.time.median} />
      {ratio && <span class="below">{shown(ratio) === "nothing" ? `${times(ratio.value)}, undecided` : times(ratio.value)}</span>}
    </>
  );
}
