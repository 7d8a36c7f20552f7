// How many columns a terminal gives to text.

const ascii = /^[\x20-\x7e]*$/;
// Drawn two columns wide by terminals: East Asian scripts, emoji.
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** How many columns one character takes. */
export function cellOf(character: string): number {
  return wide.test(character) ? 2 : 1;
}

export function cellsOf(text: string): number {
  if (ascii.test(text)) return text.length;
  let cells = 0;
  for (const character of text) cells += cellOf(character);
  return cells;
}
