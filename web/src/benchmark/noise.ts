// How much a benchmark's runs differ by chance, in sentences.
import type { Baseline, Band } from "../api/types";
import { count, duration, percent, written } from "../format/figure";
import { signed } from "../words/alert";

const places: Record<Band["place"], string> = {
  learning: "it is still learning",
  within: "within the band",
  above: "above the band: slower than expected",
  under: "under the band: faster than expected",
};

export function placeWords(band: Band): string {
  return places[band.place];
}

/** What there is to know before a figure is believed. */
export function noiseWords(band: Band): string {
  if (band.noise === null || band.detectable === null) return `The band is learned from runs that repeat: ${count(band.n, "run")} so far are too few.`;
  return `Runs differ by ${percent(band.noise)} by chance, over ${count(band.n, "run")}. A single run shows a change of ${percent(band.detectable)} four times in five; a smaller one takes more runs, or a comparison in turns.`;
}

/** "The latest run is +3.1 % against previous: 12.1 ms" */
export function baselineWords(b: Baseline): string {
  if (b.median === null) return `${b.name} has no time.`;
  if (b.change === null) return `${b.name}: ${written(duration(b.median))}.`;
  return `The latest run is ${signed(b.change)} against ${b.name}, ${written(duration(b.median))}.`;
}

/** What makes a baseline a doubtful one; "" if nothing does. */
export function differsWords(b: Baseline): string {
  const differs = b.differs ?? [];
  return differs.length === 0 ? "" : `Another ${differs.join(" and ")}: the difference may be that.`;
}
