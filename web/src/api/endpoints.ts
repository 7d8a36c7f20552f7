// What the dashboard asks of the server.
import { address, get, patch, post, put } from "./request";
import { fillBenchmark, fillCapabilities, fillComparison, fillRow, fillRun, fillTrend } from "./types";
import type { Alert, AlertAnswer, AlertState, Batch, BatchRequest, Benchmark, BenchmarkView, Capabilities, Comparison, ComparisonInfo, ComparisonRequest, Isolation, Machine, Plan, Row, Run, RunPage, RunRequest, Sample, SelfTest, Setting, Side, State, Stream, Trend, Verdict } from "./types";

type Signal = AbortSignal | undefined;

export async function listBenchmarks(signal?: Signal): Promise<Benchmark[]> {
  return (await get("/api/v1/outlines", { signal })).outlines ?? [];
}

export async function listRows(signal?: Signal): Promise<Row[]> {
  return ((await get("/api/v1/overview", { signal })).rows ?? []).map(fillRow);
}

export async function listSides(signal?: Signal): Promise<Side[]> {
  return (await get("/api/v1/sides", { signal })).sides ?? [];
}

export async function getBenchmark(slug: string, signal?: Signal): Promise<BenchmarkView> {
  return fillBenchmark(await get("/api/v1/benchmarks/{slug}", { path: { slug }, signal }));
}

export async function getCapabilities(signal?: Signal): Promise<Capabilities> {
  return fillCapabilities(await get("/api/v1/capabilities", { signal }));
}

export async function getSelfTest(signal?: Signal): Promise<SelfTest> {
  const last = await get("/api/v1/selftest", { signal });
  return { ...last, cases: last.cases ?? [] };
}

/** What narrows a list of runs; empty narrows nothing. */
export interface RunFilter {
  benchmark?: string;
  verdict?: Verdict | "";
  isolation?: Isolation | "";
  category?: string;
  batch?: string;
  state?: State | "";
  limit?: number;
  cursor?: string;
}

export async function listRuns(filter: RunFilter, signal?: Signal): Promise<RunPage> {
  const query = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));
  const page = await get("/api/v1/runs", { query, signal });
  return { runs: (page.runs ?? []).map(fillRun), nextCursor: page.nextCursor };
}

export async function getRun(id: string, signal?: Signal): Promise<Run> {
  return fillRun(await get("/api/v1/runs/{id}", { path: { id }, signal }));
}

export async function listSamples(id: string, signal?: Signal): Promise<Sample[]> {
  return (await get("/api/v1/runs/{id}/samples", { path: { id }, signal })).samples ?? [];
}

/** Faithful, since its command is copied: make visible what is shown of it. */
export function getPlan(id: string, signal?: Signal): Promise<Plan> {
  return get("/api/v1/runs/{id}/plan", { path: { id }, signal, faithful: true });
}

export function getMachine(id: string, signal?: Signal): Promise<Machine> {
  return get("/api/v1/machines/{id}", { path: { id }, signal });
}

export async function createRun(request: RunRequest): Promise<Run> {
  return fillRun(await post("/api/v1/runs", request));
}

export async function createBatch(request: BatchRequest): Promise<Run[]> {
  return ((await post("/api/v1/batches", request)).runs ?? []).map(fillRun);
}

export async function listBatches(limit: number, signal?: Signal): Promise<Batch[]> {
  return (await get("/api/v1/batches", { query: { limit }, signal })).batches ?? [];
}

export async function cancelRun(id: string): Promise<Run> {
  return fillRun(await post("/api/v1/runs/{id}/cancel", undefined, { path: { id } }));
}

/** Compares what is stored, or queues what is to take turns. */
export async function compare(request: ComparisonRequest, signal?: Signal): Promise<Comparison> {
  return fillComparison(await post("/api/v1/comparisons", request, { signal }));
}

export async function getComparison(id: string, signal?: Signal): Promise<Comparison> {
  return fillComparison(await get("/api/v1/comparisons/{id}", { path: { id }, signal }));
}

export async function listComparisons(limit: number, cursor: string, signal?: Signal): Promise<{ comparisons: ComparisonInfo[]; nextCursor: string | null }> {
  const page = await get("/api/v1/comparisons", { query: { limit, ...(cursor ? { cursor } : {}) }, signal });
  return { comparisons: page.comparisons ?? [], nextCursor: page.nextCursor };
}

/** The id of the newest run of a branch that ended ok. */
export async function latestOfBranch(slug: string, branch: string, isolation: Isolation | "", signal?: Signal): Promise<string | null> {
  const query = { baseline: `branch:${branch}`, limit: 1, ...(isolation ? { isolation } : {}) };
  const trend = await get("/api/v1/benchmarks/{slug}/trend", { path: { slug }, query, signal });
  return (trend.baseline as { run: string } | null)?.run ?? null;
}

export async function listAlerts(state: AlertState | "", limit: number, signal?: Signal): Promise<Alert[]> {
  return (await get("/api/v1/alerts", { query: { limit, ...(state ? { state } : {}) }, signal })).alerts ?? [];
}

export function answerAlert(id: string, answer: AlertAnswer): Promise<Alert> {
  return patch("/api/v1/alerts/{id}", answer, { path: { id } });
}

export async function listSettings(signal?: Signal): Promise<Setting[]> {
  return (await get("/api/v1/settings", { signal })).settings ?? [];
}

/** What narrows a trend; empty is the latest run's, or everything. */
export interface TrendFilter {
  machine: string;
  isolation: Isolation | "";
  definition: string;
  branch: string;
  baseline: string;
  from: string;
}

export async function getTrend(slug: string, filter: TrendFilter, signal?: Signal): Promise<Trend> {
  const query = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));
  return fillTrend(await get("/api/v1/benchmarks/{slug}/trend", { path: { slug }, query, signal }));
}

/** Names a run, to compare others with. */
export function putBaseline(slug: string, name: string, run: string): Promise<unknown> {
  return put("/api/v1/benchmarks/{slug}/baselines/{name}", { run }, { path: { slug, name } });
}

// Addresses for links and streams.
export const runAddress = (id: string): string => address("/api/v1/runs/{id}", { id });
export const samplesAddress = (id: string): string => address("/api/v1/runs/{id}/samples", { id });
export const eventsAddress = (): string => address("/api/v1/events");
export const runEventsAddress = (id: string): string => address("/api/v1/runs/{id}/events", { id });
export const outputAddress = (id: string, stream: Stream): string => address("/api/v1/runs/{id}/output", { id }, { stream });
