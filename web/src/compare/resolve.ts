// From two sides to the runs that they mean now.
import { compare, getRun, latestOfBranch, listRuns } from "../api/endpoints";
import { Failure } from "../api/failure";
import type { Comparison, ComparisonRequest, Run } from "../api/types";
import type { Side } from "./side";

type One = ComparisonRequest["a"];

/** A run stays one, a batch one, and of a benchmark it is the latest run that ended ok. */
async function stored(side: Side, signal: AbortSignal): Promise<One> {
  if (side.kind === "batch") return { batch: side.id };
  if (side.kind === "run") return { run: side.id };
  return { run: await latest(side, signal) };
}

async function latest({ slug, isolation, branch }: Extract<Side, { kind: "benchmark" }>, signal: AbortSignal): Promise<string> {
  const id = branch
    ? await latestOfBranch(slug, branch, isolation, signal)
    : (await listRuns({ benchmark: slug, isolation, verdict: "ok", limit: 1 }, signal)).runs[0]?.id;
  if (id) return id;
  const kind = [isolation && `under ${isolation} isolation`, branch && `of branch ${branch}`].filter(Boolean).join(" ");
  throw new Failure(`${slug} has no run ${kind} that ended ok.`.replace("  ", " "), "not_found", 404, "Run it first, or measure both in turns.");
}

export async function compareStored(a: Side, b: Side, signal: AbortSignal): Promise<Comparison> {
  if ((a.kind === "batch") !== (b.kind === "batch")) {
    throw new Failure("A batch can be compared with a batch alone.", "invalid", 422, "Choose a batch on the other side too.");
  }
  const [first, second] = await Promise.all([stored(a, signal), stored(b, signal)]);
  return compare({ a: first, b: second }, signal);
}

/** The two runs of a comparison of one benchmark. */
export async function runsOf(c: Comparison, signal: AbortSignal): Promise<readonly [Run, Run] | null> {
  const [only] = c.results;
  if (!only || c.results.length !== 1) return null;
  return Promise.all([getRun(only.a.run, signal), getRun(only.b.run, signal)]);
}
