import type { Labels } from "../api/types";
import { visible } from "../text/visible";

/** Labels as one searches for them, "size=10", in order of their names. Names come as they were sent: see parseInert. */
export function labelTexts(labels: Labels): string[] {
  return Object.keys(labels).sort().map((name) => `${visible(name)}=${labels[name]}`);
}
