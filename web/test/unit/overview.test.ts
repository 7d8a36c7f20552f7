import { expect, test } from "vitest";
import { filterOf, grouped, isFiltered, matching, nextSort, sorted, sortOf } from "../../src/overview/filter";
import { rangeOf, tickTexts } from "../../src/plot/range";
import { benchmarkHref, categoryHref, overheadHref, routeOf, runHref } from "../../src/routes";
import { binned } from "../../src/stats/bins";
import { median, outliers } from "../../src/stats/outliers";
import { benchmarkWith, runWith } from "./run";

const list = [
  benchmarkWith({ slug: "gzip", name: "gzip 4 MB", category: "commands" }, runWith({ time: { median: 70 }, target: 500 })),
  benchmarkWith({ slug: "sort", name: "Sort lines", category: "commands" }, runWith({ rating: "slow", time: { median: 9 }, target: 5 })),
  benchmarkWith({ slug: "json", name: "JSON", category: "encoding", kind: "builtin", labels: { size: "10" } }, null),
];
const slugs = (found: { slug: string }[]): string[] => found.map((b) => b.slug);
const of = (query: string) => filterOf(new URLSearchParams(query));

test("the address narrows the list", () => {
  expect(isFiltered(of("sort=-median&with=process"))).toBe(false);
  expect(slugs(matching(list, of("")))).toEqual(["gzip", "sort", "json"]);
  expect(slugs(matching(list, of("q=MB+GZIP")))).toEqual(["gzip"]);
  expect(slugs(matching(list, of("q=size%3D10+encoding")))).toEqual(["json"]);
  expect(slugs(matching(list, of("q=command")))).toEqual(["gzip", "sort"]);
  expect(slugs(matching(list, of("category=encoding")))).toEqual(["json"]);
  expect(slugs(matching(list, of("show=attention")))).toEqual(["sort"]);
  expect(slugs(matching(list, of("show=never")))).toEqual(["json"]);
  expect(slugs(matching(list, of("show=nonsense")))).toEqual(["gzip", "sort", "json"]);
});

test("the address orders it; what was not measured is last either way", () => {
  const by = (query: string): string[] => slugs(sorted(list, sortOf(new URLSearchParams(query))));
  expect(by("")).toEqual(["gzip", "sort", "json"]);
  expect(by("sort=median")).toEqual(["sort", "gzip", "json"]);
  expect(by("sort=-median")).toEqual(["gzip", "sort", "json"]);
  expect(by("sort=-target")).toEqual(["sort", "gzip", "json"]);
  expect(by("sort=name")).toEqual(["gzip", "json", "sort"]);
  expect(by("sort=toString")).toEqual(["gzip", "sort", "json"]);
});

test("a click on a heading: up, down, no order", () => {
  expect(nextSort({ key: "", down: false }, "median")).toBe("median");
  expect(nextSort({ key: "median", down: false }, "median")).toBe("-median");
  expect(nextSort({ key: "median", down: true }, "median")).toBe("");
  expect(nextSort({ key: "name", down: true }, "median")).toBe("median");
});

test("categories keep the order of the configuration", () => {
  expect(grouped(list).map(([name, members]) => [name, members.length])).toEqual([["commands", 2], ["encoding", 1]]);
});

test("addresses and pages", () => {
  expect(routeOf("/")).toEqual({ page: "overview" });
  expect(routeOf("/runs/")).toEqual({ page: "activity" });
  expect(routeOf(runHref("01 A"))).toEqual({ page: "run", id: "01 A" });
  expect(routeOf(benchmarkHref("a-b"))).toEqual({ page: "benchmark", slug: "a-b" });
  expect(routeOf("/overhead")).toEqual({ page: "overheads" });
  expect(routeOf(overheadHref("a b"))).toEqual({ page: "overhead", slug: "a b" });
  expect([routeOf("/machine").page, routeOf("/new").page]).toEqual(["machine", "new"]);
  expect(routeOf("/runs/1/2")).toEqual({ page: "missing" });
  expect(routeOf("/runs/%zz")).toEqual({ page: "run", id: "%zz" });
  expect(categoryHref("a&b")).toBe("/?category=a%26b");
});

test("outliers by the server's rule", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(outliers([10, 11, 50])).toEqual([]); // too few
  expect(outliers([9, 11, 9, 11, 10 + 14.826, 10 - 14.826, 10])).toEqual([]);
  expect(outliers([9, 11, 9, 11, 10 + 14.83, 10 - 14.83, 10])).toEqual([4, 5]);
  expect(outliers([10, 10, 10, 10, 10.2])).toEqual([]);
  expect(outliers([10, 10, 10, 10, 10.4])).toEqual([4]);
  expect(outliers([0, 0, 0, 0, 1])).toEqual([]);
});

test("axes", () => {
  expect(tickTexts([0.15, 0.2, 0.25])).toEqual(["0.15", "0.20", "0.25"]);
  expect(tickTexts([500, 502.5, 505])).toEqual(["500.0", "502.5", "505.0"]);
  expect(tickTexts([20, 40])).toEqual(["20", "40"]);
  expect(tickTexts([5])).toEqual(["5"]);
  const far = rangeOf([10, 11], 100);
  expect(far.high).toBeLessThan(12);
  expect(rangeOf([10, 11], 11.5).high).toBeGreaterThan(11.5);
  expect(rangeOf([0.001, 1], null).low).toBe(0);
  expect(rangeOf([5], null).high).toBeGreaterThan(5);
  const warm = rangeOf([10, 11], null, 11.6, 500);
  expect([warm.high > 11.6, warm.high < 12]).toEqual([true, true]);
});

test("a distribution loses no sample", () => {
  const total = (values: number[]): number => binned(values).counts.reduce((a, b) => a + b, 0);
  expect(binned([5, 5, 5])).toMatchObject({ counts: [3] });
  expect(binned([5, 5, 5]).from).toBeLessThan(5);
  expect(binned([0, 0]).width).toBe(1);
  expect(binned([0, 1, 2, 3, 4, 5, 6, 7]).counts).toEqual([4, 4]);
  const skewed = Array.from({ length: 1000 }, (_, i) => (i % 10 === 0 ? i : 10 + (i % 7)));
  expect(total(skewed)).toBe(1000);
  expect(binned(skewed).counts.length).toBe(60); // at most, though the rule asks for more
  expect(total([1, 1, 1, 1, 1, 1, 1, 9])).toBe(8);
});
