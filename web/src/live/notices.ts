// What came of something that the user did, where the page does not show it.
import { signal } from "@preact/signals";
import { failureOf } from "../api/failure";

export interface Notice {
  id: number;
  bad: boolean;
  text: string;
  hint: string;
}

export const notices = signal<Notice[]>([]);

/** Read out by screen readers, and seen by nobody. */
export const spoken = signal("");

let next = 1;

export function tell(text: string, bad = false, hint = ""): void {
  notices.value = [...notices.value.filter((n) => n.text !== text), { id: next++, bad, text, hint }].slice(-3);
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((n) => n.id !== id);
}

/** Does something that may fail, and tells of the failure. */
export async function attempt<T>(what: string, action: () => Promise<T>): Promise<T | null> {
  try {
    return await action();
  } catch (thrown) {
    const failure = failureOf(thrown);
    if (failure) tell(`${what}: ${failure.message}`, true, failure.hint);
    return null;
  }
}
