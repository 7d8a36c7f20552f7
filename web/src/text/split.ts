// A command line as somebody types it, into the arguments that are sent. No
// shell will see it: what only a shell can do is refused, not passed on.

export type Split = { argv: string[] } | { error: string };

const only = "|&;<>()$`\n";
const quotable = '"\\$`\n'; // what a backslash takes the meaning of between double quotes

/** Splits by blanks; quotes and backslashes keep them, as in a POSIX shell. */
export function split(line: string): Split {
  const argv: string[] = [];
  let word: string | null = null; // null: between words
  for (let i = 0; i < line.length; i++) {
    const c = line[i] as string;
    if (c === " " || c === "\t") {
      if (word !== null) argv.push(word);
      word = null;
    } else if (c === "'" || c === '"') {
      const part = quoted(line, i + 1, c);
      if ("error" in part) return part;
      word = (word ?? "") + part.text;
      i = part.end;
    } else if (c === "\\") {
      if (i + 1 === line.length) return { error: "It ends with a backslash, which quotes nothing." };
      word = (word ?? "") + line[++i];
    } else if (only.includes(c)) {
      return { error: refusal(c) };
    } else {
      word = (word ?? "") + c;
    }
  }
  if (word !== null) argv.push(word);
  return { argv };
}

function quoted(line: string, from: number, quote: string): { text: string; end: number } | { error: string } {
  let text = "";
  for (let i = from; i < line.length; i++) {
    const c = line[i] as string;
    if (c === quote) return { text, end: i };
    if (quote === '"' && (c === "$" || c === "`")) return { error: refusal(c) };
    const next = line[i + 1];
    if (quote === '"' && c === "\\" && next !== undefined && quotable.includes(next)) {
      text += next;
      i++;
    } else {
      text += c;
    }
  }
  return { error: `A ${quote} is never closed.` };
}

function refusal(c: string): string {
  return `${c === "\n" ? "A new line" : c} is for a shell, and there is none: put it in single quotes, or run sh -c '…'.`;
}
