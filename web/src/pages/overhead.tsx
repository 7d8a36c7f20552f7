import { runUnder } from "../actions";
import { listRuns } from "../api/endpoints";
import { isolations } from "../api/types";
import type { Benchmark, Isolation, Run } from "../api/types";
import { Act } from "../components/act";
import { Ago } from "../components/ago";
import { Absent, Millis } from "../components/figure";
import { Name } from "../components/name";
import { Empty, Failed, Loading, Panel } from "../components/states";
import { useTitle } from "../components/title";
import { active } from "../live/active";
import { benchmarks, bySlug, reloadBenchmarks } from "../live/benchmarks";
import { capabilities, capability } from "../live/capabilities";
import { useLoaded } from "../live/loaded";
import { onlyReads } from "../live/me";
import { baseOf, doubts, overheadTitle, ratioOf, shown, startUp, times, unfit } from "../overhead/cost";
import type { Sides } from "../overhead/cost";
import { RangeBar, scaleOf } from "../overhead/range-bar";
import { benchmarkHref, overheadHref, overviewHref, runHref } from "../routes";
import { whyMissing } from "../words/hindrance";
import { isolationWords } from "../words/verdict";

export function OverheadPage({ slug }: { slug: string }) {
  const benchmark = bySlug.value.get(slug);
  const { value, failure } = benchmarks.value;
  useTitle(benchmark?.name ?? "Isolation overhead");
  if (benchmark) return <Content benchmark={benchmark} />;
  return (
    <>
      <h1 tabIndex={-1}>Isolation overhead</h1>
      {failure && <Failed failure={failure} retry={reloadBenchmarks} />}
      {!value && !failure && <Loading what="the benchmark" />}
      {value && <Empty title={`No benchmark “${slug}” is configured.`}><p>All that are, are on the <a href={overviewHref}>overview</a>.</p></Empty>}
    </>
  );
}

async function latest(slug: string, signal: AbortSignal): Promise<Sides> {
  const one = async (isolation: Isolation) => (await listRuns({ benchmark: slug, isolation, verdict: "ok", limit: 1 }, signal)).runs[0] ?? null;
  const [inside, process, container] = await Promise.all([one("in-process"), one("process"), one("container")]);
  return { "in-process": inside, process, container };
}

const none: Sides = { "in-process": null, process: null, container: null };

function Content({ benchmark: b }: { benchmark: Benchmark }) {
  const { loaded, reload } = useLoaded(`overhead ${b.slug}`, (signal) => latest(b.slug, signal), (e) => e.slug === b.slug && e.state === "finished");
  const { value, failure } = loaded.value;
  const sides = value ?? none;
  const title = value ? overheadTitle(sides) : "Isolation overhead";
  useTitle(`${title} · ${b.name}`);
  return (
    <>
      <div class="page-head">
        <nav class="crumbs" aria-label="Where this is"><a href={overheadHref()}>Isolation overhead</a> / <a href={benchmarkHref(b.slug)}><strong><Name of={b.name} /></strong></a></nav>
        <div class="head"><h1 tabIndex={-1}>{title}</h1></div>
        <p class="summary">The latest run of each isolation that ended ok.</p>
        <div class="actions">{value && <Measure benchmark={b} sides={sides} />}</div>
      </div>
      {failure && <Failed failure={failure} retry={reload} />}
      {!value && !failure && <Loading what="the runs" />}
      {value && doubts(sides).map((d) => <div key={d} class="note warn"><p>{d}</p></div>)}
      {value && <Table benchmark={b} sides={sides} />}
      <Evidence />
    </>
  );
}

function Measure({ benchmark: b, sides }: { benchmark: Benchmark; sides: Sides }) {
  const able = isolations.filter((i) => !hindered(b, i));
  const missing = able.filter((i) => !sides[i]);
  const busy = underWay(b).length > 0;
  const known = able.length === 0 || missing.length < able.length; // with nothing measured, all are the missing ones
  return (
    <>
      {missing.length > 0 && <Act class="primary" data-run="page" disabled={busy} hindered={onlyReads.value} onAct={() => void runUnder(b, missing)}>Measure the missing ones</Act>}
      {known && <Act {...(missing.length === 0 ? { class: "primary", "data-run": "page" } : {})} disabled={busy || able.length === 0} hindered={onlyReads.value} onAct={() => void runUnder(b, able)}>Measure all again</Act>}
    </>
  );
}

/** Why it can't run so here; "" if it can. */
function hindered(b: Benchmark, isolation: Isolation): string {
  const never = unfit(b, isolation);
  const found = capability(isolation);
  if (never || !capabilities.value.value || found?.available) return never;
  return `not available here: ${whyMissing(found)}`;
}

function underWay(b: Benchmark): Run[] {
  return [...(active.value.value?.values() ?? [])].filter((run) => run.slug === b.slug);
}

function Table({ benchmark, sides }: { benchmark: Benchmark; sides: Sides }) {
  const base = baseOf(sides);
  const measured = isolations.flatMap((i) => sides[i] ?? []);
  const scale = scaleOf(measured);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Isolations side by side">
      <table class="plain-table overhead">
        <thead>
          <tr>
            <th scope="col">Isolation</th>
            <th scope="col" class="num">Median</th>
            <th scope="col" class="drawn">95 % interval, on one scale</th>
            <th scope="col" class="num">{base ? `Against ${isolationWords[base].name.toLowerCase()}` : "Ratio"}</th>
            <th scope="col" class="num" title="From taking the run until its program was started">Start</th>
            <th scope="col" class="num" title="From taking the run until its boundary was empty">Total</th>
            <th scope="col" class="num">Ran</th>
          </tr>
        </thead>
        <tbody>{isolations.map((i) => <Side key={i} isolation={i} run={sides[i]} base={base && sides[base]} scale={scale} state={stateOf(benchmark, i)} />)}</tbody>
      </table>
    </div>
  );
}

/** What there is to say of a side that was not measured. */
function stateOf(b: Benchmark, isolation: Isolation): string {
  const run = underWay(b).find((r) => r.isolation.requested === isolation);
  return run?.state ?? (hindered(b, isolation) || "not measured yet");
}

function Side({ isolation, run, base, scale, state }: { isolation: Isolation; run: Run | null; base: Run | null; scale: readonly [number, number]; state: string }) {
  const words = isolationWords[isolation];
  const name = <th scope="row" title={words.meaning}>{run?.isolation.isolated ? <span class="pill blue">{isolation}</span> : isolation}</th>;
  if (!run) return <tr>{name}<td colSpan={6} class="grey"><span class="why">{state}</span></td></tr>;
  return (
    <tr>
      {name}
      <td class="num"><a class="quiet-link" href={runHref(run.id)}><Millis value={run.time.median} /></a></td>
      <td class="drawn"><RangeBar run={run} scale={scale} /></td>
      <td class="num"><Against run={run} base={base} /></td>
      <td class="num"><Millis value={startUp(run)} /></td>
      <td class="num"><Millis value={run.resourceUsage.executionTime} /></td>
      <td class="num">{state === "queued" || state === "running" ? <span class="busy">{state}</span> : <Ago at={run.finishedAt ?? run.createdAt} />}</td>
    </tr>
  );
}

function Against({ run, base }: { run: Run; base: Run | null }) {
  if (run === base) return <span class="grey">measured against</span>;
  const ratio = base && ratioOf(run, base);
  if (!ratio) return <Absent />;
  const bounds = ratio.low === null || ratio.high === null ? "too few samples for bounds" : `${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}`;
  return <>{times(ratio.value)} <span class="below">{bounds}{shown(ratio) === "nothing" ? ": undecided" : ""}</span></>;
}

function Evidence() {
  return (
    <Panel title="How far to trust this" beside="separate runs">
      <p>
        These runs were made one after the other, not interleaved sample by sample. Whatever changed on the machine in between, load, clock speed or the contents of caches,
        counts as isolation here, so this is weaker evidence than samples that take turns. The bounds are the farthest that both 95 % intervals allow; where they include 1, nothing is decided.
        The median is of the program inside its boundary. What it takes to begin and to clear away is told apart, under Start and Total; a boundary that waited ready was made before either.
      </p>
    </Panel>
  );
}
