// Something fetched, which is kept in sight while it is fetched again.
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { failureOf } from "../api/failure";
import type { Failure } from "../api/failure";
import type { RunEvent } from "../api/types";
import { onResync, onRun } from "./events";
import { restBetweenFetches, throttled } from "./throttle";

export interface Loaded<T> {
  value: T | null; // the newest that arrived
  failure: Failure | null; // of the last attempt
}

export const nothing = { value: null, failure: null };

export interface Handle<T> {
  loaded: ReadonlySignal<Loaded<T>>;
  reload: () => void;
}

/**
 * Fetches while a component is shown: at once, when its key changes, when
 * events may have been missed, and when an event comes that `concerns` it.
 */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>, concerns?: (e: RunEvent) => boolean): Handle<T> {
  const made = useMemo(() => {
    const loaded = signal<Loaded<T>>(nothing);
    const stop = new AbortController();
    const fetchNow = async (): Promise<void> => {
      try {
        const value = await load(stop.signal);
        if (!stop.signal.aborted) loaded.value = { value, failure: null };
      } catch (thrown) {
        const failure = failureOf(thrown);
        if (failure && !stop.signal.aborted) loaded.value = { value: loaded.peek().value, failure };
      }
    };
    return { loaded, stop, reload: throttled(() => (stop.signal.aborted ? undefined : fetchNow()), restBetweenFetches) };
  }, [key]);
  useEffect(() => {
    made.reload();
    const quiet = [onResync(made.reload), onRun((event) => concerns?.(event) && made.reload())];
    return () => {
      made.stop.abort();
      for (const end of quiet) end();
    };
  }, [made]);
  return made;
}
