// Requests that only compile for paths, parameters and bodies which the API has.
import type { paths } from "../client/schema";
import { parseInert } from "../text/visible";
import { failureIn } from "./failure";

type Method = "get" | "post" | "patch" | "put";

type PathsOf<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> = paths[P][M];

type Body<R> = R extends { content: { "application/json": infer B } } ? B : never;

type Answer<O> = O extends { responses: infer R }
  ? R extends { 200: infer A } ? Body<A> : R extends { 202: infer A } ? Body<A> : never
  : never;

type Query<O> = O extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never;

type Sent<O> = O extends { requestBody: { content: { "application/json": infer B } } } ? B : undefined;

export interface Options<O> {
  path?: Record<string, string>;
  query?: Query<O>;
  signal?: AbortSignal | undefined;
  /** Leaves strings as they came; whoever shows them makes them visible. */
  faithful?: boolean;
}

/** The address of a path of the API with its parameters filled in. */
export function address(path: keyof paths, values: Record<string, string> = {}, query: object = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  return search.size > 0 ? `${filled}?${search}` : filled;
}

export async function get<P extends PathsOf<"get">>(
  path: P,
  options: Options<Operation<P, "get">> = {},
): Promise<Answer<Operation<P, "get">>> {
  const response = await fetch(address(path, options.path, options.query), init({ signal: options.signal ?? null }));
  return read<Answer<Operation<P, "get">>>(response, options.faithful);
}

/** Sends a body by a method that changes something. */
function sender<M extends Exclude<Method, "get">>(method: M) {
  return async <P extends PathsOf<M>>(path: P, body: Sent<Operation<P, M>>, options: Options<Operation<P, M>> = {}): Promise<Answer<Operation<P, M>>> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    const signal = options.signal ?? null;
    const response = await fetch(address(path, options.path, options.query), init({ method: method.toUpperCase(), signal, ...sent }));
    return read<Answer<Operation<P, M>>>(response);
  };
}

export const post = sender("post");
export const patch = sender("patch");
export const put = sender("put");

// The header tells the server that no form of another site sent this.
function init({ headers, ...more }: RequestInit & { headers?: Record<string, string> }): RequestInit {
  return { cache: "no-store", credentials: "same-origin", headers: { "X-Benchcell": "1", ...headers }, ...more };
}

async function read<T>(response: Response, faithful = false): Promise<T> {
  if (response.status === 401) toLogin();
  if (!response.ok) throw await failureIn(response);
  const text = await response.text();
  if (text === "") return undefined as T;
  return (faithful ? JSON.parse(text) : parseInert(text)) as T;
}

/** Goes to where one logs in, and from there back to here. */
function toLogin(): void {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}
