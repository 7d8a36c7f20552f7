// The one way in which our scripts say what they measured.

/** Prints goals beside what was measured; true if all are met. `most` is the largest value that meets one. */
export function printFigures(rows) {
  console.log("| | measured | goal | |\n|---|---|---|---|");
  for (const { what, value, most, unit } of rows) {
    const shown = value === null ? "–" : `${Number.isInteger(value) ? value : value.toFixed(1)} ${unit}`;
    console.log(`| ${what} | ${shown} | ${most === undefined ? "–" : `≤ ${most} ${unit}`} | ${most === undefined ? "" : meets(value, most) ? "met" : "**missed**"} |`);
  }
  return rows.every(({ value, most }) => most === undefined || meets(value, most));
}

const meets = (value, most) => value !== null && value <= most;
