// The rows of the overview, kept up while it is shown. A finished run renews its
// own; all are fetched where several have changed.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { getBenchmark, listRows } from "../api/endpoints";
import { failureOf } from "../api/failure";
import { rowOf } from "../api/types";
import type { Row } from "../api/types";
import { onResync, onRun } from "./events";
import { nothing } from "./loaded";
import type { Loaded } from "./loaded";
import { restBetweenFetches, throttled } from "./throttle";

export const rows = signal<Loaded<Row[]>>(nothing);

let all = true; // every row is wanted
const changed = new Set<string>();

async function refresh(): Promise<void> {
  const slugs = [...changed];
  const [only] = slugs;
  const one = !all && slugs.length === 1 && only !== undefined;
  all = false;
  changed.clear();
  try {
    if (one) replace(rowOf(await getBenchmark(only)));
    else replaceAll(await listRows());
  } catch (thrown) {
    all = true;
    rows.value = { value: rows.peek().value, failure: failureOf(thrown) };
  }
}

function replace(fetched: Row): void {
  const list = rows.peek().value ?? [];
  rows.value = { value: list.map((b) => (b.slug === fetched.slug ? fetched : b)), failure: null };
}

/** Keeps the objects that have not changed, so that they are not drawn again. */
function replaceAll(fetched: Row[]): void {
  const known = new Map((rows.peek().value ?? []).map((b) => [b.slug, b]));
  const list = fetched.map((b) => {
    const before = known.get(b.slug);
    return before && JSON.stringify(before) === JSON.stringify(b) ? before : b;
  });
  rows.value = { value: list, failure: null };
}

const wake = throttled(refresh, restBetweenFetches);

/** Fetches them anew. */
export function reloadRows(): void {
  all = true;
  wake();
}

/** Keeps them up while a component is shown. */
export function useRows(): void {
  useEffect(() => {
    reloadRows();
    const quiet = [
      onResync(reloadRows),
      onRun((event) => {
        if (event.state !== "finished" || !rows.peek().value?.some((b) => b.slug === event.slug)) return;
        changed.add(event.slug);
        wake();
      }),
    ];
    return () => quiet.forEach((end) => end());
  }, []);
}
