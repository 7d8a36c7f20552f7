// The one way in which our scripts say what they measured.

/** Prints goals beside what was measured; true if all are met. `most` is the largest value that meets one. */
export function printFigures(rows) {
  console.log("| | measured | goal | |\n|---|---|---|---|");
  for (const row of rows) {
    const { what, value, most, unit } = row;
    const shown = value === null ? "–" : `${Number.isInteger(value) ? value : value.toFixed(1)} ${unit}`;
    console.log(`| ${what} | ${shown} | ${most === undefined ? "–" : `≤ ${most} ${unit}`} | ${most === undefined ? "" : meets(row) ? "met" : "**missed**"} |`);
  }
  return rows.every(meets);
}

/** Whether a figure meets its goal, if it has one. */
export const meets = ({ value, most }) => most === undefined || (value !== null && value <= most);
