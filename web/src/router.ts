// The address is the state: which page, and how it is filtered, sorted and
// paged. Links are real links; a click on one of ours changes the address
// without loading the page anew.
import { computed, signal } from "@preact/signals";

const here = signal(new URL(location.href));

/** The address of the page in sight. */
export const url = computed(() => here.value);

/** A parameter of the address, "" where it is not there. */
export function param(name: string): string {
  return here.value.searchParams.get(name) ?? "";
}

/** This page's address with other parameters; "" takes one away. */
export function withParams(changes: Record<string, string>): string {
  const next = new URL(here.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.searchParams.set(name, value);
    else next.searchParams.delete(name);
  }
  return next.pathname + next.search;
}

export interface Move {
  replace?: boolean; // take the place of this address in the history
  top?: boolean; // begin at the top, also on the same page
}

/** Goes to another address of the dashboard. */
export function go(href: string, move: Move = {}): void {
  const next = new URL(href, location.href);
  const samePage = next.pathname === here.value.pathname;
  if (next.href === here.value.href && !move.top) return;
  if (move.replace) history.replaceState(null, "", next);
  else history.pushState(null, "", next);
  here.value = next;
  if (!samePage || move.top) {
    scrollTo(0, 0);
    if (!samePage) arrived.value++;
  }
}

/** Counts moves to another page, for whoever sets the focus there. */
export const arrived = signal(0);

/** The page that was moved to is here only now: the focus follows, unless nobody moved. */
export function arrivedAgain(): void {
  if (arrived.peek() > 0) arrived.value++;
}

/** Changes parameters of this page without a new entry in the history. */
export function setParams(changes: Record<string, string>): void {
  go(withParams(changes), { replace: true });
}

function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  const leaves = link.pathname.startsWith("/api/") || link.getAttribute("href")?.startsWith("#");
  if (leaves) return;
  event.preventDefault();
  go(link.href, { top: link.dataset["top"] !== undefined });
}

/** Begins to listen for clicks and for the buttons Back and Forward. */
export function startRouter(): void {
  addEventListener("popstate", () => {
    const next = new URL(location.href);
    const samePage = next.pathname === here.value.pathname;
    here.value = next;
    if (!samePage) arrived.value++;
  });
  document.addEventListener("click", onClick);
}
