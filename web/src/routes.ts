// Which page an address is, and the addresses of pages.

export type Route =
  | { page: "overview" }
  | { page: "benchmark"; slug: string }
  | { page: "activity" }
  | { page: "run"; id: string }
  | { page: "overheads" }
  | { page: "overhead"; slug: string }
  | { page: "machine" }
  | { page: "compare" }
  | { page: "comparison"; id: string }
  | { page: "alerts" }
  | { page: "settings" }
  | { page: "new" }
  | { page: "missing" };

const simple = ["machine", "new", "compare", "alerts", "settings"] as const;

const isSimple = (name: string): name is (typeof simple)[number] => (simple as readonly string[]).includes(name);

export function routeOf(pathname: string): Route {
  const parts = pathname.split("/").filter((part) => part !== "");
  const [first, second] = parts;
  if (parts.length === 0) return { page: "overview" };
  if (parts.length === 1 && first === "runs") return { page: "activity" };
  if (parts.length === 1 && first === "overhead") return { page: "overheads" };
  if (parts.length === 2 && first === "overhead" && second) return { page: "overhead", slug: decoded(second) };
  if (parts.length === 1 && first && isSimple(first)) return { page: first };
  if (parts.length === 2 && first === "compare" && second) return { page: "comparison", id: decoded(second) };
  if (parts.length === 2 && first === "runs" && second) return { page: "run", id: decoded(second) };
  if (parts.length === 2 && first === "benchmarks" && second) return { page: "benchmark", slug: decoded(second) };
  return { page: "missing" };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray % is no reason to show nothing
  }
}

export const overviewHref = "/";
export const activityHref = "/runs";
export const machineHref = "/machine";
export const alertsHref = "/alerts";
export const settingsHref = "/settings";
export const newRunHref = "/new";
export const overheadHref = (slug = ""): string => (slug ? `/overhead/${encodeURIComponent(slug)}` : "/overhead");
export const benchmarkHref = (slug: string): string => `/benchmarks/${encodeURIComponent(slug)}`;
export const runHref = (id: string): string => `/runs/${encodeURIComponent(id)}`;
/** A comparison by its id, or the page where one is chosen. */
export const compareHref = (id = ""): string => (id ? `/compare/${encodeURIComponent(id)}` : "/compare");
/** What two sides say; see compare/side.ts for how they are written. Runs of `of` are offered where one is to be chosen. */
export const sidesHref = (a: string, b: string, of = ""): string => `/compare?${new URLSearchParams({ a, b, ...(of ? { of } : {}) })}`;
export const searchHref = (words: string): string => `/?${new URLSearchParams({ q: words })}`;
export const categoryHref = (category: string): string => `/?${new URLSearchParams({ category })}`;
