// What a program printed, as lines of spans of plain text. Colours become class
// names; every other control sequence is dropped whole; what is left of control
// characters is shown as ^G. Nothing that was printed can be hidden, and
// nothing is ever read as markup.
import { cellsOf } from "./cells";
import { applySgr, classOf, plainLook } from "./sgr";
import type { Look } from "./sgr";
import { hiddenClass, mark } from "./visible";

export interface Span {
  text: string;
  className: string;
}

export interface Line {
  spans: Span[];
  cells: number; // width in columns
  number: number; // from 1; 0 goes on with the line above
}

// A longer line is cut in pieces, so that the work for one row is bounded.
const longest = 4096;
const longestSequence = 4096;
const tab = 8;
const markClass = "t-mark";

const special = new RegExp(`[\\x00-\\x1f\\x7f-\\x9f${hiddenClass}]`, "gu");

// What can't be inside a control string ends it, so that an open one hides no
// more than the rest of its line and no text is looked through again and again.
const csi = /(?:\x1b\[|\x9b)([\x30-\x3f]{0,256})[\x20-\x2f]*([\x40-\x7e])/y;
const controlString = /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x18\x1a\x1b\n\x80-\x9f]{0,4096}(?:\x07|\x1b\\|\x9c)/y;
const otherEscape = /\x1b[\x20-\x2f]{0,8}[0-OQ-WYZ\\`-~]/y;
const unfinished =
  /^(?:\x1b[\x20-\x2f]*|(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x18\x1a\x1b\n\x80-\x9f]*\x1b?)$/;

export class Terminal {
  lines: Line[] = [];
  private look: Look = plainLook;
  private className = "";
  private held = ""; // the start of a sequence that the next chunk may finish
  private numbered = 0;
  private broken = true; // the next text starts a line

  /** How many lines there ever were. */
  get count(): number {
    return this.numbered;
  }

  /** Adds what was printed next. */
  push(chunk: string): void {
    const text = this.held + chunk;
    this.held = "";
    let at = 0;
    while (at < text.length) {
      special.lastIndex = at;
      const found = special.exec(text);
      const end = found ? found.index : text.length;
      if (end > at) this.write(text.slice(at, end), this.className);
      if (!found) return;
      const after = this.control(text, end, found[0]);
      if (after < 0) {
        this.held = text.slice(end);
        return;
      }
      at = after;
    }
  }

  /** Says that nothing follows: a sequence left open is shown as it is. */
  end(): void {
    const rest = this.held;
    this.held = "";
    for (const character of rest) this.write(/[\x00-\x1f\x7f-\x9f]/.test(character) ? mark(character) : character, markClass);
  }

  /** Handles the character at `at`; where to go on, or -1 to wait for more. */
  private control(text: string, at: number, character: string): number {
    if (character === "\n") return this.newline(at + 1);
    if (character === "\t") {
      this.write(" ".repeat(tab - ((this.open()?.cells ?? 0) % tab)), this.className);
      return at + 1;
    }
    if (character === "\r") {
      if (text[at + 1] === "\n") return this.newline(at + 2);
      if (at + 1 === text.length) return -1;
      this.write(mark(character), markClass); // it would have overwritten the line
      return this.newline(at + 1);
    }
    const end = this.sequence(text, at);
    if (end > at) return end;
    const rest = text.slice(at, at + longestSequence + 1);
    if (rest.length <= longestSequence && unfinished.test(rest)) return -1;
    this.write(mark(character), markClass);
    return at + character.length;
  }

  /** The end of the control sequence at `at`, or -1 where there is none. */
  private sequence(text: string, at: number): number {
    for (const pattern of [csi, controlString, otherEscape]) {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (!found) continue;
      if (pattern === csi && found[2] === "m" && /^[\d;:]*$/.test(found[1] ?? "")) {
        this.look = applySgr(this.look, found[1] ?? "");
        this.className = classOf(this.look);
      }
      return pattern.lastIndex;
    }
    return -1;
  }

  private newline(next: number): number {
    if (this.broken) this.begin(true);
    this.broken = true;
    return next;
  }

  private open(): Line | undefined {
    return this.broken ? undefined : this.lines[this.lines.length - 1];
  }

  private begin(numbered: boolean): Line {
    const line = { spans: [], cells: 0, number: numbered ? ++this.numbered : 0 };
    this.lines.push(line);
    this.broken = false;
    return line;
  }

  private write(text: string, className: string): void {
    let line = this.open() ?? this.begin(true);
    let rest = text;
    while (rest !== "") {
      if (line.cells >= longest) line = this.begin(false);
      const piece = rest.slice(0, longest - line.cells || 1);
      // Not half of a pair: the other half goes along.
      const cut = /[\ud800-\udbff]$/.test(piece) ? piece + (rest[piece.length] ?? "") : piece;
      append(line, cut, className);
      rest = rest.slice(cut.length);
    }
  }
}

function append(line: Line, text: string, className: string): void {
  const last = line.spans[line.spans.length - 1];
  if (last?.className === className) last.text += text;
  else line.spans.push({ text, className });
  line.cells += cellsOf(text);
}
