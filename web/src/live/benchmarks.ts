// What benchmarks there are. They are configured, so that only another server
// has others: it is asked when events may have been missed.
import { computed, signal } from "@preact/signals";
import { listBenchmarks } from "../api/endpoints";
import { failureOf } from "../api/failure";
import type { Benchmark } from "../api/types";
import { outcomeOf } from "../words/verdict";
import { onResync, onRun } from "./events";
import { nothing } from "./loaded";
import type { Loaded } from "./loaded";
import { spoken } from "./notices";
import { restBetweenFetches, throttled } from "./throttle";

export const benchmarks = signal<Loaded<Benchmark[]>>(nothing);

export const bySlug = computed(() => new Map((benchmarks.value.value ?? []).map((b) => [b.slug, b])));

/** Fetches the list anew. */
export const reloadBenchmarks = throttled(async () => {
  try {
    benchmarks.value = { value: await listBenchmarks(), failure: null };
  } catch (thrown) {
    benchmarks.value = { value: benchmarks.peek().value, failure: failureOf(thrown) };
  }
}, restBetweenFetches);

export function startBenchmarks(): void {
  onResync(reloadBenchmarks);
  onRun((event) => {
    const found = event.state === "finished" && bySlug.peek().get(event.slug);
    if (found) spoken.value = `${found.name} has finished: ${outcomeOf(event).word}`;
  });
  reloadBenchmarks();
}
