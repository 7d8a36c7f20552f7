// Names that are too long for where they stand.
const most = 60; // letters that are shown as they are

export const isLong = (name: string): boolean => name.length > most;

/** A name within a sentence: a long one without its middle, since names of a family differ at the end. */
export function shortName(name: string): string {
  return isLong(name) ? `${name.slice(0, 36)}…${name.slice(-20)}` : name;
}
