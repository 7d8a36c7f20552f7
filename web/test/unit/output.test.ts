import { expect, test } from "vitest";
import { LiveText } from "../../src/live/livetext";
import { Finder, pieces } from "../../src/text/find";
import { RowIndex } from "../../src/text/rows";
import { Terminal } from "../../src/text/terminal";

test("a text is found in lines as they come and go", () => {
  const terminal = new Terminal();
  const finder = new Finder("NeedLe");
  terminal.push("hay\na need");
  finder.sync(terminal.lines, 0);
  expect(finder.found).toEqual([]);
  terminal.push("le\nhay\n\x1b[31mnee\x1b[0mdle"); // over spans too
  finder.sync(terminal.lines, 0);
  expect(finder.found).toEqual([1, 3]);
  finder.sync(terminal.lines, 0);
  expect(finder.found).toEqual([1, 3]);
  terminal.lines.splice(0, 2);
  terminal.push("\nneedle");
  finder.sync(terminal.lines, 2);
  expect(finder.found).toEqual([3, 4]);
});

test("nothing is found for no text, or one that lengthens when lowered", () => {
  const finder = new Finder("");
  const terminal = new Terminal();
  terminal.push("a\nb");
  finder.sync(terminal.lines, 0);
  expect(finder.found).toEqual([]);
  expect(pieces({ text: "İi", className: "" }, "i")).toEqual(["İi"]);
});

test("a span is cut where a text stands in it", () => {
  const cut = (text: string, query: string): string[] => pieces({ text, className: "" }, query);
  expect(cut("aXbxc", "x")).toEqual(["a", "X", "b", "x", "c"]);
  expect(cut("abc", "z")).toEqual(["abc"]);
  expect(cut("aaa", "aa")).toEqual(["", "aa", "a"]);
  expect(cut("<b>", "<b>")).toEqual(["", "<b>", ""]);
});

test("rows that are dropped are told, and the others stay", () => {
  const terminal = new Terminal();
  terminal.push(`${"x".repeat(25)}\nb\n${"y".repeat(15)}\nlast`);
  const index = new RowIndex(10);
  expect(index.sync(terminal.lines, 0)).toBe(0);
  expect(index.rows).toBe(7);
  terminal.lines.splice(0, 2);
  terminal.push(" grows over");
  expect(index.sync(terminal.lines, 2)).toBe(4);
  expect(index.rows).toBe(4);
  expect(index.slice(terminal.lines, 0, 4).map((row) => row.number)).toEqual([3, 0, 4, 0]);
  expect(index.rowOf(1)).toBe(2);
});

test("what is kept of a stream stays bounded, and says what went", () => {
  const text = new LiveText();
  const line = `${"z".repeat(99)}\n`;
  for (let i = 0; i < 1000; i++) text.add(line.repeat(100)); // 10 MB
  expect(text.terminal.count).toBe(100_000);
  expect(text.terminal.lines.length).toBeLessThan(45_000);
  expect(text.dropped + text.terminal.lines.length).toBe(100_000);
  expect(text.terminal.lines[0]?.number).toBe(text.dropped + 1);
});
