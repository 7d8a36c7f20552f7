// An alert in words.
import type { Alert, AlertState, Isolation } from "../api/types";
import { percent } from "../format/figure";
import { isolationWords } from "./verdict";

/** One of the whole machine is about no single benchmark. */
export const ofMachine = (a: Alert): boolean => a.benchmark === "";

/** "+12 %", "−3.1 %". */
export function signed(share: number): string {
  const text = percent(Math.abs(share));
  return share === 0 ? text : `${share > 0 ? "+" : "−"}${text}`;
}

/** "12 % slower", "3.1 times as slow": a change of a median. */
export function changeWords(share: number): string {
  if (share >= 1) return `${(1 + share).toFixed(share < 9 ? 1 : 0)} times as slow`;
  return `${percent(Math.abs(share))} ${share > 0 ? "slower" : "faster"}`;
}

export function alertTitle(a: Alert, name: string): string {
  if (ofMachine(a)) return `The machine changed: most of its benchmarks became ${changeWords(a.change)}`;
  return `${name} became ${changeWords(a.change)}`;
}

/** Where it stands, and what that means for what comes. */
export const alertStateWords: Record<AlertState, readonly [word: string, meaning: string]> = {
  new: ["new", "one run was out of the band; it is run once more before anybody is told"],
  confirmed: ["confirmed", "a second run was out on the same side: somebody should look"],
  accepted: ["accepted", "the new level is the right one, and the band began anew with it"],
  muted: ["muted", "known, and silent until the next change"],
};

export function alertPlace(a: Alert): string {
  return ofMachine(a) ? "" : `${isolationWords[a.isolation as Isolation].name} isolation`;
}
