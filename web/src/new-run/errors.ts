// What the server found wrong, at the field that it is about.
import type { Failure } from "../api/failure";
import { chosenDuration, chosenSize, written } from "../format/figure";
import { scales } from "./definition";
import type { Errors, Field } from "./definition";

/** A failure by fields; what is about none of them is "form". */
export function errorsOf(failure: Failure): Errors {
  const places = failure.places.length > 0 ? failure.places : [placeIn(failure.message)];
  const errors: Errors = {};
  for (const { location, message } of places) {
    const field = fieldOf(location);
    const text = field === "form" ? [location, message].filter(Boolean).join(" ") : sentence(field, message);
    errors[field] = [errors[field], text, failure.hint && `${failure.hint.replace(/^./, (c) => c.toUpperCase())}.`].filter(Boolean).join(" ");
  }
  return errors;
}

/** "limits.pids is 1000: it must be at most 128" tells its place at the start. */
function placeIn(message: string): { location: string; message: string } {
  const at = /^([a-z]+(?:\.[A-Za-z]+)?)(?=\W)/.exec(message)?.[1] ?? "";
  return fieldOf(at) === "form" ? { location: "", message } : { location: at, message };
}

function fieldOf(location: string): Field | "files" | "form" {
  const path = location.replace(/^body\.definition\.?/, "");
  if (/^files\b/.test(path)) return "files";
  return path in scales ? (path as Field) : (Object.keys(scales) as Field[]).find((f) => scales[f] === 0 && path.startsWith(`${f}[`)) ?? "form";
}

const comparisons: Record<string, string> = { ">=": "It must be at least", ">": "It must be above", "<=": "It must be at most", "<": "It must be below" };

/** A schema's message as a sentence, with figures in the unit that the reader knows. */
function sentence(field: Field | "files", message: string): string {
  const compared = /^expected number ([<>]=?) (\S+)$/.exec(message);
  if (compared) return `${comparisons[compared[1] ?? ""]} ${readable(field, Number(compared[2]))}.`;
  const text = message.replace(/\d+(\.\d+)?(e[+-]?\d+)?/g, (n) => readable(field, Number(n)));
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

function readable(field: Field | "files", value: number): string {
  const scale = field === "files" ? 1 : scales[field];
  if (scale >= 2 ** 10) return written(chosenSize(value));
  if (scale === 1000) return written(chosenDuration(value));
  return scale === 0.01 ? `${value * 100} %` : String(value);
}
