// Which page an address is, and the addresses of pages.

export type Route =
  | { page: "overview" }
  | { page: "benchmark"; slug: string }
  | { page: "activity" }
  | { page: "run"; id: string }
  | { page: "overheads" }
  | { page: "overhead"; slug: string }
  | { page: "machine" }
  | { page: "new" }
  | { page: "missing" };

export function routeOf(pathname: string): Route {
  const parts = pathname.split("/").filter((part) => part !== "");
  const [first, second] = parts;
  if (parts.length === 0) return { page: "overview" };
  if (parts.length === 1 && first === "runs") return { page: "activity" };
  if (parts.length === 1 && first === "overhead") return { page: "overheads" };
  if (parts.length === 2 && first === "overhead" && second) return { page: "overhead", slug: decoded(second) };
  if (parts.length === 1 && first === "machine") return { page: "machine" };
  if (parts.length === 1 && first === "new") return { page: "new" };
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
export const newRunHref = "/new";
export const overheadHref = (slug = ""): string => (slug ? `/overhead/${encodeURIComponent(slug)}` : "/overhead");
export const benchmarkHref = (slug: string): string => `/benchmarks/${encodeURIComponent(slug)}`;
export const runHref = (id: string): string => `/runs/${encodeURIComponent(id)}`;
export const searchHref = (words: string): string => `/?${new URLSearchParams({ q: words })}`;
export const categoryHref = (category: string): string => `/?${new URLSearchParams({ category })}`;
