// A comparison in words: its title, and what it does not say.
import type { Compared, Comparison } from "../api/types";
import { count, percent } from "../format/figure";

export type Standing = "slower" | "faster" | "no_difference" | "too_few" | "open";

export function standingOf(r: Compared): Standing {
  return r.decision ?? "open";
}

/** As a pill has it, with what colours it. */
export const standings: Record<Standing, readonly [word: string, tone: "good" | "unsure" | "bad" | "quiet", meaning: string]> = {
  slower: ["slower", "bad", "B takes longer than A, and that is not by chance"],
  faster: ["faster", "good", "B takes less time than A, and that is not by chance"],
  no_difference: ["no difference", "quiet", "What there is can't be told from noise, or is too small to matter"],
  too_few: ["too few", "unsure", "So few samples cannot decide"],
  open: ["open", "quiet", "Not finished, or one of them did not end ok"],
};

/** "12 % slower", "3.1 times the time", "9 % faster". */
export function change(effect: number): string {
  if (effect >= 1) return `${(1 + effect).toFixed(effect < 9 ? 1 : 0)} times the time`;
  return `${percent(Math.abs(effect))} ${effect > 0 ? "slower" : "faster"}`;
}

export function comparisonTitle(c: Comparison): string {
  if (c.state !== "finished") return c.state === "queued" ? "Queued: they wait for their turn" : "Comparing: A and B take turns";
  const [only] = c.results;
  return only && c.results.length === 1 ? ofOne(only) : ofMany(c);
}

function ofOne(r: Compared): string {
  switch (standingOf(r)) {
    case "slower":
    case "faster":
      return (r.effect ?? 0) >= 1 ? `Slower: B takes ${change(r.effect ?? 0)} of A` : `B is ${change(r.effect ?? 0)} than A`;
    case "no_difference":
      return "No difference between A and B can be told";
    case "too_few":
      return "Too few samples to decide";
    default:
      return "Nothing can be said of A and B";
  }
}

function ofMany({ results }: Comparison): string {
  const n = (s: Standing): number => results.filter((r) => standingOf(r) === s).length;
  const parts = [n("slower") && `${n("slower")} slower`, n("faster") && `${n("faster")} faster`].filter(Boolean);
  const of = count(results.length, "benchmark");
  return parts.length > 0 ? `B against A: ${parts.join(", ")}, of ${of}` : `No difference can be told in any of ${of}`;
}

/** How it was decided and how fine it looked, in sentences. */
export function fineness(c: Comparison): string {
  const { p, effect } = c.criteria;
  const turns = c.evidence === "interleaved" ? "The samples took turns, so that whatever changed on the machine met both. " : "";
  const [only] = c.results;
  const fine = c.results.length === 1 && only?.detectable != null ? ` So many samples show a change of ${percent(only.detectable)} in four comparisons of five.` : "";
  return `${turns}Slower or faster means at least ${percent(effect)}, and p under ${p}.${fine}`;
}

/** The mean of all ratios in words; "" where there is but one. */
export function meanWords(c: Comparison): string {
  if (c.geoMean === null || c.geoMeanN < 2) return "";
  return `Geometric mean of B over A: ${c.geoMean.toFixed(3)}, over ${count(c.geoMeanN, "benchmark")}.`;
}
