import { useMemo, useState } from "preact/hooks";
import type { Sample } from "../api/types";
import { Bytes, Millis } from "../components/figure";
import { count } from "../format/figure";
import { outliers } from "../stats/outliers";

const pageSize = 50;

/** Each sample in figures, a page at a time, once somebody opens it. */
export function SamplesTable({ samples }: { samples: readonly Sample[] }) {
  const [open, setOpen] = useState(false);
  const timed = samples.filter((s) => !s.warmup).length;
  return (
    <details class="panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><h2>Every sample <span class="beside">{`${count(timed, "sample")}, ${count(samples.length - timed, "warm-up")}`}</span></h2></summary>
      {open && <Paged samples={samples} />}
    </details>
  );
}

function Paged({ samples }: { samples: readonly Sample[] }) {
  const [page, setPage] = useState(0);
  const far = useMemo(() => farSamples(samples), [samples]);
  const last = Math.max(0, Math.ceil(samples.length / pageSize) - 1);
  const shown = samples.slice(page * pageSize, (page + 1) * pageSize);
  const costs = samples.some((s) => s.cpu !== null || s.maxRSS !== null);
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="Samples in figures">
        <table class="facts samples">
          <thead>
            <tr>
              <th scope="col">Sample</th>
              <th scope="col" class="num">Time</th>
              {costs && <><th scope="col" class="num">CPU, user</th><th scope="col" class="num">CPU, system</th><th scope="col" class="num">Memory</th></>}
              <th scope="col" class="num">Exit</th>
            </tr>
          </thead>
          <tbody>{shown.map((s) => <Line key={`${s.warmup} ${s.index}`} sample={s} far={far.has(s)} costs={costs} />)}</tbody>
        </table>
      </div>
      {!costs && <p class="under">CPU and memory were not measured sample by sample.</p>}
      {last > 0 && (
        <div class="pager">
          <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>Earlier</button>
          <button type="button" disabled={page === last} onClick={() => setPage(page + 1)}>Later</button>
          <span class="grey" aria-live="polite">{`Page ${page + 1} of ${last + 1}`}</span>
        </div>
      )}
    </>
  );
}

function Line({ sample: s, far, costs }: { sample: Sample; far: boolean; costs: boolean }) {
  const millis = (us: number | null): number | null => (us === null ? null : us / 1000);
  return (
    <tr class={s.warmup || s.setAside ? "grey" : ""}>
      <th scope="row">{s.warmup ? `warm-up ${s.index + 1}` : s.index + 1}{s.setAside ? <span class="grey"> set aside</span> : far && <span class="grey"> outlier</span>}</th>
      <td class="num"><Millis value={s.wall} /></td>
      {costs && (
        <>
          <td class="num"><Millis value={millis(s.user)} /></td>
          <td class="num"><Millis value={millis(s.system)} /></td>
          <td class="num"><Bytes value={s.maxRSS} /></td>
        </>
      )}
      <td class="num">{s.exitCode ?? "–"}</td>
    </tr>
  );
}

/** The outliers among the timed samples. */
export function farSamples(samples: readonly Sample[]): ReadonlySet<Sample> {
  const timed = samples.filter((s) => !s.warmup && !s.setAside);
  return new Set(outliers(timed.map((s) => s.wall)).flatMap((i) => timed[i] ?? []));
}
