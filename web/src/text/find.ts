// Where a text stands in the lines of a terminal, kept up while lines come and
// go: only what is new is looked through.
import type { Line, Span } from "./terminal";

export class Finder {
  /** Lines that have it, counted from the first that ever was. */
  found: number[] = [];
  private readonly wanted: string;
  private done = 0; // lines that can't change any more, counted likewise

  constructor(query: string) {
    this.wanted = query.toLowerCase();
  }

  /** Takes in lines that were added behind those that were dropped; the last one may have grown. */
  sync(lines: readonly Line[], dropped: number): void {
    if (this.wanted === "") return;
    const from = Math.max(dropped, this.done - 1);
    if ((this.found[0] ?? dropped) < dropped) this.found = this.found.filter((line) => line >= dropped);
    if (this.found[this.found.length - 1] === from) this.found.pop();
    for (let line = from; line < dropped + lines.length; line++) {
      if (this.has(lines[line - dropped] as Line)) this.found.push(line);
    }
    this.done = dropped + lines.length;
  }

  private has(line: Line): boolean {
    return line.spans.map((span) => span.text).join("").toLowerCase().includes(this.wanted);
  }
}

/** A span cut where a text stands in it: every second piece is one. */
export function pieces({ text }: Span, query: string): string[] {
  const wanted = query.toLowerCase();
  const lower = text.toLowerCase();
  if (wanted === "" || lower.length !== text.length) return [text]; // some letters change their length
  const cut: string[] = [];
  let at = 0;
  for (let next = lower.indexOf(wanted); next >= 0; next = lower.indexOf(wanted, at)) {
    cut.push(text.slice(at, next), text.slice(next, next + wanted.length));
    at = next + wanted.length;
  }
  return [...cut, text.slice(at)];
}
