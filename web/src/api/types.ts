// The words of the API as the dashboard uses them: a thin layer over the types
// that are generated from its OpenAPI description. It mends what the
// description cannot say (an object that may be null) and fills empty lists.
import type { components } from "../client/schema";

type Schemas = components["schemas"];

export type Isolation = Schemas["RunIsolation"]["requested"];
export type Verdict = NonNullable<Schemas["Run"]["verdict"]>;
export type Rating = NonNullable<Schemas["Run"]["rating"]>;
export type State = Schemas["Run"]["state"];
export type TargetOn = Schemas["Run"]["targetOn"];
export type Revision = Schemas["Revision"];
export type Rated = Schemas["Figure"];
export type Labels = Schemas["Run"]["labels"];
export type Receipt = Schemas["Receipt"];
export type Moment = Schemas["Moment"];
export type Evidence = Schemas["Evidence"];
export type Death = Schemas["Death"];
export type Sample = Schemas["Sample"];
export type Machine = Schemas["Machine"];
export type Plan = Schemas["Plan"];
export type RunRequest = Schemas["RunRequest"];
export type BatchRequest = Schemas["BatchRequest"];
export type Compared = Schemas["Compared"];
export type ComparisonRequest = Schemas["ComparisonRequest"];
export type Alert = Schemas["Alert"];
export type AlertState = Alert["state"];
export type AlertAnswer = Schemas["AlertAnswer"];
export type Setting = Schemas["Setting"];
export type Batch = Schemas["BatchInfo"];
export type Stream = "stdout" | "stderr";

export interface Run extends Omit<Schemas["Run"], "death" | "timeline" | "warnings" | "isolation" | "rated" | "revision"> {
  death: Death | null;
  rated: Rated | null;
  revision: Revision | null;
  timeline: Moment[];
  warnings: Schemas["Warning"][];
  isolation: Omit<Schemas["RunIsolation"], "receipt"> & { receipt: Receipt[] };
}

/** What a benchmark is, without its runs: what every page knows of all of them. */
export type Benchmark = Schemas["Outline"];

/** A benchmark with what is known of it: for a page of its own. */
export interface BenchmarkView extends Omit<Schemas["BenchmarkView"], "latest" | "recent" | "recentChanges" | "command"> {
  latest: Run | null;
  recent: number[];
  recentChanges: number[];
  command: string[];
}

/** Of a run what a table shows. */
export interface Line extends Omit<Schemas["Line"], "rated"> {
  rated: Rated | null;
}

/** Of a benchmark's newest ok run under an isolation what is held against the others. */
export type Side = Schemas["Side"];

/** A benchmark as a row of the overview; `ended` is its latest run as a whole, where that did not end ok. */
export interface Row extends Benchmark {
  latest: Line | null;
  ended: Run | null;
  successRate: BenchmarkView["successRate"];
  recent: number[];
  recentChanges: number[];
}

export type ComparisonInfo = Schemas["ComparisonInfo"];
export type Comparison = Omit<Schemas["Comparison"], "results" | "warnings"> & { results: Compared[]; warnings: Schemas["Warning"][] };

export type TrendPoint = Schemas["Point"];
export type Band = Schemas["Band"];
export type Series = Schemas["SeriesInfo"];
export type Baseline = Schemas["Baseline"];

export interface Trend extends Omit<Schemas["Trend"], "points" | "changePoints" | "alerts" | "choices" | "branches" | "baselines" | "baseline"> {
  points: TrendPoint[];
  changePoints: Schemas["ChangePoint"][];
  alerts: Alert[];
  choices: Series[];
  branches: string[];
  baselines: string[];
  baseline: Baseline | null;
}

export interface RunPage {
  runs: Run[];
  nextCursor: string | null;
}

export type Capability = Omit<Schemas["Capabilities"], "details"> & { details: Schemas["Detail"][] };

export type Capabilities = Omit<Schemas["Report"], "backends" | "disturbances"> & { backends: Capability[]; disturbances: Schemas["Disturbance"][] };
export type SelfTestCase = Schemas["SelfTestCase"];
export type SelfTest = Omit<Schemas["SelfTest"], "cases"> & { cases: SelfTestCase[] };
export type Definition = Schemas["Definition"];
export type SentFile = Schemas["File"];

// The streams of events are not part of the description: these are by hand.

/** One numbered change of a run. */
export interface RunEvent {
  seq: number;
  run: string;
  slug: string;
  state: State;
  verdict: Verdict | null;
  rating: Rating | null;
}

/** How far a run is. It is shown, not stored. */
export interface Progress {
  run: string;
  warmup: boolean;
  done: number;
  of: number | null;
  last: number | null;
}

/** A piece of output of a run under way. */
export interface OutputEvent {
  chunk: number;
  stream: Stream;
  text: string;
}

/** What a run used at a moment; null is what nothing could be read of. */
export interface Usage {
  at: number; // ms
  cpu: number | null; // processors
  memory: number | null; // bytes
}

export const isolations: readonly Isolation[] = ["in-process", "process", "container"];

export const alertStates: readonly AlertState[] = ["new", "confirmed", "accepted", "muted"];

export const verdicts: readonly Verdict[] = [
  "ok", "nonzero_exit", "signaled", "timeout", "cpu_limit", "oom", "pids_limit", "output_limit",
  "disk_limit", "cancelled", "start_failed", "isolation_unavailable", "interrupted", "internal_error",
];

export function fillRun(raw: Schemas["Run"]): Run {
  return {
    ...raw,
    death: (raw.death as Death | null) ?? null,
    rated: (raw.rated as Rated | null) ?? null,
    revision: (raw.revision as Revision | null) ?? null,
    timeline: raw.timeline ?? [],
    warnings: raw.warnings ?? [],
    isolation: { ...raw.isolation, receipt: raw.isolation.receipt ?? [] },
  };
}

export function fillBenchmark(raw: Schemas["BenchmarkView"]): BenchmarkView {
  const latest = raw.latest as Schemas["Run"] | null;
  return { ...raw, latest: latest && fillRun(latest), recent: raw.recent ?? [], recentChanges: raw.recentChanges ?? [], command: raw.command ?? [] };
}

export function fillCapabilities(raw: Schemas["Report"]): Capabilities {
  return { ...raw, disturbances: raw.disturbances ?? [], backends: (raw.backends ?? []).map((b) => ({ ...b, details: b.details ?? [] })) };
}

export function fillComparison(raw: Schemas["Comparison"]): Comparison {
  return { ...raw, results: raw.results ?? [], warnings: raw.warnings ?? [] };
}

export function fillTrend(raw: Schemas["Trend"]): Trend {
  return {
    ...raw, points: raw.points ?? [], changePoints: raw.changePoints ?? [], alerts: raw.alerts ?? [], choices: raw.choices ?? [],
    branches: raw.branches ?? [], baselines: raw.baselines ?? [], baseline: (raw.baseline as Baseline | null) ?? null,
  };
}

export function fillRow(raw: Schemas["Row"]): Row {
  const latest = raw.latest as Schemas["Line"] | null;
  const ended = raw.ended as Schemas["Run"] | null;
  return {
    ...raw,
    latest: latest && { ...latest, rated: (latest.rated as Rated | null) ?? null },
    ended: ended && fillRun(ended),
    recent: raw.recent ?? [],
    recentChanges: raw.recentChanges ?? [],
  };
}

/** The row of a benchmark of which all is known. */
export function rowOf(whole: BenchmarkView): BenchmarkView & Row {
  const { latest } = whole;
  return { ...whole, ended: latest && latest.verdict !== "ok" ? latest : null };
}
