import type { Row } from "../api/types";
import { confirmed } from "../live/alerts";
import { withParams } from "../router";
import { alertsHref } from "../routes";
import { changes, concerns } from "./attention";
import type { Concern } from "./attention";

const inRow = 3;

/** Cards for what changed, then for what needs attention; nothing at all where nothing does. */
export function Concerns({ list }: { list: readonly Row[] }) {
  const changed = changes(confirmed.value, list);
  return (
    <div class="concerns">
      <Cards label="What changed" found={changed} most={inRow} more={alertsHref} rest={(n) => `${n} more changed`} />
      <Cards label="What needs attention" found={concerns(list)} most={changed.length < inRow ? inRow - changed.length : inRow} more={withParams({ show: "attention" })} rest={(n) => `${n} more ${n === 1 ? "needs" : "need"} attention`} />
    </div>
  );
}

/** `most` of them, beside what else there is in the row. */
function Cards({ label, found, most, more, rest }: { label: string; found: readonly Concern[]; most: number; more: string; rest: (n: number) => string }) {
  if (found.length === 0) return null;
  return (
    <section aria-label={label} class={`of-${Math.min(found.length, most)}`}>
      <ul class="cards">
        {found.slice(0, most).map((c) => <Card key={c.key} concern={c} />)}
      </ul>
      {found.length > most && <p class="more"><a href={more}>{rest(found.length - most)}</a></p>}
    </section>
  );
}

function Card({ concern: c }: { concern: Concern }) {
  return (
    <li class="card">
      <p class="card-title">{c.title}</p>
      <p class="card-figure">{c.figure} <small>{c.beside}</small></p>
      <p class="card-text">{c.sentence && `${c.sentence}. `}<a href={c.href} aria-label={c.link}>{c.link.split(" of ")[0]}</a></p>
    </li>
  );
}
