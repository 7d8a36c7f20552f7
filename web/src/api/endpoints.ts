// What the dashboard asks of the server.
import { address, get, post } from "./request";
import { fillBenchmark, fillCapabilities, fillRun } from "./types";
import type { BatchRequest, Benchmark, Capabilities, Isolation, Machine, Plan, Run, RunPage, RunRequest, Sample, SelfTest, State, Stream, Verdict } from "./types";

type Signal = AbortSignal | undefined;

export async function listBenchmarks(signal?: Signal): Promise<Benchmark[]> {
  const list = await get("/api/v1/benchmarks", { signal });
  return (list.benchmarks ?? []).map(fillBenchmark);
}

export async function getBenchmark(slug: string, signal?: Signal): Promise<Benchmark> {
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

export async function cancelRun(id: string): Promise<Run> {
  return fillRun(await post("/api/v1/runs/{id}/cancel", undefined, { path: { id } }));
}

// Addresses for links and streams.
export const runAddress = (id: string): string => address("/api/v1/runs/{id}", { id });
export const samplesAddress = (id: string): string => address("/api/v1/runs/{id}/samples", { id });
export const eventsAddress = (): string => address("/api/v1/events");
export const runEventsAddress = (id: string): string => address("/api/v1/runs/{id}/events", { id });
export const outputAddress = (id: string, stream: Stream): string => address("/api/v1/runs/{id}/output", { id }, { stream });
