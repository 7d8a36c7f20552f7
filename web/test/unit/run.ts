import { rowOf } from "../../src/api/types";
import type { BenchmarkView, Row, Run } from "../../src/api/types";

type Partly<T> = { [K in keyof T]?: T[K] extends object | null ? (T[K] extends unknown[] ? T[K] : Partly<NonNullable<T[K]>> | null) : T[K] };

const bare: Run = {
  id: "01", batch: null, benchmark: "sum", slug: "sum", category: "cpu", kind: "command", trusted: true, definition: "ab", attempt: 1,
  state: "finished", verdict: "ok", rating: "fast", target: 1, targetOn: "median", rated: { value: 0.5, low: 0.45, high: 0.55 }, labels: {},
  time: { median: 0.5, mean: 0.5, min: 0.4, max: 0.6, stddev: 0.1, ciLow: 0.45, ciHigh: 0.55, p95: null, n: 10, source: "runner" },
  isolation: { requested: "process", effective: "process", isolated: true, fallbackReason: null, receipt: [] },
  resourceUsage: {
    maxRSS: 2_000_000, cpuTime: { user: 1000, system: 500, coarse: true }, executionTime: 12, treePeak: null,
    tree: { files: null, pidsPeak: null, blockRead: null, blockWritten: null, stallCPU: null, stallMemory: null, stallIO: null },
    sources: { maxRSS: "wait4", cpuTime: "wait4" },
  },
  exitCode: 0, signal: null, death: null, timeline: [], pairedWith: null, side: null, confirms: null, revision: null,
  evidence: { oomKills: null, pidsRefused: null, stdoutDropped: 0, stderrDropped: 0, throttledPeriods: null, throttledTime: null, leftovers: null, limitReached: null },
  stdout: { bytes: 0, kept: 0, truncated: false, tail: "" }, stderr: { bytes: 0, kept: 0, truncated: false, tail: "" },
  error: null, warnings: [], disturbed: null, setAside: 0, calibration: null, machine: null, createdAt: "2026-01-01T00:00:00Z", startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:01Z",
};

function merged<T>(base: T, more: Partly<T>): T {
  const out = { ...base } as Record<string, unknown>;
  for (const [key, value] of Object.entries(more)) {
    const before = out[key];
    const deeper = typeof value === "object" && value !== null && !Array.isArray(value) && typeof before === "object" && before !== null;
    out[key] = deeper ? merged(before, value as Partly<object>) : value;
  }
  return out as T;
}

/** A run that differs from a good one as stated. It is rated by its median if nothing else is. */
export function runWith(more: Partly<Run>): Run {
  const run = merged(bare, more);
  const { median, ciLow, ciHigh } = run.time;
  if (more.rated === undefined) run.rated = median === null || run.target === null ? null : { value: median, low: ciLow, high: ciHigh };
  return run;
}

export function benchmarkWith(more: Partly<BenchmarkView>, latest: Run | null = bare): BenchmarkView & Row {
  const base: BenchmarkView = {
    slug: "sum", name: "sum", category: "cpu", labels: {}, kind: "command", command: ["sum"], target: 1, targetOn: "median", iterations: 10, timeout: 10_000, trusted: true,
    isolation: "process", latest, successRate: { ok: 1, total: 1, windowDays: 7 }, recent: [0.5], recentChanges: [],
  };
  return rowOf(merged(base, more));
}
