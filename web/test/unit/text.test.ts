import { expect, test } from "vitest";
import { RowIndex } from "../../src/text/rows";
import { applySgr, classOf, plainLook } from "../../src/text/sgr";
import { commandLine, quote } from "../../src/text/shell";
import { Terminal } from "../../src/text/terminal";
import { parseInert, visible } from "../../src/text/visible";

function printed(...chunks: string[]): Terminal {
  const terminal = new Terminal();
  for (const chunk of chunks) terminal.push(chunk);
  terminal.end();
  return terminal;
}

const textOf = (t: Terminal): string[] => t.lines.map((l) => l.spans.map((s) => s.text).join(""));
const spansOf = (t: Terminal): string[][] => t.lines.flatMap((l) => l.spans.map((s) => [s.className, s.text]));

test("lines end as programs end them", () => {
  expect(textOf(printed("one\ntwo\r\n\nfour"))).toEqual(["one", "two", "", "four"]);
  expect(textOf(printed("a\r", "\nb"))).toEqual(["a", "b"]);
  expect(textOf(printed("10%\r20%"))).toEqual(["10%^M", "20%"]);
  expect(textOf(printed("a\tb"))).toEqual(["a       b"]);
  expect(textOf(printed(""))).toEqual([]);
});

test("colours become class names, over chunks and lines", () => {
  expect(spansOf(printed("\x1b[1;31mred\x1b[0m plain"))).toEqual([["t-bold t-red", "red"], ["", " plain"]]);
  expect(spansOf(printed("\x1b[3", "2mgr\nee\x1b[m"))).toEqual([["t-green", "gr"], ["t-green", "ee"]]);
  expect(spansOf(printed("\x9b34mblue"))).toEqual([["t-blue", "blue"]]);
});

test("every SGR has a place", () => {
  const look = (p: string): string => classOf(applySgr(plainLook, p));
  expect(look("38;5;196")).toBe("t-red");
  expect(look("38;2;0;90;255")).toBe("t-blue");
  expect(look("38:5:46")).toBe("t-green");
  expect(look("38;5;244;1")).toBe("t-bold t-white");
  expect(look("97;100")).toBe("t-white t-on-black");
  expect(look("7;4;9;3;2")).toBe("t-dim t-italic t-underline t-strike t-inverse");
  expect(look("8")).toBe(""); // nothing is concealed
  expect(look("30;40")).toBe("t-on-black"); // nor by its own ground
  expect(look("31;39;999")).toBe("");
});

test("other control sequences go, and hide nothing", () => {
  expect(textOf(printed("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b\x1b]8;;\x1b\\\x1b[2J\x1b[1;1H\x1bc\x1b(B\x1b[?25lc"))).toEqual(["abc"]);
  expect(textOf(printed("\x1bPq#0;2\x1b\\d\x9de\x9c\x1b[>4;1mf"))).toEqual(["df"]);
  expect(textOf(printed("\x1b]0;open\nnext line"))).toEqual(["^[]0;open", "next line"]);
  expect(textOf(printed("\x1b]0;" + "x".repeat(5000)))[0]).toMatch(/^\^\[\]0;x+$/);
  expect(textOf(printed("end \x1b["))).toEqual(["end ^[["]);
  expect(textOf(printed("\x07\x00\x7f\x85"))).toEqual(["^G^@^?<U+0085>"]);
});

test("characters that reorder or hide are shown", () => {
  expect(textOf(printed("a\u202eb\u2066c\u200bd\ufeffe\u{e0041}"))).toEqual(["a<U+202E>b<U+2066>c<U+200B>d<U+FEFF>e<U+E0041>"]);
  expect(visible("fine: ü 漢 👩‍🔬")).toBe("fine: ü 漢 👩‍🔬");
  expect(parseInert('{"a":"x\\u202ey","b":["\u202e"],"c":1}')).toEqual({ a: "x<U+202E>y", b: ["<U+202E>"], c: 1 });
});

// The square of a million steps would never end, and the runner gives up on it.
test("work stays in proportion to the input", () => {
  for (const unit of ["\x1b]", "\x9d", "\x1b[", "\x1b]" + "a".repeat(4000), "\x1b[" + "1;".repeat(200), "\x1b", "\r", "x"]) {
    printed(unit.repeat(Math.ceil((1 << 20) / unit.length)));
  }
});

test("long lines are cut into pieces, and pairs are kept whole", () => {
  const t = printed("x".repeat(10_000));
  expect(t.lines.map((l) => [l.cells, l.number])).toEqual([[4096, 1], [4096, 0], [1808, 0]]);
  const faces = printed("👍".repeat(5_000));
  expect(textOf(faces).join("")).toBe("👍".repeat(5_000));
  expect(textOf(faces).every((line) => !/[\ud800-\udbff]$|^[\udc00-\udfff]/.test(line))).toBe(true);
});

test("rows are the lines at a width", () => {
  const { lines } = printed("abcdefgh\n\nij\n" + "漢".repeat(5));
  const index = new RowIndex(3);
  index.sync(lines);
  const rows = index.slice(lines, 0, index.rows).map((r) => [r.number, r.spans.map((s) => s.text).join("")]);
  expect(rows.slice(0, 5)).toEqual([[1, "abc"], [0, "def"], [0, "gh"], [2, ""], [3, "ij"]]);
  expect(rows.slice(5).map((r) => r[1]).join("")).toBe("漢".repeat(5));
  expect(index.slice(lines, 1, 3).map((r) => r.spans[0]?.text)).toEqual(["def", "gh"]);
  expect(index.slice(lines, 3, 5).map((r) => r.number)).toEqual([2, 3]);
});

test("rows keep up with lines that grow", () => {
  const terminal = new Terminal();
  const index = new RowIndex(4);
  terminal.push("ab");
  index.sync(terminal.lines);
  expect(index.rows).toBe(1);
  terminal.push("cdef\nx");
  index.sync(terminal.lines);
  expect(index.rows).toBe(3);
});

test("arguments are quoted as a shell wants them", () => {
  expect(commandLine(["sh", "-c", "echo 'hi' $x", ""])).toBe(`sh -c 'echo '\\''hi'\\'' $x' ''`);
  expect(quote("a=b/c.d")).toBe("a=b/c.d");
  expect(quote("two\nlines")).toBe("'two\nlines'");
  expect(quote("x\u202ey'\x07")).toBe("$'x\\U0000202ey\\'\\x07'");
});
