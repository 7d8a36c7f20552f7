// What narrows and orders the overview, as the address has it.
import type { Row } from "../api/types";
import { cpuMillis } from "../format/cpu";
import { labelTexts } from "../words/label";
import { ratedOf } from "../words/target";
import { standingOf } from "../words/verdict";
import type { Standing } from "../words/verdict";

export interface Filter {
  words: string;
  category: string;
  standing: Standing | "attention" | "";
}

const standings = ["attention", "failed", "slow", "unsure", "fast", "ok", "never"] as const;

export function filterOf(params: URLSearchParams): Filter {
  const standing = standings.find((s) => s === params.get("show")) ?? "";
  return { words: params.get("q") ?? "", category: params.get("category") ?? "", standing };
}

export function isFiltered(f: Filter): boolean {
  return f.words.trim() !== "" || f.category !== "" || f.standing !== "";
}

/** The benchmarks that have every word somewhere in name, slug, kind, category or labels. */
export function matching(list: readonly Row[], filter: Filter): Row[] {
  const words = filter.words.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return list.filter((b) => {
    const text = `${b.name} ${b.slug} ${b.kind} ${b.category} ${labelTexts(b.labels).join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word)) && inCategory(b, filter.category) && stands(b, filter.standing);
  });
}

function inCategory(b: Row, category: string): boolean {
  return category === "" || b.category === category;
}

function stands(b: Row, wanted: Filter["standing"]): boolean {
  if (wanted === "") return true;
  const standing = standingOf(b);
  return wanted === "attention" ? ["failed", "slow", "unsure"].includes(standing) : standing === wanted;
}

const weight: Record<Standing, number> = { failed: 0, slow: 1, unsure: 2, fast: 3, ok: 4, never: 5 };

type Key = number | string | null;

/** The columns by which one can sort, and what they compare. */
export const sortKeys = {
  name: (b: Row): Key => b.name.toLowerCase(),
  median: (b: Row): Key => b.latest?.time.median ?? null,
  target: (b: Row): Key => ratio(b),
  rating: (b: Row): Key => (b.latest ? weight[standingOf(b)] : null),
  memory: (b: Row): Key => b.latest?.resourceUsage.maxRSS ?? null,
  cpu: (b: Row): Key => (b.latest ? cpuMillis(b.latest.resourceUsage.cpuTime) : null),
  total: (b: Row): Key => b.latest?.resourceUsage.executionTime ?? null,
  success: (b: Row): Key => (b.successRate.total ? b.successRate.ok / b.successRate.total : null),
  ran: (b: Row): Key => b.latest?.finishedAt ?? null,
};

export type SortKey = keyof typeof sortKeys;

export interface Sort {
  key: SortKey | "";
  down: boolean;
}

export function sortOf(params: URLSearchParams): Sort {
  const text = params.get("sort") ?? "";
  const key = text.replace(/^-/, "");
  return { key: key in sortKeys ? (key as SortKey) : "", down: text.startsWith("-") };
}

/** The parameter for a click on a heading: up, then down, then no order. */
export function nextSort(now: Sort, key: SortKey): string {
  if (now.key !== key) return key;
  return now.down ? "" : `-${key}`;
}

function ratio(b: Row): Key {
  const rated = b.latest && ratedOf(b.latest);
  return !rated || b.latest?.target == null ? null : rated.value / b.latest.target;
}

/** In the order asked for; what was not measured comes last either way. */
export function sorted(list: readonly Row[], sort: Sort): Row[] {
  if (sort.key === "") return [...list];
  const key = sortKeys[sort.key];
  const direction = sort.down ? -1 : 1;
  return list
    .map((b) => ({ b, k: key(b) }))
    .sort((x, y) => {
      if (x.k === null || y.k === null) return Number(x.k === null) - Number(y.k === null);
      return x.k < y.k ? -direction : x.k > y.k ? direction : 0;
    })
    .map(({ b }) => b);
}

/** The categories in the order in which they first appear. */
export function grouped(list: readonly Row[]): [category: string, members: Row[]][] {
  const groups = new Map<string, Row[]>();
  for (const b of list) groups.set(b.category, [...(groups.get(b.category) ?? []), b]);
  return [...groups];
}
