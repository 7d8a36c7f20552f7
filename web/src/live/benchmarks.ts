// All benchmarks with what is known of them. A finished run renews its own; the
// whole list is fetched where several have changed.
import { computed, signal } from "@preact/signals";
import { getBenchmark, listBenchmarks } from "../api/endpoints";
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

let all = true; // the whole list is wanted
const changed = new Set<string>();

async function refresh(): Promise<void> {
  const slugs = [...changed];
  const [only] = slugs;
  const one = !all && slugs.length === 1 && only !== undefined;
  all = false;
  changed.clear();
  try {
    if (one) replace(await getBenchmark(only));
    else replaceAll(await listBenchmarks());
  } catch (thrown) {
    all = true;
    benchmarks.value = { value: benchmarks.peek().value, failure: failureOf(thrown) };
  }
}

function replace(fetched: Benchmark): void {
  const list = benchmarks.peek().value ?? [];
  benchmarks.value = { value: list.map((b) => (b.slug === fetched.slug ? fetched : b)), failure: null };
}

/** Keeps the objects that have not changed, so that their rows are not drawn again. */
function replaceAll(fetched: Benchmark[]): void {
  const list = fetched.map((b) => {
    const before = bySlug.peek().get(b.slug);
    return before && JSON.stringify(before) === JSON.stringify(b) ? before : b;
  });
  benchmarks.value = { value: list, failure: null };
}

const wake = throttled(refresh, restBetweenFetches);

/** Fetches the list anew. */
export function reloadBenchmarks(): void {
  all = true;
  wake();
}

export function startBenchmarks(): void {
  onResync(reloadBenchmarks);
  onRun((event) => {
    if (event.state !== "finished" || !bySlug.peek().has(event.slug)) return;
    changed.add(event.slug);
    spoken.value = `${bySlug.peek().get(event.slug)?.name} has finished: ${outcomeOf(event).word}`;
    wake();
  });
  reloadBenchmarks();
}
