// One side of a comparison, as the address has it: "run:ID", "batch:ID", or
// "benchmark:SLUG:ISOLATION:BRANCH", which is the latest run of that kind.
import { isolations } from "../api/types";
import type { ComparisonRequest, Isolation } from "../api/types";

export type Side =
  | { kind: "benchmark"; slug: string; isolation: Isolation | ""; branch: string }
  | { kind: "run"; id: string }
  | { kind: "batch"; id: string };

export type Kind = Side["kind"];

/** Which of them an address tells; a benchmark without a name if it tells none. */
export function sideOf(text: string): Side {
  const [kind, first = "", isolation = "", ...branch] = text.split(":");
  if (kind === "run" || kind === "batch") return { kind, id: first };
  return { kind: "benchmark", slug: kind === "benchmark" ? first : "", isolation: isolations.find((i) => i === isolation) ?? "", branch: branch.join(":") };
}

export function textOf(side: Side): string {
  if (side.kind !== "benchmark") return side.id ? `${side.kind}:${side.id}` : side.kind;
  return ["benchmark", side.slug, side.isolation, side.branch].join(":").replace(/:+$/, "");
}

export function isWhole(side: Side): boolean {
  return (side.kind === "benchmark" ? side.slug : side.id) !== "";
}

/** An id out of what was pasted: itself, or the address of a page. */
export function pastedId(text: string): string {
  return /([0-9A-Za-z]+)\/?(?:[?#].*)?$/.exec(text.trim())?.[1] ?? "";
}

/** What has both measured in turns; null where one of them is no benchmark as it stands. */
export function turnsOf(a: Side, b: Side, blocks: number | null, isolation: Isolation | ""): ComparisonRequest | null {
  if (a.kind !== "benchmark" || b.kind !== "benchmark" || a.branch || b.branch || !a.slug || !b.slug) return null;
  return { a: { benchmark: a.slug }, b: { benchmark: b.slug }, ...(blocks === null ? {} : { blocks }), ...(isolation ? { isolation } : {}) };
}
