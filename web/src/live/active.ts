// The runs that are queued or under way, kept from the events. Lists are
// fetched only for runs that somebody else has queued.
import { computed, signal } from "@preact/signals";
import { listRuns } from "../api/endpoints";
import { failureOf } from "../api/failure";
import type { Run, RunEvent, State } from "../api/types";
import { onResync, onRun } from "./events";
import { nothing } from "./loaded";
import type { Loaded } from "./loaded";
import { throttled } from "./throttle";

const most = 500; // runs of a state that are fetched

/** By id, in the order in which they were queued. */
export const active = signal<Loaded<ReadonlyMap<string, Run>>>(nothing);

export const running = computed(() => inState("running"));
export const queued = computed(() => inState("queued"));

/** The run of a benchmark that is nearest to its end, by slug. */
export const activeBySlug = computed(() => {
  const found = new Map<string, Run>();
  for (const run of [...queued.value].reverse().concat(running.value)) found.set(run.slug, run);
  return found;
});

function inState(state: State): Run[] {
  return [...(active.value.value?.values() ?? [])].filter((run) => run.state === state);
}

const rank: Record<State, number> = { queued: 0, running: 1, finished: 2 };

// A list or an answer may be older than the events that overtook it.
const seen = new Map<string, RunEvent>();
const remembered = 5_000;

function remember(event: RunEvent): void {
  seen.delete(event.run);
  seen.set(event.run, event);
  const oldest = seen.size > remembered ? seen.keys().next().value : undefined;
  if (oldest !== undefined) seen.delete(oldest);
}

function newest(run: Run): Run {
  const event = seen.get(run.id);
  return event && rank[event.state] > rank[run.state] ? { ...run, state: event.state } : run;
}

/** Takes in runs that were just queued from here. */
export function addActive(runs: readonly Run[]): void {
  put([...(active.peek().value?.values() ?? []), ...runs]);
}

function put(runs: readonly Run[]): void {
  const live = runs.map(newest).filter((run) => run.state !== "finished");
  live.sort((a, b) => (a.createdAt === b.createdAt ? (a.id < b.id ? -1 : 1) : a.createdAt < b.createdAt ? -1 : 1));
  active.value = { value: new Map(live.map((run) => [run.id, run])), failure: null };
}

const reload = throttled(async () => {
  try {
    const pages = await Promise.all([listRuns({ state: "queued", limit: most }), listRuns({ state: "running", limit: most })]);
    put(pages.flatMap((page) => page.runs));
  } catch (thrown) {
    active.value = { value: active.peek().value, failure: failureOf(thrown) };
  }
}, 1_000);

// Events come in bursts: they are taken in together.
const settle = throttled(() => put([...(active.peek().value?.values() ?? [])]), 100);

export function startActive(): void {
  onResync(reload);
  onRun((event) => {
    remember(event);
    if (active.peek().value?.has(event.run)) settle();
    else if (event.state !== "finished") reload();
  });
  reload();
}
