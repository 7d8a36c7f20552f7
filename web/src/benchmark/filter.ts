// Which runs a benchmark's page is about, as the address has it.
import type { TrendFilter } from "../api/endpoints";
import { isolations } from "../api/types";

/** How far back a trend may go, by name. */
export const spans = { "1": "a day", "7": "a week", "30": "a month", "365": "a year" } as const;

const day = 86_400_000;
const grain = 3_600_000; // a day ago moves by the hour, so that the same trend is not fetched anew all the time

export function trendFilterOf(params: URLSearchParams, now: number): TrendFilter {
  const text = (name: string): string => params.get(name) ?? "";
  const days = text("days") in spans ? Number(text("days")) : 0;
  return {
    machine: text("machine"), definition: text("definition"), branch: text("branch"), baseline: text("baseline"),
    isolation: isolations.find((i) => i === text("isolation")) ?? "",
    from: days === 0 ? "" : new Date(Math.floor((now - days * day) / grain) * grain).toISOString(),
  };
}
