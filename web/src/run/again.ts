import type { Plan, Run, RunRequest } from "../api/types";

/** What a definition may say: the rest of a plan was decided here. */
const stated: ReadonlySet<string> = new Set<keyof NonNullable<RunRequest["definition"]>>([
  "name", "command", "image", "files", "source", "build", "setup", "prepare", "conclude", "cleanup", "ignoreExit", "env", "labels", "limits",
  "target", "targetOn", "iterations", "min", "max", "minTime", "precision", "warmup", "timeout",
]);

/** What asks for a run once more, null where the API can't. */
export function requestAgain(run: Run, plan: Plan, configured: boolean): RunRequest | null {
  if (run.trusted) return configured ? { benchmark: run.slug, isolation: run.isolation.requested } : null;
  const definition = Object.fromEntries(Object.entries(plan).filter(([name, value]) => stated.has(name) && value != null));
  return { definition: { ...definition, name: plan.name }, isolation: run.isolation.requested };
}
