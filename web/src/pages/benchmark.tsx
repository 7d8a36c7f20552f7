import { cancel, runBenchmark } from "../actions";
import { getBenchmark, listRuns } from "../api/endpoints";
import { isolations } from "../api/types";
import type { Benchmark, BenchmarkView, Isolation } from "../api/types";
import { Definitions } from "../benchmark/definitions";
import { TrendPanels, useTrend } from "../benchmark/trend-panels";
import { Act } from "../components/act";
import { Absent, Bytes, Cpu, Millis, Success } from "../components/figure";
import { Choice } from "../components/choice";
import { Name } from "../components/name";
import { Pager } from "../components/pager";
import { IsolationBadge, OutcomePill } from "../components/pill";
import { RunsTable } from "../components/runs-table";
import { Empty, Failed, Loading } from "../components/states";
import { Tile, Tiles } from "../components/tile";
import { useTitle } from "../components/title";
import { Labels } from "../components/labels";
import { chosenDuration, count, written } from "../format/figure";
import { activeBySlug } from "../live/active";
import { benchmarks, bySlug, reloadBenchmarks } from "../live/benchmarks";
import { hindrance } from "../live/capabilities";
import { progress } from "../live/events";
import { useLoaded } from "../live/loaded";
import { onlyReads } from "../live/me";
import { param, withParams } from "../router";
import { categoryHref, overheadHref, overviewHref, runHref, sidesHref } from "../routes";
import { RatedTile, TargetTile } from "../run/tiles";
import { headline, progressWords } from "../words/headline";
import { isLong } from "../words/name";
import { categoryName, isolationWords } from "../words/verdict";

export function BenchmarkPage({ slug }: { slug: string }) {
  const benchmark = bySlug.value.get(slug);
  const { value, failure } = benchmarks.value;
  useTitle(benchmark?.name ?? "Benchmark");
  if (benchmark) return <Configured benchmark={benchmark} />;
  return (
    <>
      <h1 tabIndex={-1}>Benchmark</h1>
      {failure && <Failed failure={failure} retry={reloadBenchmarks} />}
      {!value && !failure && <Loading what="the benchmark" />}
      {value && <Unknown slug={slug} />}
    </>
  );
}

/** Not in the configuration; but runs of it may be there all the same. */
function Unknown({ slug }: { slug: string }) {
  return (
    <>
      <Empty title={`No benchmark “${slug}” is configured.`}><p>All that are, are on the <a href={overviewHref}>overview</a>.</p></Empty>
      <Runs slug={slug} />
    </>
  );
}

function Configured({ benchmark: o }: { benchmark: Benchmark }) {
  const { loaded, reload } = useLoaded(`benchmark ${o.slug}`, (signal) => getBenchmark(o.slug, signal), (e) => e.slug === o.slug && e.state === "finished");
  const { value: known, failure } = loaded.value;
  return (
    <>
      <div class="page-head">
        <nav class="crumbs" aria-label="Where this is">
          <a href={overviewHref}>Overview</a> / <a href={categoryHref(o.category)}>{categoryName(o.category)}</a>
        </nav>
        <div class="head">
          <h1 tabIndex={-1}><Name of={o.name} /></h1>
          {known?.latest && <IsolationBadge run={known.latest} />}
          {known?.latest && <OutcomePill run={known.latest} />}
        </div>
        <p class="summary">{known && describe(known)}</p>
        <Labels labels={o.labels} />
        <div class="actions"><RunOrCancel benchmark={o} /><a class="button" href={overheadHref(o.slug)}>Isolation overhead</a><a class="button" href={sidesHref(`benchmark:${o.slug}`, `benchmark:${o.slug}`)}>Compare</a></div>
      </div>
      {known && !known.latest && isLong(o.name) && <p class="summary">{o.name}</p>}
      {failure && <Failed failure={failure} retry={reload} />}
      {!known && !failure && <Loading what="the benchmark" />}
      {known && <Content benchmark={known} />}
    </>
  );
}

function Content({ benchmark: b }: { benchmark: BenchmarkView }) {
  const trend = useTrend(b);
  return (
    <>
      <BenchmarkTiles benchmark={b} />
      <TrendPanels benchmark={b} of={trend} />
      <Runs slug={b.slug} />
      <Definitions benchmark={b} choices={trend.loaded.value.value?.choices ?? []} />
    </>
  );
}

function describe(b: BenchmarkView): string {
  const iterations = b.iterations === null ? "as many iterations as give a good picture" : count(b.iterations, "iteration");
  return `A ${b.kind} benchmark: ${iterations}, at most ${written(chosenDuration(b.timeout))} for one execution, ${isolationWords[b.isolation].place} if nothing else is chosen.`;
}

function RunOrCancel({ benchmark: b }: { benchmark: Benchmark }) {
  const run = activeBySlug.value.get(b.slug);
  if (!run) return <Act class="primary" data-run="page" hindered={hindrance(b)} onAct={() => void runBenchmark(b)}>Run</Act>;
  return (
    <>
      <a href={runHref(run.id)}>{run.state === "queued" ? "Queued" : `Running: ${progressWords(progress.value.get(run.id))}`}</a>
      <Act hindered={onlyReads.value} onAct={() => void cancel(run)}>Cancel</Act>
    </>
  );
}

function BenchmarkTiles({ benchmark: b }: { benchmark: BenchmarkView }) {
  const run = b.latest;
  return (
    <Tiles>
      <Tile name="Median" below={run ? <a href={runHref(run.id)}>{headline(run)}</a> : "not run yet"}><Millis value={run?.time.median} /></Tile>
      {run && <RatedTile run={run} />}
      <Tile name="Memory, peak" below="highest of a sample"><Bytes value={run?.resourceUsage.maxRSS} /></Tile>
      <Tile name="CPU" below="over all samples">{run ? <Cpu time={run.resourceUsage.cpuTime} /> : <Absent />}</Tile>
      <TargetTile of={b} below={b.target === null ? "none is set" : b.targetOn === "cpu" || b.targetOn === "memory" ? "the middle sample counts" : "per iteration"} />
      <Tile name="Success" below={successWords(b)}><Success rate={b.successRate} /></Tile>
    </Tiles>
  );
}

function successWords({ successRate: { ok, total, windowDays } }: BenchmarkView): string {
  return total === 0 ? `no run in ${windowDays} days` : `${ok} of ${count(total, "run")} in ${windowDays} days`;
}

const pageSize = 25;

function Runs({ slug }: { slug: string }) {
  const isolation: Isolation | "" = isolations.find((i) => i === param("isolation")) ?? "";
  const cursor = param("cursor");
  const page = useLoaded(`page ${slug} ${isolation} ${cursor}`, (signal) => listRuns({ benchmark: slug, isolation, cursor, limit: pageSize }, signal),
    (e) => e.slug === slug && cursor === "");
  const { value, failure } = page.loaded.value;
  return (
    <section aria-label="Runs">
      <div class="section-head">
        <h2>Runs <span class="beside">newest first</span></h2>
        <div class="filters">
          <Choice label="Isolation" param="isolation" unset="any" value={isolation} options={isolations.map((i) => ({ value: i, name: isolationWords[i].name }))} />
        </div>
      </div>
      {failure && <Failed failure={failure} retry={page.reload} />}
      {!value && !failure && <Loading what="the runs" />}
      {value && value.runs.length > 0 && <RunsTable runs={value.runs} named={false} label="Runs" />}
      {value && value.runs.length === 0 && <NoRuns isolation={isolation} />}
      {value && <Pager next={value.nextCursor} />}
    </section>
  );
}

function NoRuns({ isolation }: { isolation: Isolation | "" }) {
  if (isolation) return <Empty title={`None ran ${isolationWords[isolation].place}.`}><p><a href={withParams({ isolation: "", cursor: "" })}>Show all runs</a></p></Empty>;
  return <Empty title="It has not run yet."><p>Press <strong>Run</strong> above, or <kbd>r</kbd>.</p></Empty>;
}
