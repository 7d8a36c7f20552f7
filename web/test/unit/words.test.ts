import { expect, test } from "vitest";
import { concerns } from "../../src/overview/attention";
import { written } from "../../src/format/figure";
import { requestAgain } from "../../src/run/again";
import { commandFor } from "../../src/run/command";
import type { Plan } from "../../src/api/types";
import { againstTarget, headline, progressWords } from "../../src/words/headline";
import { labelTexts } from "../../src/words/label";
import { shortName } from "../../src/words/name";
import { limitName, limitValue } from "../../src/words/limit";
import { medianTarget, ratedOf, targetFigure, targetWords } from "../../src/words/target";
import { benchmarkWith, runWith } from "./run";

const plain = (text: string): string => text.replaceAll("\u00a0", " ");
const memory = (effective: number | null) => ({ receipt: [{ limit: "memory", requested: effective, mechanism: "cgroup", effective }] });

test.each([
  [runWith({ time: { median: 0.186 }, target: 0.8 }), "Fast: 0.186 ms, 77 % under its target"],
  [runWith({ rating: "slow", time: { median: 412 }, target: 380 }), "Slow: 412 ms, 8.4 % over its target"],
  [runWith({ rating: "slow", time: { median: 19.2 }, target: 8 }), "Slow: 19.2 ms, 2.4 times its target"],
  [runWith({ rating: "unsure", time: { median: 7.81 }, target: 8 }), "Unsure: 7.81 ms of 8.00 ms, its interval straddles the target"],
  [runWith({ rating: "unsure", time: { median: 7.81, ciLow: null, ciHigh: null, n: 3 }, target: 8 }), "Unsure: 7.81 ms of 8.00 ms, 3 samples cannot decide"],
  [runWith({ rating: "slow", targetOn: "p95", rated: { value: 12.1, low: 11, high: null }, target: 10 }), "Slow: p95 12.1 ms, 21 % over its target"],
  [runWith({ rating: "slow", targetOn: "cpu", rated: { value: 12.1 }, target: 10 }), "Slow: 12.1 ms of CPU, 21 % over its target"],
  [runWith({ targetOn: "memory", rated: { value: 38_200_000 }, target: 67_108_864 }), "Fast: 38.2 MB of memory, 43 % under its target"],
  [runWith({ rating: "unsure", targetOn: "memory", rated: { value: 67_200_000, low: 66e6, high: 68e6 }, target: 64 << 20 }), "Unsure: 67.2 MB of memory of 64 MiB, its interval straddles the target"],
  [runWith({ rating: "unsure", targetOn: "p95", rated: { value: 12.1, low: 11, high: null }, target: 12 }), "Unsure: p95 12.1 ms of 12.0 ms, 10 samples cannot decide"],
  [runWith({ rating: "unsure", targetOn: "p95", rated: null, target: 12 }), "Unsure: 0.500 ms; 10 samples are too few for a p95"],
  [runWith({ rating: "unsure", targetOn: "memory", rated: null, target: 12 }), "Unsure: 0.500 ms; its target is on memory, which was not measured"],
  [runWith({ rating: null, target: null }), "Done: 0.500 ms, without a target"],
  [runWith({ kind: "tests", rating: null }), "Passed in 0.500 ms"],
  [runWith({ state: "queued", verdict: null, rating: null }), "Queued: it waits for its turn"],
  [runWith({ verdict: "nonzero_exit", exitCode: 3 }), "Failed: exit code 3"],
  [runWith({ verdict: "signaled", signal: "SIGSEGV", death: { how: "signaled", code: null, signal: "SIGSEGV", sentBy: "the kernel" } }), "Died: SIGSEGV, sent by the kernel"],
  [runWith({ verdict: "oom", isolation: memory(64 << 20), evidence: { oomKills: 2 } }), "Stopped: out of memory at 64 MiB, the kernel killed 2 processes"],
  [runWith({ verdict: "pids_limit", isolation: { receipt: [{ limit: "pids", requested: 64, mechanism: "cgroup", effective: 64 }] }, evidence: { pidsRefused: 1 } }), "Stopped: too many processes for 64, 1 more was refused"],
  [runWith({ verdict: "cancelled", startedAt: null }), "Cancelled before it started"],
  [runWith({ verdict: "isolation_unavailable", isolation: { requested: "container" } }), "Did not run: container isolation was not to be had"],
])("a run in a sentence %#", (run, sentence) => {
  expect(plain(headline(run))).toBe(sentence);
});

test("a timeout is told with what ended it", () => {
  const timeline = [{ event: "started", at: 4 }, { event: "sigterm", at: 304.2 }, { event: "exited", at: 310 }] as const;
  const run = runWith({ verdict: "timeout", time: { n: 1 }, timeline: [...timeline] });
  expect(plain(headline(run))).toBe("Stopped: timeout after 300 ms; SIGTERM ended it");
  const stubborn = runWith({ verdict: "timeout", time: { n: 4 }, evidence: { limitReached: "timeout" }, timeline: [...timeline, { event: "sigkill", at: 2304.2 }] });
  expect(plain(headline(stubborn, undefined, 300))).toBe("Stopped: timeout after 300 ms; SIGTERM did not, SIGKILL ended it 2.00 s later");
  const spent = runWith({ verdict: "timeout", time: { n: 4 }, evidence: { limitReached: "budget" }, timeline: [...timeline] });
  expect(plain(headline(spent, undefined, 10000))).toBe("Stopped: the budget of the whole run was over; SIGTERM ended it");
  expect(plain(headline(stubborn))).toBe("Stopped: timeout; SIGTERM did not, SIGKILL ended it 2.00 s later");
});

test("progress in words", () => {
  const p = { run: "1", done: 4, last: 2 };
  expect(plain(progressWords({ ...p, warmup: false, of: 10 }))).toBe("4 of 10 samples");
  expect(plain(progressWords({ ...p, warmup: true, of: 5 }))).toBe("4 of 5 warm-ups");
  expect(plain(progressWords({ ...p, warmup: false, of: null }))).toBe("4 samples so far");
  expect(progressWords()).toBe("just started");
});

test("against the target", () => {
  expect(plain(againstTarget(0.5, 1))).toBe("50 % under its target");
  expect(againstTarget(1, 1)).toBe("just its target");
  expect(againstTarget(4443, 1)).toBe("4,443 times its target");
});

test("what is held against the target, and what is not", () => {
  expect(ratedOf(runWith({ verdict: "nonzero_exit", rating: null, rated: null }))).toEqual({ value: 0.5, low: 0.45, high: 0.55 });
  expect(ratedOf(runWith({ verdict: "nonzero_exit", rating: null, rated: null, targetOn: "memory" }))).toBeNull();
  expect(medianTarget({ target: 3, targetOn: "median" })).toBe(3);
  for (const targetOn of ["p95", "cpu", "memory"] as const) expect(medianTarget({ target: 3, targetOn })).toBeNull();
  expect(plain(written(targetFigure("memory", 512 << 20)))).toBe("512 MiB");
  expect(plain(written(targetFigure("memory", 38_200_000)))).toBe("38.2 MB");
  expect(plain(targetWords("memory", 64 << 20))).toBe("64 MiB of memory");
});

test("a long name is short in a sentence, and keeps both its ends", () => {
  expect(shortName("n".repeat(60))).toBe("n".repeat(60));
  expect(shortName(`${"a".repeat(100)}${"z".repeat(90)}`)).toBe(`${"a".repeat(36)}…${"z".repeat(20)}`);
  const [only] = concerns([benchmarkWith({ name: "x".repeat(190) }, runWith({ verdict: "nonzero_exit", rating: null, exitCode: 3 }))]);
  expect(only?.title).toMatch(/^x+…x+ failed$/);
});

test("labels are text in order, whatever their names hide", () => {
  expect(labelTexts({ size: "10", "a\u202eb": "x" })).toEqual(["a<U+202E>b=x", "size=10"]);
});

test("running again asks for all that the definition said, and for nothing that was decided here", () => {
  const plan = { name: "x", command: ["true"], target: 64, targetOn: "memory", labels: { size: "1" }, prepare: null, slug: "x", trusted: false, enforce: {}, grace: 5 } as unknown as Plan;
  expect(requestAgain(runWith({ trusted: false, isolation: { requested: "container" } }), plan, false)).toEqual({
    definition: { name: "x", command: ["true"], target: 64, targetOn: "memory", labels: { size: "1" } }, isolation: "container",
  });
});

test("what needs attention, gravest first", () => {
  const list = [
    benchmarkWith({ slug: "a", name: "a" }),
    benchmarkWith({ slug: "b", name: "b" }, runWith({ rating: "unsure" })),
    benchmarkWith({ slug: "c", name: "c" }, runWith({ rating: "slow", time: { median: 1.2 } })),
    benchmarkWith({ slug: "d", name: "d" }, runWith({ rating: "slow", time: { median: 3 } })),
    benchmarkWith({ slug: "e", name: "e" }, runWith({ verdict: "nonzero_exit", rating: null, exitCode: 3, stderr: { tail: "one\n^[[31mno such table^[[0m\n" } })),
    benchmarkWith({ slug: "f", name: "f" }, runWith({ verdict: "cancelled", rating: null })),
    benchmarkWith({ slug: "g", name: "g" }, null),
  ];
  const found = concerns(list);
  expect(found.map((c) => c.title)).toEqual(["e failed", "d is slow", "c is slow", "b is undecided"]);
  expect(found[0]).toMatchObject({ figure: "exit code 3", sentence: "no such table" });
  expect(plain(found[1]?.beside ?? "")).toBe("of 1.00 ms");
});

test("limits in their own units", () => {
  const text = (limit: string, value: unknown): string => {
    const f = limitValue(limit, value);
    return plain(f.unit ? `${f.text} ${f.unit}` : f.text);
  };
  expect(text("memory", 512 << 20)).toBe("512 MiB");
  expect(text("swap", 0)).toBe("0");
  expect(text("cpus", 1.5)).toBe("1.5");
  expect(text("cpuTime", 5000)).toBe("5 s");
  expect(text("pids", 4096)).toBe("4,096");
  expect(text("network", "loopback only")).toBe("loopback only");
  expect(limitName("openFiles")).toBe("open files");
  expect(limitName("somethingNew")).toBe("something new");
});

test("the command that does it again", () => {
  const plan = { command: ["sort", "my file"], iterations: 5, warmup: 0, timeout: 300 } as unknown as Plan;
  expect(commandFor(runWith({}), plan, { benchmark: "sum" }, "http://x")).toBe("orchestrator run sum --isolation process");
  expect(commandFor(runWith({}), plan, null, "http://x")).toBe("orchestrator run --isolation process --iterations 5 --warmup 0 --timeout 300ms -- sort 'my file'");
  const again = { definition: { name: "it's" } };
  expect(commandFor(runWith({ trusted: false }), plan, again, "http://x")).toBe(
    `curl -X POST http://x/api/v1/runs -H 'Content-Type: application/json' -d '{"definition":{"name":"it'\\''s"}}'`,
  );
});
