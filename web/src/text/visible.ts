// Text that strangers wrote must look like what it is. Characters that hide or
// reorder others are shown by their number, control characters as terminals
// name them: ^G.

/** Reorders text, or is invisible and takes part in no word. */
const hidden = "\\u061c\\u200b\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufeff\\u{e0000}-\\u{e007f}";
const control = "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f";

const deceptive = new RegExp(`[${hidden}${control}]`, "u");
const everyDeceptive = new RegExp(`[${hidden}${control}]`, "gu");

/** A stand-in that can be seen, for one character that can't or that deceives. */
export function mark(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `^${String.fromCharCode(code ^ 0x40)}`;
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

/** The text with nothing in it that hides or reorders. Newlines and tabs stay. */
export function visible(text: string): string {
  return deceptive.test(text) ? text.replace(everyDeceptive, mark) : text;
}

// JSON may carry such characters raw or escaped; most texts have neither, and
// parsing with a reviver is slow.
const worthLooking = new RegExp(`[${hidden}\\x7f-\\x9f]|\\\\u|\\\\b|\\\\f`, "u");

/** Parses JSON of the server, with every string in it made visible. */
export function parseInert(json: string): unknown {
  if (!worthLooking.test(json)) return JSON.parse(json);
  return JSON.parse(json, (_, value: unknown) => (typeof value === "string" ? visible(value) : value));
}

export { hidden as hiddenClass };
