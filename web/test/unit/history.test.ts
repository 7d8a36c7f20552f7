import { expect, test } from "vitest";
import { hasHistory } from "../../src/benchmark/load-trend";
import { batchWords } from "../../src/words/batch";
import { benchmarkWith, runWith } from "./run";

test("what never began, or has no time, has no history", () => {
  const began = runWith({ machine: "m" });
  const refused = runWith({ machine: null, verdict: "isolation_unavailable", isolation: { effective: null } });
  expect(hasHistory(benchmarkWith({}, began))).toBe(true);
  expect(hasHistory(benchmarkWith({ recent: [] }, refused))).toBe(false);
  expect(hasHistory(benchmarkWith({ recent: [0.5] }, refused))).toBe(true); // earlier ones did
  expect(hasHistory(benchmarkWith({ recent: [] }, null))).toBe(false);
  expect(hasHistory(benchmarkWith({ kind: "tests" }, began))).toBe(false);
});

test("a batch says how its runs came out", () => {
  const batch = { id: "1", createdAt: "2026-01-31T12:00:00Z", runs: 9, open: 0, ok: 9, failed: 0 };
  expect(batchWords(batch)).toBe("9 ended ok");
  expect(batchWords({ ...batch, open: 1, ok: 5, failed: 3 })).toBe("1 still to come, 5 ended ok, 3 did not");
});
