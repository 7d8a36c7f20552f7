// Benchmarks that left their band. An alert is raised, confirmed or dismissed a
// moment after a run has ended, so the list is fetched a moment later.
import { computed, signal } from "@preact/signals";
import { listAlerts } from "../api/endpoints";
import { failureOf } from "../api/failure";
import type { Alert } from "../api/types";
import { onResync, onRun } from "./events";
import { nothing } from "./loaded";
import type { Loaded } from "./loaded";
import { throttled } from "./throttle";

const most = 500;
const judged = 1_500; // ms from the end of a run until it was held against its band

/** The newest of all states. */
export const alerts = signal<Loaded<Alert[]>>(nothing);

/** What somebody should look at. */
export const confirmed = computed(() => (alerts.value.value ?? []).filter((a) => a.state === "confirmed"));

/** Fetches them anew. */
export const reloadAlerts = throttled(async () => {
  try {
    alerts.value = { value: await listAlerts("", most), failure: null };
  } catch (thrown) {
    alerts.value = { value: alerts.peek().value, failure: failureOf(thrown) };
  }
}, judged);

/** Takes in one that was just answered from here. */
export function putAlert(answered: Alert): void {
  const { value, failure } = alerts.peek();
  alerts.value = { value: value && value.map((a) => (a.id === answered.id ? answered : a)), failure };
}

export function startAlerts(): void {
  onResync(reloadAlerts);
  onRun((event) => {
    if (event.state === "finished") setTimeout(reloadAlerts, judged);
  });
  reloadAlerts();
}
