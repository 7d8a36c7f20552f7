// Rows on the screen for the lines of a terminal, at a width in columns. Only
// the rows in sight are ever made; where each line starts is kept as a running
// sum.
import { cellOf } from "./cells";
import type { Line, Span } from "./terminal";

export interface Row {
  number: number; // of the line; 0 where a row goes on with one
  spans: Span[];
}

export class RowIndex {
  private starts: number[] = [0]; // starts[i] is the first row of line i
  private done = 0; // lines that can't change any more
  private dropped = 0; // lines that are gone at the start

  constructor(readonly columns: number) {}

  /**
   * Takes in lines that were added behind those that were dropped; the last one
   * may have grown. It tells how many rows went with those that were dropped.
   */
  sync(lines: readonly Line[], dropped = 0): number {
    const gone = this.drop(dropped - this.dropped);
    this.dropped = dropped;
    for (let i = Math.max(0, this.done - 1); i < lines.length; i++) {
      const line = lines[i] as Line;
      this.starts[i + 1] = (this.starts[i] ?? 0) + Math.max(1, Math.ceil(line.cells / this.columns));
    }
    this.done = lines.length;
    this.starts.length = lines.length + 1;
    return gone;
  }

  private drop(lines: number): number {
    const gone = this.starts[Math.min(lines, this.done)] ?? 0;
    if (lines > 0) this.starts = this.starts.slice(Math.min(lines, this.done)).map((start) => start - gone);
    this.done = Math.max(0, this.done - lines);
    return gone;
  }

  /** The first row of a line. */
  rowOf(line: number): number {
    return this.starts[line] ?? 0;
  }

  get rows(): number {
    return this.starts[this.starts.length - 1] ?? 0;
  }

  /** The rows from first up to but not including last. */
  slice(lines: readonly Line[], first: number, last: number): Row[] {
    const rows: Row[] = [];
    for (let i = this.lineAt(first), row = first; i < lines.length && row < last; i++) {
      const line = lines[i] as Line;
      const start = this.starts[i] ?? 0;
      for (; row < (this.starts[i + 1] ?? 0) && row < last; row++) {
        const offset = (row - start) * this.columns;
        rows.push({ number: row === start ? line.number : 0, spans: cut(line.spans, offset, offset + this.columns) });
      }
    }
    return rows;
  }

  /** The line that holds a row: the last start that is not behind it. */
  private lineAt(row: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const ascii = /^[\x20-\x7e]*$/;

/** The part of spans between two columns. */
function cut(spans: readonly Span[], from: number, to: number): Span[] {
  const parts: Span[] = [];
  let at = 0;
  for (const span of spans) {
    if (at >= to) break;
    if (ascii.test(span.text)) {
      const text = span.text.slice(Math.max(0, from - at), to - at);
      if (text) parts.push({ text, className: span.className });
      at += span.text.length;
      continue;
    }
    let text = "";
    for (const character of span.text) {
      if (at >= from && at < to) text += character;
      at += cellOf(character);
    }
    if (text) parts.push({ text, className: span.className });
  }
  return parts;
}
