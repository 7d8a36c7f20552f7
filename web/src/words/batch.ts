import type { Batch } from "../api/types";

/** How the runs of a batch came out: "7 ended ok, 1 did not". */
export function batchWords({ open, ok, failed }: Batch): string {
  const parts = [open > 0 && `${open} still to come`, `${ok} ended ok`, failed > 0 && `${failed} did not`];
  return parts.filter(Boolean).join(", ");
}
