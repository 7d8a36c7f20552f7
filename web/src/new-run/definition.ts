// The form as texts, and the definition that is sent of them.
import type { Definition, SentFile } from "../api/types";
import { split } from "../text/split";

/** Each field with how much of the API's unit its own is; 0 for texts. */
export const scales = {
  name: 0, command: 0, image: 0, iterations: 1, precision: 0.01, max: 1, warmup: 1, timeout: 1000, target: 1,
  "limits.memory": 2 ** 20, "limits.cpus": 1, "limits.cpuTime": 1000, "limits.pids": 1, "limits.output": 2 ** 10, "limits.disk": 2 ** 20,
} as const;

export type Field = keyof typeof scales;

export type Sampling = "enough" | "fixed" | "precise";

export interface Draft {
  texts: Partial<Record<Field, string>>;
  sampling: Sampling;
  files: SentFile[];
}

export type Errors = Partial<Record<Field | "files" | "form", string>>;

// Each way of sampling with the fields that it has.
const onlyWith: Partial<Record<Field, Sampling>> = { iterations: "fixed", precision: "precise", max: "precise" };

/** Whether a field takes part, the way that samples are taken. */
export function applies(field: Field, sampling: Sampling): boolean {
  return (onlyWith[field] ?? sampling) === sampling;
}

/** What is sent, or what is wrong before anything is. */
export function definitionOf({ texts, sampling, files }: Draft): { definition: Definition } | { errors: Errors } {
  const errors: Errors = {};
  const numbers: Record<string, number> = {};
  const limits: Record<string, number> = {};
  for (const field of Object.keys(scales) as Field[]) {
    const text = texts[field]?.trim() ?? "";
    if (scales[field] === 0 || text === "" || !applies(field, sampling)) continue;
    const value = Number(text) * scales[field];
    if (!Number.isFinite(value)) errors[field] = "This must be a number.";
    else if (field.startsWith("limits.")) limits[field.slice(7)] = whole(field, value);
    else numbers[field] = whole(field, value);
  }
  for (const field of Object.keys(onlyWith) as Field[]) {
    if (field !== "max" && onlyWith[field] === sampling && !(field in numbers) && !errors[field]) errors[field] = "Say how many, or choose another way.";
  }
  const name = texts.name?.trim() ?? "";
  if (!name) errors.name = "Give it a name.";
  const found = split(texts.command ?? "");
  if ("error" in found) errors.command = found.error;
  else if (found.argv.length === 0) errors.command = "Say which program to run.";
  if (Object.keys(errors).length > 0 || "error" in found) return { errors };
  const image = texts.image?.trim();
  return { definition: { name, command: found.argv, ...(image ? { image } : {}), ...(files.length > 0 ? { files } : {}), ...numbers, ...(Object.keys(limits).length > 0 ? { limits } : {}) } };
}

/** Half a MiB is a whole number of bytes; half a sample is left to the server to refuse. */
function whole(field: Field, value: number): number {
  return scales[field] >= 2 ** 10 ? Math.round(value) : Number(value.toPrecision(15));
}
