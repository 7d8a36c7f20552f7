// Keys that work everywhere but in a text field. They find what they act on in
// the page itself: rows are marked by data-row, run buttons by data-run.
import { helpOpen } from "./components/help";
import { go } from "./router";
import { activityHref, overviewHref } from "./routes";

let leader = 0; // when g was pressed

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
  if (event.timeStamp - leader < 1_000 && (event.key === "o" || event.key === "a")) {
    leader = 0;
    return go(event.key === "o" ? overviewHref : activityHref);
  }
  const actions: Record<string, () => void> = {
    "/": () => document.querySelector<HTMLInputElement>("#search")?.select(),
    j: () => moveRow(1),
    k: () => moveRow(-1),
    r: runHere,
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
