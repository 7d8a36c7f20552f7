// What this machine can do, and the isolation that is chosen for what is run
// next. The choice is in the address, so that a link carries it, and stays when
// the reader goes to another page.
import { computed, signal } from "@preact/signals";
import { getCapabilities } from "../api/endpoints";
import { failureOf } from "../api/failure";
import { isolations } from "../api/types";
import type { Benchmark, Capabilities, Capability, Isolation } from "../api/types";
import { param, setParams } from "../router";
import { onResync } from "./events";
import { nothing } from "./loaded";
import { onlyReads } from "./me";
import type { Loaded } from "./loaded";
import { restBetweenFetches, throttled } from "./throttle";

export const capabilities = signal<Loaded<Capabilities>>(nothing);

/** Fetches them anew: somebody may have mended what was missing. */
export const reloadCapabilities = throttled(async () => {
  try {
    capabilities.value = { value: await getCapabilities(), failure: null };
  } catch (thrown) {
    capabilities.value = { value: capabilities.peek().value, failure: failureOf(thrown) };
  }
}, restBetweenFetches);

const carried = signal<Isolation | "">("");

/** "" runs each benchmark as it is configured. */
export const chosen = computed<Isolation | "">(() => isolations.find((i) => i === param("with")) ?? carried.value);

export function choose(isolation: Isolation | ""): void {
  carried.value = isolation;
  setParams({ with: isolation });
}

export function startCapabilities(): void {
  carried.value = chosen.peek();
  onResync(reloadCapabilities);
  reloadCapabilities();
}

export function capability(isolation: Isolation): Capability | undefined {
  return capabilities.value.value?.backends.find((b) => b.backend === isolation);
}

/** Where code goes that nobody vouches for: a container, or a sandboxed process where there is none. */
export const forStrangers = computed<Isolation>(() => {
  const fit = (isolation: Isolation) => capability(isolation)?.available && capability(isolation)?.untrusted;
  return !fit("container") && fit("process") ? "process" : "container";
});

/** Why a benchmark can't be run by this reader under the chosen isolation; "" if it can. */
export function hindrance(benchmark: Pick<Benchmark, "kind">): string {
  if (onlyReads.value) return onlyReads.value;
  const builtinOnly = chosen.value === "in-process" && benchmark.kind !== "builtin";
  return builtinOnly ? "Only built-in benchmarks run in-process: choose process or container" : "";
}
