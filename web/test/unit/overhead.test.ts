import { expect, test } from "vitest";
import type { Run } from "../../src/api/types";
import { baseOf, doubts, overheadTitle, ratioOf, shown, startUp, times, unfit } from "../../src/overhead/cost";
import { scaleOf } from "../../src/overhead/range-bar";
import { runWith } from "./run";

const plain = (text: string): string => text.replaceAll("\u00a0", " ");
const took = (median: number, half: number | null = 0.01): Run => runWith({ time: { median, ciLow: half === null ? null : median - half, ciHigh: half === null ? null : median + half } });
const sides = (inside: Run | null, process: Run | null, container: Run | null) => ({ "in-process": inside, process, container });

test("a ratio has the farthest bounds that both intervals allow", () => {
  const ratio = ratioOf(took(3, 0.3), took(2, 0.2));
  expect(ratio?.value).toBe(1.5);
  expect(ratio?.low).toBeCloseTo(2.7 / 2.2);
  expect(ratio?.high).toBeCloseTo(3.3 / 1.8);
  expect(ratioOf(took(3, null), took(2))).toEqual({ value: 1.5, low: null, high: null });
  expect(ratioOf(runWith({ time: { median: null } }), took(2))).toBeNull();
});

test("nothing is claimed where intervals meet", () => {
  expect(shown({ value: 1.2, low: 1.1, high: 1.3 })).toBe("longer");
  expect(shown({ value: 0.8, low: 0.7, high: 0.9 })).toBe("shorter");
  expect(shown({ value: 1.2, low: 0.9, high: 1.3 })).toBe("nothing");
  expect(shown({ value: 1.2, low: null, high: null })).toBe("nothing");
});

test("the title says what isolation costs", () => {
  const title = (...of: Parameters<typeof sides>): string => plain(overheadTitle(sides(...of)));
  expect(title(null, null, null)).toBe("Isolation overhead: not measured yet");
  expect(title(null, took(1), null)).toBe("Isolation overhead: measured in a process of its own alone");
  expect(title(took(1), took(1.001), took(1.21))).toBe("Container: 21 % longer than in-process");
  expect(title(null, took(1), took(3))).toBe("Container: 3.00 times the time of process");
  expect(title(took(1), took(0.9), null)).toBe("Process: 9.9 % shorter than in-process");
  expect(title(took(1), null, took(1.005))).toBe("Container: no difference from in-process can be told");
  expect(baseOf(sides(null, null, took(1)))).toBe("container");
});

test("what keeps runs from being compared is said", () => {
  const at = (finishedAt: string, more: Parameters<typeof runWith>[0] = {}) => runWith({ finishedAt, ...more });
  expect(doubts(sides(at("2026-01-01T00:00:00Z"), null, null))).toEqual([]);
  expect(doubts(sides(at("2026-01-01T00:00:00Z"), at("2026-01-01T00:20:00Z"), null))).toEqual([]);
  const all = doubts(sides(at("2026-01-01T00:00:00Z"), at("2026-01-01T05:00:00Z", { definition: "cd", machine: "m", time: { source: "other" } }), null));
  expect(all.map((d) => d.split(" ").slice(0, 3).join(" "))).toEqual(["The benchmark was", "They ran on", "Their times come", "They lie 5"]);
});

test("figures beside it", () => {
  expect(startUp(runWith({ timeline: [{ event: "taken", at: 2 }, { event: "started", at: 5 }] }))).toBe(3);
  expect(startUp(runWith({}))).toBeNull();
  expect([times(1.0449), times(12.34), times(444.2)]).toEqual(["1.04 times", "12.3 times", "444 times"]);
  expect([unfit({ kind: "command" }, "in-process") === "", unfit({ kind: "builtin" }, "in-process")]).toEqual([false, ""]);
  const [low, high] = scaleOf([took(1), took(2)]);
  expect([low < 0.99, low >= 0, high > 2.01]).toEqual([true, true, true]);
});
