import { expect, test } from "vitest";
import type { Compared, Comparison } from "../../src/api/types";
import { chance, scaleOf } from "../../src/compare/effects";
import { isWhole, pastedId, sideOf, textOf, turnsOf } from "../../src/compare/side";
import { change, comparisonTitle, fineness, meanWords } from "../../src/compare/words";
import { signed } from "../../src/words/alert";

const plain = (text: string): string => text.replaceAll("\u00a0", " ");

const result = (more: Partial<Compared>): Compared => ({
  benchmark: "sum", a: { benchmark: "sum", run: "1", median: 1, n: 30 }, b: { benchmark: "sum", run: "2", median: 1.2, n: 30 },
  effect: 0.2, low: 0.19, high: 0.21, p: 0.0001, adjusted: 0.0001, decision: "slower", noise: 0.01, detectable: 0.02, ...more,
});

const comparison = (results: Compared[], more: Partial<Comparison> = {}): Comparison => ({
  id: null, state: "finished", evidence: "separate", results, geoMean: 1.2, geoMeanN: results.length, criteria: { p: 0.01, effect: 0.03 }, warnings: [], ...more,
});

test("a side is the same when it has been to the address and back", () => {
  for (const text of ["run:01ABC", "batch:01ABC", "benchmark:sort", "benchmark:sort:process", "benchmark:sort::feature/x", "benchmark:sort:container:main", "run", "benchmark"]) {
    expect(textOf(sideOf(text))).toBe(text);
  }
  expect(sideOf("benchmark:sort:nowhere")).toEqual({ kind: "benchmark", slug: "sort", isolation: "", branch: "" });
  expect(sideOf("who:knows")).toEqual({ kind: "benchmark", slug: "", isolation: "", branch: "" });
  expect([isWhole(sideOf("run")), isWhole(sideOf("run:1")), isWhole(sideOf(""))]).toEqual([false, true, false]);
});

test("an id is found in whatever was pasted", () => {
  expect(pastedId(" 01M8ABKP2W ")).toBe("01M8ABKP2W");
  expect(pastedId("http://host:8080/runs/01M8ABKP2W?with=process#x")).toBe("01M8ABKP2W");
  expect(pastedId("")).toBe("");
});

test("only benchmarks as they stand are measured in turns", () => {
  const [sort, run, branch] = [sideOf("benchmark:sort"), sideOf("run:1"), sideOf("benchmark:sort::main")];
  expect(turnsOf(sort, sideOf("benchmark:other"), 15, "")).toEqual({ a: { benchmark: "sort" }, b: { benchmark: "other" }, blocks: 15 });
  expect(turnsOf(sort, sideOf("benchmark:other"), null, "")).toEqual({ a: { benchmark: "sort" }, b: { benchmark: "other" } });
  expect(turnsOf(sort, sort, 3, "container")).toMatchObject({ isolation: "container" });
  expect([turnsOf(sort, run, 15, ""), turnsOf(sort, branch, 15, ""), turnsOf(sort, sideOf(""), 15, "")]).toEqual([null, null, null]);
});

test("the title is the verdict", () => {
  const title = (...results: Compared[]): string => plain(comparisonTitle(comparison(results)));
  expect(title(result({}))).toBe("B is 20 % slower than A");
  expect(title(result({ effect: -0.09, decision: "faster" }))).toBe("B is 9 % faster than A");
  expect(title(result({ effect: 2.1 }))).toBe("Slower: B takes 3.1 times the time of A");
  expect(title(result({ decision: "no_difference" }))).toBe("No difference between A and B can be told");
  expect(title(result({ decision: "too_few" }))).toBe("Too few samples to decide");
  expect(title(result({ decision: null }))).toBe("Nothing can be said of A and B");
  expect(title(result({}), result({ decision: "faster" }), result({ decision: "no_difference" }))).toBe("B against A: 1 slower, 1 faster, of 3 benchmarks");
  expect(title(result({ decision: "no_difference" }), result({ decision: null }))).toBe("No difference can be told in any of 2 benchmarks");
  expect(comparisonTitle(comparison([], { state: "running" }))).toBe("Comparing: A and B take turns");
});

test("what was found is told with how it was looked for", () => {
  expect(plain(fineness(comparison([result({})])))).toBe("Slower or faster means at least 3 %, and p under 0.01. So many samples show a change of 2 % in four comparisons of five.");
  expect(fineness(comparison([result({ detectable: null })], { evidence: "interleaved" }))).toMatch(/^The samples took turns.*0\.01\.$/);
  expect(plain(meanWords(comparison([result({}), result({})])))).toBe("Geometric mean of B over A: 1.200, over 2 benchmarks.");
  expect(meanWords(comparison([result({})]))).toBe("");
  expect([signed(0.2), signed(-0.031), signed(0)].map(plain)).toEqual(["+20 %", "−3.1 %", "0 %"]);
  expect(plain(change(-0.5))).toBe("50 % faster");
  expect([chance(0.0004), chance(0.01234)]).toEqual(["< 0.001", "0.012"]);
});

test("the scale holds every interval, and never less than what is too small to count", () => {
  expect(scaleOf([result({})], 0.03)).toBe(0.5);
  expect(scaleOf([result({ effect: 0.001, low: -0.001, high: 0.002 })], 0.03)).toBe(0.1);
  expect(scaleOf([result({ effect: 90, low: 80, high: 100 })], 0.03)).toBe(4);
  expect(scaleOf([result({ effect: null, low: null, high: null })], 0.01)).toBe(0.05);
});
