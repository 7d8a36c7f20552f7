// Keys that work everywhere but in a text field. They find what they act on in
// the page itself: rows are marked by data-row, run buttons by data-run.
import { helpOpen } from "./components/help";
import { dense, setDense } from "./live/density";
import { go } from "./router";
import { activityHref, alertsHref, compareHref, machineHref, newRunHref, overviewHref, settingsHref } from "./routes";

let leader = 0; // when g was pressed

const places: Record<string, string> = { o: overviewHref, a: activityHref, c: compareHref(), l: alertsHref, m: machineHref, n: newRunHref, s: settingsHref };

function busy(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || helpOpen.peek()) return true;
  const target = event.target;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
}

/** Moves the focus to the row that many rows on. */
function moveRow(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")].filter((row) => row.offsetParent !== null);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step));
  const row = rows[next];
  row?.querySelector<HTMLElement>("a")?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

function runHere(): void {
  const row = document.activeElement?.closest("[data-row]");
  (row ?? document.querySelector("main"))?.querySelector<HTMLElement>(row ? "[data-run]" : "[data-run=page]")?.click();
}

function onKey(event: KeyboardEvent): void {
  if (busy(event)) return;
  const place = event.timeStamp - leader < 1_000 ? places[event.key] : undefined;
  if (place) {
    leader = 0;
    return go(place);
  }
  const actions: Record<string, () => void> = {
    "/": () => document.querySelector<HTMLInputElement>("#search")?.select(),
    j: () => moveRow(1),
    k: () => moveRow(-1),
    r: runHere,
    d: () => setDense(!dense.peek()),
    g: () => (leader = event.timeStamp),
    "?": () => (helpOpen.value = true),
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

export function startKeyboard(): void {
  document.addEventListener("keydown", onKey);
}
