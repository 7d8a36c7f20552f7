import { putBaseline } from "../api/endpoints";
import { isolations } from "../api/types";
import type { BenchmarkView, Trend, TrendPoint } from "../api/types";
import { Choice } from "../components/choice";
import { Empty, Failed, Loading, Panel } from "../components/states";
import { duration, size, sizeUnit, timeUnit, written } from "../format/figure";
import { capabilities } from "../live/capabilities";
import { now } from "../live/clock";
import { useLoaded } from "../live/loaded";
import type { Handle } from "../live/loaded";
import { noAdmin } from "../live/me";
import { attempt, tell } from "../live/notices";
import { CoursePlot, TrendPlot } from "../plot/lazy";
import { setParams, url, withParams } from "../router";
import { alertsHref, runHref, sidesHref } from "../routes";
import { Fact } from "../run/evidence";
import { alertTitle, signed } from "../words/alert";
import { medianTarget } from "../words/target";
import { isolationWords } from "../words/verdict";
import { spans, trendFilterOf } from "./filter";
import { hasHistory, loadTrend } from "./load-trend";
import { baselineWords, differsWords, noiseWords, placeWords } from "./noise";

/** The trend that the address asks for; null of what has none. */
export function useTrend(b: BenchmarkView): Handle<Trend | null> {
  const filter = trendFilterOf(url.value.searchParams, now.value);
  const has = hasHistory(b);
  return useLoaded(`trend ${b.slug} ${has} ${JSON.stringify(filter)}`, async (signal) => (has ? loadTrend(b.slug, filter, signal) : null), (e) => e.slug === b.slug && e.state === "finished");
}

/** The history of a benchmark: its trend, how much of it is noise, and what it is held against. */
export function TrendPanels({ benchmark: b, of: { loaded, reload } }: { benchmark: BenchmarkView; of: Handle<Trend | null> }) {
  const { value: trend, failure } = loaded.value;
  if (!hasHistory(b)) return null; // the runs below say that there are none
  if (failure?.status === 404) return <Empty title="There is no such history."><p>{failure.message} <a href={withParams({ machine: "", definition: "", branch: "", baseline: "", isolation: "" })}>Show the latest</a></p></Empty>;
  return (
    <section aria-label="History">
      {failure && <Failed failure={failure} retry={reload} />}
      {!trend && !failure && <Loading what="the trend" />}
      {trend && <Selectors trend={trend} />}
      {trend && (trend.points.some((p) => p.median !== null) ? <Content key={trend.definition} benchmark={b} trend={trend} reload={reload} /> : <Empty title="No run of these ended ok."><p><a href={withParams({ days: "", branch: "" })}>Show all of the series</a></p></Empty>)}
    </section>
  );
}

function Selectors({ trend: t }: { trend: Trend }) {
  const unique = (pick: (s: Trend["choices"][number]) => string): string[] => [...new Set(t.choices.map(pick))];
  const here = capabilities.value.value?.machine;
  const host = (id: string): string => (here?.id === id ? here.hostname : id.slice(0, 12));
  const option = (value: string, name = value) => ({ value, name });
  const has = unique((s) => s.isolation);
  return (
    <div class="section-head">
      <h2>History</h2>
      <div class="filters">
        <Choice label="Isolation" param="isolation" unset={`latest: ${t.isolation}`} value={url.value.searchParams.get("isolation") ?? ""} options={isolations.filter((i) => has.includes(i)).map((i) => option(i, isolationWords[i].name))} />
        <Choice label="Machine" param="machine" unset={`latest: ${host(t.machine)}`} value={url.value.searchParams.get("machine") ?? ""} options={unique((s) => s.machine).map((m) => option(m, host(m)))} />
        {t.branches.length > 0 && <Choice label="Branch" param="branch" unset="any" value={url.value.searchParams.get("branch") ?? ""} options={t.branches.filter(Boolean).map((name) => option(name))} />}
        <Choice label="Of the last" param="days" unset="all time" value={url.value.searchParams.get("days") ?? ""} options={Object.entries(spans).map(([value, name]) => option(value, name.replace(/^a /, "")))} />
      </div>
    </div>
  );
}

const cpu = (p: TrendPoint): number | null => p.cpu;
const cpuUnit = (us: number) => ({ unit: timeUnit(us / 1000).unit, size: timeUnit(us / 1000).size * 1000 });
const memory = (p: TrendPoint): number | null => p.maxRSS;

function Content({ benchmark: b, trend: t, reload }: { benchmark: BenchmarkView; trend: Trend; reload: () => void }) {
  return (
    <div class="columns">
      <div class="column wide">
        <TrendPlot trend={t} target={medianTarget(b)} />
        <div class="halves">
          <CoursePlot name="Memory" beside="peak of the highest sample" points={t.points} pick={memory} figure={size} unit={sizeUnit} />
          <CoursePlot name="CPU" beside="of a sample, the mean" points={t.points} pick={cpu} figure={(us) => duration(us / 1000)} unit={cpuUnit} />
        </div>
      </div>
      <div class="column">
        <NoisePanel trend={t} />
        <ChangesPanel trend={t} />
        <BaselinePanel benchmark={b} trend={t} reload={reload} />
      </div>
    </div>
  );
}

function NoisePanel({ trend: { band } }: { trend: Trend }) {
  return (
    <Panel title="Noise" beside={`the latest run: ${placeWords(band)}`}>
      <p>{noiseWords(band)}</p>
      {band.median !== null && band.low !== null && band.high !== null && (
        <dl class="facts">
          <Fact name="level">{written(duration(band.median))}</Fact>
          <Fact name="expected">{`${written(duration(band.low))} to ${written(duration(band.high))}`}</Fact>
        </dl>
      )}
    </Panel>
  );
}

function ChangesPanel({ trend: t }: { trend: Trend }) {
  if (t.changePoints.length === 0 && t.alerts.length === 0) return null;
  const when = new Map(t.points.map((p, i) => [p.run, { p, before: t.points[i - 1] }]));
  return (
    <Panel title="Changes" beside="newest first">
      <ul class="changes">
        {t.alerts.map((a) => <li key={a.id}><a href={alertsHref}>{alertTitle(a, "It")}</a> <span class="grey">{a.state}</span></li>)}
        {[...t.changePoints].reverse().map((c) => {
          const found = when.get(c.run);
          return (
            <li key={c.run}>
              <a href={runHref(c.run)}>{`${signed(c.change)}: ${written(duration(c.before))} to ${written(duration(c.after))}`}</a>{" "}
              <span class="grey">{found?.p.commit ? `at ${found.p.commit.slice(0, 12)}` : `p ${c.p < 0.001 ? "< 0.001" : c.p.toFixed(3)}`}</span>{" "}
              {found?.before && <a href={sidesHref(`run:${found.before.run}`, `run:${c.run}`, t.benchmark)}>Compare</a>}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function BaselinePanel({ benchmark: b, trend: t, reload }: { benchmark: BenchmarkView; trend: Trend; reload: () => void }) {
  const branches = t.branches.filter(Boolean);
  const before = t.points.filter((p) => p.median !== null).length > 1;
  const names = [...(before ? ["previous"] : []), ...(branches.length ? ["branch-point"] : []), ...t.baselines, ...branches.map((name) => `branch:${name}`)];
  const found = t.baseline;
  const doubt = found ? differsWords(found) : "";
  return (
    <Panel title="Baseline">
      <Choice label="Hold the latest run against" param="baseline" unset="nothing" value={url.value.searchParams.get("baseline") ?? ""} options={names.map((name) => ({ value: name, name }))} />
      {found && <p class="baseline">{baselineWords(found)} {doubt && <span class="differs">{doubt}</span>} {b.latest && <a href={sidesHref(`run:${found.run}`, `run:${b.latest.id}`, b.slug)}>Compare</a>}</p>}
      {b.latest?.verdict === "ok" && !noAdmin.value && <NameBaseline slug={b.slug} run={b.latest.id} reload={reload} />}
    </Panel>
  );
}

function NameBaseline({ slug, run, reload }: { slug: string; run: string; reload: () => void }) {
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget as HTMLFormElement).get("name") ?? "");
    const saved = await attempt("The baseline was not saved", () => putBaseline(slug, name, run).then(() => true));
    if (!saved) return;
    tell(`The latest run is now the baseline ${name}.`);
    setParams({ baseline: name });
    reload();
  };
  return (
    <form class="name-baseline" onSubmit={(event) => void save(event)}>
      <label class="choice"><span class="grey">Name the latest run</span>{" "}
        <input name="name" required pattern="[a-z0-9][a-z0-9._\-]{0,63}" title="Small letters, digits, dots and dashes; a name that is taken moves to this run" autocomplete="off" placeholder="v1.0" />
      </label>
      <button type="submit" class="small">Save</button>
    </form>
  );
}
