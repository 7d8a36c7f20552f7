// Verdicts, ratings and isolations in words.
import type { Isolation, Rating, Row, Run, Verdict } from "../api/types";

/** As a pill has it, and what it means. */
export const verdictWords: Record<Verdict, readonly [short: string, meaning: string]> = {
  ok: ["ok", "ended as it should"],
  nonzero_exit: ["failed", "ended with an exit code other than 0"],
  signaled: ["died", "a signal ended it"],
  timeout: ["timeout", "ran longer than it may and was stopped"],
  cpu_limit: ["CPU limit", "used more CPU time than it may"],
  oom: ["oom", "needed more memory than it may"],
  pids_limit: ["pids limit", "started more processes than it may"],
  output_limit: ["output limit", "printed more than is kept"],
  disk_limit: ["disk limit", "wrote more than it may"],
  cancelled: ["cancelled", "somebody stopped it"],
  start_failed: ["no start", "its program could not be started"],
  isolation_unavailable: ["not run", "the isolation asked for is not to be had here, so nothing was run"],
  interrupted: ["interrupted", "the server stopped while it ran"],
  internal_error: ["error", "benchcell itself, or what the program reported, was at fault"],
};

/** What an isolation means, in a few words. */
export const isolationWords: Record<Isolation, { name: string; place: string; meaning: string }> = {
  "in-process": { name: "In-process", place: "inside the server", meaning: "Inside the server: fastest, and not isolated. For built-in benchmarks only." },
  process: { name: "Process", place: "in a process of its own", meaning: "A child process of its own, with limits on the whole tree. Code that nobody here wrote is put in a sandbox." },
  container: { name: "Container", place: "in a container of its own", meaning: "A throw-away container. Fit for code that nobody here wrote." },
};

export type Tone = "good" | "unsure" | "bad" | "quiet";

export interface Outcome {
  word: string;
  tone: Tone;
  meaning: string;
}

const ratings: Record<Rating, Outcome> = {
  fast: { word: "fast", tone: "good", meaning: "The whole interval lies under the target" },
  unsure: { word: "unsure", tone: "unsure", meaning: "Not decided: the interval straddles the target, or there are too few samples for one" },
  slow: { word: "slow", tone: "bad", meaning: "The whole interval lies over the target" },
};

/** How a run came out, in one word: its rating, or its verdict where it has none. */
export function outcomeOf(run: Pick<Run, "state" | "verdict" | "rating">): Outcome {
  if (run.state !== "finished" || !run.verdict) return { word: run.state, tone: "quiet", meaning: `It is ${run.state}` };
  if (run.verdict === "ok") return run.rating ? ratings[run.rating] : { word: "ok", tone: "good", meaning: "Ended as it should; there is no target" };
  const [word, meaning] = verdictWords[run.verdict];
  const tone = run.verdict === "cancelled" || run.verdict === "interrupted" ? "quiet" : "bad";
  return { word, tone, meaning: `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}` };
}

/** What a benchmark needs of a reader: failures first. */
export type Standing = "failed" | "slow" | "unsure" | "fast" | "ok" | "never";

export function standingOf(b: Pick<Row, "latest">): Standing {
  if (!b.latest) return "never";
  if (b.latest.verdict !== "ok") return "failed";
  return b.latest.rating ?? "ok";
}

const known: Record<string, string> = { cpu: "CPU", io: "I/O", api: "API", http: "HTTP", sql: "SQL" };

/** A category as a heading. */
export function categoryName(category: string): string {
  return known[category] ?? category.charAt(0).toUpperCase() + category.slice(1);
}
