// A canvas knows nothing of style sheets: its colours are read from them.
import { signal } from "@preact/signals";

export interface Colours {
  ink: string;
  grey: string;
  line: string;
  data: string;
  band: string;
  bad: string;
  panel: string;
  font: string;
}

/** Changes when the reader's colour scheme does. */
export const scheme = signal(0);

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => scheme.value++);

export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: read("ink"), grey: read("grey"), line: read("line"), data: read("data"), band: read("data-band"), bad: read("bad"), panel: read("panel"),
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
  };
}
