// The one stream of all that happens. The browser reconnects by itself and
// names the last event that it saw, so nothing is missed; where it can't
// (another server, a tab that slept), everybody fetches anew.
import { signal } from "@preact/signals";
import { eventsAddress } from "../api/endpoints";
import type { Progress, RunEvent } from "../api/types";
import { parseInert } from "../text/visible";

export type Connection = "connecting" | "open" | "lost";

export const connection = signal<Connection>("connecting");

/** How far the runs under way are, by id. */
export const progress = signal<ReadonlyMap<string, Progress>>(new Map());

const onRunListeners = new Set<(event: RunEvent) => void>();
const onResyncListeners = new Set<() => void>();

/** Hears of every change of a run, until the function that it returns is called. */
export function onRun(listener: (event: RunEvent) => void): () => void {
  onRunListeners.add(listener);
  return () => onRunListeners.delete(listener);
}

/** Hears when events may have been missed, and what is shown must be fetched again. */
export function onResync(listener: () => void): () => void {
  onResyncListeners.add(listener);
  return () => onResyncListeners.delete(listener);
}

const patience = 1_000; // before a break in the line is told
const hiddenFor = 60_000; // a browser has few connections to a server: a tab that nobody sees gives its own back
let source: EventSource | null = null;
let fresh = false; // this stream began without knowing what came before
let lostTimer: ReturnType<typeof setTimeout> | undefined;
let hideTimer: ReturnType<typeof setTimeout> | undefined;

export function startEvents(): void {
  open(false);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hideTimer);
    if (document.visibilityState === "hidden") hideTimer = setTimeout(close, hiddenFor);
    else if (!source) open(true);
  });
}

function open(afterGap: boolean): void {
  fresh = afterGap;
  source = new EventSource(eventsAddress());
  source.addEventListener("hello", opened);
  source.addEventListener("reset", () => {
    fresh = true;
    opened();
  });
  source.addEventListener("run", (e) => heard(parseInert(e.data) as RunEvent));
  source.addEventListener("progress", (e) => moved(parseInert(e.data) as Progress));
  source.addEventListener("error", failed);
}

function close(): void {
  source?.close();
  source = null;
}

function opened(): void {
  clearTimeout(lostTimer);
  lostTimer = undefined;
  connection.value = "open";
  if (!fresh) return;
  fresh = false;
  progress.value = new Map();
  for (const listener of onResyncListeners) listener();
}

function failed(): void {
  lostTimer ??= setTimeout(() => (connection.value = "lost"), patience);
  if (source?.readyState !== EventSource.CLOSED) return; // the browser goes on trying
  close();
  setTimeout(() => !source && open(true), 3 * patience);
}

function heard(event: RunEvent): void {
  if (event.state === "finished" && progress.peek().has(event.run)) {
    const left = new Map(progress.peek());
    left.delete(event.run);
    progress.value = left;
  }
  for (const listener of onRunListeners) listener(event);
}

function moved(p: Progress): void {
  progress.value = new Map(progress.peek()).set(p.run, p);
}
