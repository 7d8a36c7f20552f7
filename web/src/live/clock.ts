import { signal } from "@preact/signals";

/** Now, as far as relative times go: it moves a few times a minute. */
export const now = signal(Date.now());

export function startClock(): void {
  setInterval(() => (now.value = Date.now()), 10_000);
}
