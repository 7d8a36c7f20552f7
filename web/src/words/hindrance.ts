import type { Capability } from "../api/types";

/** Why a backend is not to be had, and what mends that, to stand behind a colon. */
export function whyMissing(found: Capability | undefined): string {
  if (!found?.reason) return "this server has no such backend.";
  return found.remedy ? `${found.reason}. To mend it: ${found.remedy}.` : `${found.reason}.`;
}
