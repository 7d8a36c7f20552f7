// What the buttons do.
import { cancelRun, createBatch, createRun, listRuns } from "./api/endpoints";
import { isolations } from "./api/types";
import type { Benchmark, Isolation, Run, RunRequest } from "./api/types";
import { active, addActive } from "./live/active";
import { chosen, hindrance } from "./live/capabilities";
import { attempt, spoken, tell } from "./live/notices";
import { go } from "./router";
import { runHref } from "./routes";

function withIsolation<T extends object>(request: T, isolation: Isolation | ""): T & { isolation?: Isolation } {
  return isolation ? { ...request, isolation } : request;
}

/** Queues one benchmark under the chosen isolation. */
export async function runBenchmark(benchmark: Benchmark): Promise<void> {
  const request = withIsolation({ benchmark: benchmark.slug }, chosen.peek());
  const run = await attempt(`${benchmark.name} was not queued`, () => createRun(request));
  if (!run) return;
  addActive([run]);
  spoken.value = `${benchmark.name} is queued`;
}

/** Queues many; those that can't run under the chosen isolation stay out, and that is told. */
export async function runMany(benchmarks: readonly Benchmark[]): Promise<void> {
  const able = benchmarks.filter((b) => !hindrance(b));
  if (able.length === 0) return tell("None of these can run in-process.", true, "Choose process or container.");
  const request = withIsolation({ benchmarks: able.map((b) => b.slug) }, chosen.peek());
  const runs = await attempt("Nothing was queued", () => createBatch(request));
  if (!runs) return;
  addActive(runs);
  spoken.value = `${runs.length} runs are queued`;
  const left = benchmarks.length - able.length;
  if (left > 0) tell(`${left} left out: only built-in benchmarks run in-process.`);
}

/** Queues one benchmark under each of these isolations. */
export async function runUnder(benchmark: Benchmark, wanted: readonly Isolation[]): Promise<void> {
  for (const isolation of wanted) {
    const run = await attempt(`${benchmark.name} was not queued`, () => createRun({ benchmark: benchmark.slug, isolation }));
    if (!run) return;
    addActive([run]);
  }
  spoken.value = `${benchmark.name} is queued under ${wanted.join(", ")}`;
}

const mostOfBatch = 500;

/** Queues once more what did not end ok in a batch, under the isolation that it had. */
export async function runFailed(batch: string): Promise<void> {
  const page = await attempt("Nothing was queued", () => listRuns({ batch, state: "finished", limit: mostOfBatch }));
  if (!page) return;
  const failed = page.runs.filter((run) => run.verdict !== "ok");
  for (const isolation of isolations) {
    const slugs = failed.filter((run) => run.isolation.requested === isolation).map((run) => run.slug);
    const runs = slugs.length > 0 ? await attempt("Not all were queued", () => createBatch({ benchmarks: slugs, isolation })) : [];
    if (!runs) return;
    addActive(runs);
  }
  spoken.value = `${failed.length} runs are queued`;
}

/** Queues a run like another one and goes to its page. */
export async function runAgain(request: RunRequest): Promise<void> {
  const run = await attempt("It was not queued", () => createRun(request));
  if (!run) return;
  addActive([run]);
  go(runHref(run.id));
}

export async function cancel(run: Pick<Run, "id">): Promise<void> {
  await attempt("It was not cancelled", () => cancelRun(run.id));
}

/** Cancels all that wait, newest first, so that none of them starts meanwhile. */
export async function cancelQueued(): Promise<void> {
  const waiting = [...(active.peek().value?.values() ?? [])].filter((run) => run.state === "queued");
  for (const run of waiting.reverse()) {
    if (!(await attempt("Not all were cancelled", () => cancelRun(run.id)))) return;
  }
}
