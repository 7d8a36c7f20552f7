// The trend that an address asks for, which may be of nothing.
import { getTrend } from "../api/endpoints";
import type { TrendFilter } from "../api/endpoints";
import { Failure } from "../api/failure";
import type { BenchmarkView, Trend } from "../api/types";

/** Whether any run of it can be in a history: one that began, of something that has a time. */
export function hasHistory({ kind, latest, recent }: Pick<BenchmarkView, "kind" | "latest" | "recent">): boolean {
  const began = latest !== null && latest.machine !== null && latest.isolation.effective !== null;
  return kind !== "tests" && (began || recent.length > 0);
}

const ofLatest: TrendFilter = { machine: "", isolation: "", definition: "", branch: "", baseline: "", from: "" };

/** A series is looked for among what there is: browsers note each answer 404 as an error, and this is none. */
export async function loadTrend(slug: string, filter: TrendFilter, signal: AbortSignal): Promise<Trend> {
  const wanted = (["machine", "isolation", "definition"] as const).filter((name) => filter[name] !== "");
  if (wanted.length > 0) {
    const { choices } = await getTrend(slug, ofLatest, signal);
    if (!choices.some((c) => wanted.every((name) => c[name] === filter[name]))) {
      throw new Failure(`No run is of this ${wanted.join(" and ")}.`, "not_found", 404);
    }
  }
  return getTrend(slug, filter, signal);
}
