import { duration, written } from "../format/figure";
import type { Range } from "./range";

/** Where the target is, since it is not always within what is drawn. */
export function TargetNote({ target, range, unit, name = "the target" }: { target: number | null; range: Range; unit: number; name?: string }) {
  if (target === null) return null;
  const [scaled, text] = [target / unit, written(duration(target))];
  if (scaled >= range.low && scaled <= range.high) return <p class="under">{`Dashed: ${name}, ${text}.`}</p>;
  return <p class="under">{`${name.replace("the", "The")}, ${text}, lies ${scaled > range.high ? "above" : "below"} what is drawn.`}</p>;
}
