/** A part of a request and what is wrong with it. */
export interface Place {
  location: string; // "body.definition.limits.memory"
  message: string;
}

/** An error that a user is meant to read: what happened, and what to do next. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly status: number,
    readonly hint: string = "",
    readonly places: readonly Place[] = [],
  ) {
    super(message);
    this.name = "Failure";
  }
}

const unreachable = "The server can't be reached.";

/** Any thrown value as a Failure. An aborted request is nobody's failure: null. */
export function failureOf(thrown: unknown): Failure | null {
  if (thrown instanceof Failure) return thrown;
  if (thrown instanceof DOMException && thrown.name === "AbortError") return null;
  return new Failure(unreachable, "unreachable", 0, "Is it running? This page goes on by itself once it is back.");
}

function placesIn(problem: unknown): Place[] {
  const errors = (problem as { errors?: unknown } | null)?.errors;
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return Array.isArray(errors) ? errors.map((e: Partial<Place> | null) => ({ location: text(e?.location), message: text(e?.message) })) : [];
}

/** The failure that an answer tells of, as RFC 9457 problem or otherwise. */
export async function failureIn(response: Response): Promise<Failure> {
  const problem: unknown = await response.json().catch(() => null);
  const field = (name: string): string => {
    const value = (problem as Record<string, unknown> | null)?.[name];
    return typeof value === "string" ? value : "";
  };
  const message = field("detail") || `The server answered ${response.status} ${response.statusText}.`;
  return new Failure(message, field("code") || "unknown", response.status, field("hint"), placesIn(problem));
}
