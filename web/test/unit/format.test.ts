import { describe, expect, test } from "vitest";
import { ago, agoShort, axisTimes } from "../../src/format/ago";
import { chosenDuration, chosenSize, count, digits, duration, grouped, percent, size, sizeUnit, written } from "../../src/format/figure";
import { tickTexts } from "../../src/plot/range";

const plain = (text: string): string => text.replaceAll("\u00a0", " ");

test("three significant digits, integers from 100 on", () => {
  const cases: [number, string][] = [
    [0, "0"], [0.186, "0.186"], [0.1864, "0.186"], [0.8, "0.800"], [1, "1.00"], [7.81, "7.81"], [12.449, "12.4"], [99.96, "100"], [117.6, "118"],
    [999.6, "1,000"], [200000, "200,000"], [0.00432, "0.00432"], [-3.14159, "-3.14"],
  ];
  for (const [value, text] of cases) expect(digits(value), String(value)).toBe(text);
});

test("groups of three", () => {
  expect([0, 999, 1000, -1234567].map((n) => grouped(n))).toEqual(["0", "999", "1,000", "-1,234,567"]);
  expect([0.04, 1234.56].map((n) => grouped(n, 1))).toEqual(["0.0", "1,234.6"]);
});

test("a time has the unit that suits it", () => {
  const cases: [number, string][] = [
    [0, "0 ms"], [0.000012, "12.0 ns"], [0.004321, "4.32 µs"], [0.0999, "99.9 µs"], [0.186, "0.186 ms"], [412.4, "412 ms"], [999.4, "999 ms"],
    [999.6, "1.00 s"], [12450, "12.4 s"], [119_000, "119 s"], [300_000, "5.00 min"], [7_200_000, "2.00 h"],
  ];
  for (const [ms, text] of cases) expect(plain(written(duration(ms))), String(ms)).toBe(text);
  expect(plain(duration(9.138753000115685).full)).toBe("9.138753000115685 ms");
});

test("a chosen time has no idle zeros", () => {
  for (const [ms, text] of [[10_000, "10 s"], [300, "300 ms"], [1500, "1.5 s"], [0.8, "0.8 ms"], [300_000, "5 min"]] as const) {
    expect(plain(written(chosenDuration(ms)))).toBe(text);
  }
});

test("sizes: measured ones by 1000, chosen ones by 1024 where they are", () => {
  for (const [bytes, text] of [[0, "0 B"], [142, "142 B"], [1999, "2.00 kB"], [1_900_544, "1.90 MB"], [25_276_502_016, "25.3 GB"]] as const) {
    expect(plain(written(size(bytes)))).toBe(text);
  }
  for (const [bytes, text] of [[64 << 20, "64 MiB"], [1024, "1 KiB"], [1000, "1.00 kB"], [2 ** 31, "2 GiB"]] as const) {
    expect(plain(written(chosenSize(bytes)))).toBe(text);
  }
  expect(plain(size(17_125_376).full)).toBe("17,125,376 bytes");
});

test("a share never becomes 100 % by rounding", () => {
  for (const [share, text] of [[1, "100 %"], [0.9996, "99.9 %"], [0.992, "99.2 %"], [0.7675, "77 %"], [0.084, "8.4 %"], [0, "0 %"], [0.5, "50 %"]] as const) {
    expect(plain(percent(share))).toBe(text);
  }
});

test("one and many", () => {
  expect(plain(count(1, "sample"))).toBe("1 sample");
  expect(plain(count(22000, "sample"))).toBe("22,000 samples");
});

describe("times relative to now", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  const before = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
  test.each([
    [0, "now", "just now"], [34, "34 s", "34 seconds ago"], [60, "1 min", "1 minute ago"], [3599, "59 min", "59 minutes ago"],
    [3600, "1 h", "1 hour ago"], [47 * 3600, "47 h", "47 hours ago"], [3 * 86400, "3 d", "3 days ago"],
  ])("%i seconds", (seconds, short, long) => {
    expect(plain(agoShort(before(seconds), now))).toBe(short);
    expect(plain(ago(before(seconds), now))).toBe(long);
  });
  test("a clock that is behind the server's is no trouble", () => {
    expect(ago(before(-30), now)).toBe("just now");
  });
});

test("an axis tells moments as finely as they are apart", () => {
  const told = (from: string, to: string): string => axisTimes(from, to)(to);
  expect(told("2026-01-31T12:00:00", "2026-01-31T12:00:07")).toBe("12:00:07");
  expect(told("2026-01-31T12:00:00", "2026-01-31T14:05:07")).toBe("14:05");
  expect(told("2026-01-28T12:00:00", "2026-01-31T14:05:07")).toMatch(/^31 Jan, 14:05$/);
  expect(told("2025-01-28T12:00:00", "2026-01-31T14:05:07")).toBe("31 Jan 2026");
});

test("an axis of sizes has one unit", () => {
  expect(sizeUnit(4_204_000)).toMatchObject({ unit: "MB", size: 1e6 });
  expect(tickTexts([4_202_000, 4_204_000, 4_206_000].map((v) => v / sizeUnit(4_206_000).size))).toEqual(["4.202", "4.204", "4.206"]);
});
