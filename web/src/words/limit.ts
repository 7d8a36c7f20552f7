// Limits and events as a reader knows them.
import { chosenDuration, chosenSize, grouped } from "../format/figure";
import type { Figure } from "../format/figure";
import type { Moment } from "../api/types";

const names: Record<string, string> = {
  memory: "memory", swap: "swap", cpus: "CPUs", cpuTime: "CPU time", pids: "processes", output: "output, a stream",
  disk: "disk", openFiles: "open files", core: "core dump", timeout: "timeout", network: "network", root: "root folder",
  maxRSS: "peak memory", treePeak: "peak memory of the tree", cpuset: "which processors", sockets: "memory of sockets",
};

export function limitName(limit: string): string {
  return names[limit] ?? limit.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ").toLowerCase();
}

const bytes = new Set(["memory", "swap", "sockets", "output", "disk", "core", "shm", "tmp", "tmpfs"]);
const millis = new Set(["cpuTime", "timeout", "grace", "budget"]);

/** The value of a limit in its own unit. */
export function limitValue(limit: string, value: unknown): Figure {
  if (typeof value !== "number") {
    const text = typeof value === "string" ? value : typeof value === "boolean" ? (value ? "yes" : "no") : JSON.stringify(value) ?? "";
    return { text, unit: "", full: text };
  }
  if (value === 0) return { text: "0", unit: "", full: "0" };
  if (bytes.has(limit)) return chosenSize(value);
  if (millis.has(limit)) return chosenDuration(value);
  return { text: Number.isInteger(value) ? grouped(value) : String(value), unit: "", full: String(value) };
}

const events: Record<string, string> = { cold: "boundary made, none was warm", sigterm: "SIGTERM sent", sigkill: "SIGKILL sent", empty: "boundary empty" };

export function eventName(event: Moment["event"]): string {
  return events[event] ?? event;
}
