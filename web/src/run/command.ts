import type { Plan, Run, RunRequest } from "../api/types";
import { commandLine } from "../text/shell";

/** The command that does the same again: ours where it can, else a request to the API. */
export function commandFor(run: Run, plan: Plan, again: RunRequest | null, origin: string): string {
  const isolation = ["--isolation", run.isolation.requested];
  if (run.trusted && again) return commandLine(["orchestrator", "run", run.slug, ...isolation]);
  if (run.trusted) return commandLine(["orchestrator", "run", ...isolation, ...numbers(plan), "--", ...(plan.command ?? [])]);
  const headers = ["-H", "Content-Type: application/json"];
  return commandLine(["curl", "-X", "POST", `${origin}/api/v1/runs`, ...headers, "-d", JSON.stringify(again)]);
}

function numbers(plan: Plan): string[] {
  const flags: string[] = [];
  if (plan.iterations) flags.push("--iterations", String(plan.iterations));
  if (plan.warmup !== undefined) flags.push("--warmup", String(plan.warmup));
  if (plan.timeout !== undefined) flags.push("--timeout", `${plan.timeout}ms`);
  return flags;
}
