import { listSamples } from "../api/endpoints";
import type { Comparison, Run } from "../api/types";
import { Loading, Panel } from "../components/states";
import { useLoaded } from "../live/loaded";
import { mostSamples } from "../live/watch";
import { BothPlot } from "../plot/lazy";
import { EffectsTable } from "./effects";
import { SideFacts } from "./facts";
import { runsOf } from "./resolve";
import { fineness, meanWords } from "./words";

/** All that a comparison says: what to beware of, the table, and for a single benchmark its samples. */
export function Result({ comparison: c }: { comparison: Comparison }) {
  return (
    <>
      {c.warnings.length > 0 && (
        <ul class="warnings" aria-label="Warnings">
          {c.warnings.map((w) => <li key={w.code} class="note warn"><p><strong>{heads[w.code] ?? w.code.replaceAll("_", " ")}.</strong> {w.message}</p></li>)}
        </ul>
      )}
      <EffectsTable comparison={c} />
      <p class="summary">{[meanWords(c), fineness(c)].filter(Boolean).join(" ")}</p>
      {c.results.length === 1 && <Both key={c.results[0]?.a.run} comparison={c} />}
    </>
  );
}

const heads: Record<string, string> = { separate: "Weaker evidence", not_ok: "One did not end well", samples_gone: "Samples are gone" };

async function load(c: Comparison, signal: AbortSignal) {
  const runs = await runsOf(c, signal);
  if (!runs) return null;
  const drawn = (run: Run): boolean => run.state === "finished" && run.time.n > 1 && run.time.n <= mostSamples;
  const samples = runs.every(drawn) ? await Promise.all([listSamples(runs[0].id, signal), listSamples(runs[1].id, signal)]) : null;
  return { runs, samples };
}

function Both({ comparison: c }: { comparison: Comparison }) {
  const ids = c.results.flatMap((r) => [r.a.run, r.b.run]);
  const { value } = useLoaded(ids.join(" "), (signal) => load(c, signal), (e) => ids.includes(e.run)).loaded.value;
  if (!value) return <Loading what="both runs" />;
  return (
    <div class="columns">
      <div class="column wide">
        {value.samples ? <BothPlot key={value.runs[1].state} runs={value.runs} samples={value.samples} turns={c.evidence === "interleaved"} /> : <Panel title="Samples of both"><p class="under">They are drawn once both runs are finished and have more than one.</p></Panel>}
      </div>
      <div class="column"><SideFacts runs={value.runs} /></div>
    </div>
  );
}
