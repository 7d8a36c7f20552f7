// How much a page shows at once: a reader's own choice, kept in the browser.
import { signal } from "@preact/signals";

const key = "density";

function kept(): boolean {
  try {
    return localStorage.getItem(key) === "dense";
  } catch {
    return false; // a browser may keep nothing
  }
}

/** Rows without air. */
export const dense = signal(kept());

export function setDense(wanted: boolean): void {
  dense.value = wanted;
  document.documentElement.classList.toggle("dense", wanted);
  try {
    localStorage.setItem(key, wanted ? "dense" : "airy");
  } catch {
    // then it lasts as long as the page
  }
}

export function startDensity(): void {
  document.documentElement.classList.toggle("dense", dense.peek());
}
