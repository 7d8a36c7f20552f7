import { useState } from "preact/hooks";
import { runFailed } from "../actions";
import { listBatches } from "../api/endpoints";
import type { Batch } from "../api/types";
import { Act } from "../components/act";
import { Ago } from "../components/ago";
import { count } from "../format/figure";
import { useLoaded } from "../live/loaded";
import { onlyReads } from "../live/me";
import { param, withParams } from "../router";
import { sidesHref } from "../routes";
import { batchWords } from "../words/batch";

const most = 5;

/** What was started together of late, how it came out, and once more what failed. */
export function Batches() {
  const { value } = useLoaded("batches", (signal) => listBatches(most + 1, signal), () => true).loaded.value;
  if (!value || value.length === 0) return null;
  return (
    <section aria-label="Batches">
      <div class="section-head"><h2>Batches <span class="beside">started together, newest first</span></h2></div>
      <ul class="lines">
        {value.slice(0, most).map((b, i) => <Line key={b.id} batch={b} before={value[i + 1]} />)}
      </ul>
    </section>
  );
}

function Line({ batch: b, before }: { batch: Batch; before: Batch | undefined }) {
  const [busy, setBusy] = useState(false);
  const again = async (): Promise<void> => {
    setBusy(true);
    await runFailed(b.id);
    setBusy(false);
  };
  return (
    <li data-row={b.id}>
      <a href={withParams({ batch: b.id, cursor: "" })} aria-current={param("batch") === b.id ? "true" : undefined}><strong>{count(b.runs, "run")}</strong></a>
      <span class="grey grow">{batchWords(b)}</span>
      <span class="grey"><Ago at={b.createdAt} /></span>
      {before && b.open === 0 && <a class="button small" href={sidesHref(`batch:${before.id}`, `batch:${b.id}`)}>Compare with the one before</a>}
      {b.failed > 0 && <Act class="small" disabled={busy} hindered={onlyReads.value} onAct={() => void again()}>{`Run the ${b.failed} that failed again`}</Act>}
    </li>
  );
}
