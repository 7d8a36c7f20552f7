import type { Benchmark } from "../api/types";
import { withParams } from "../router";
import { runHref } from "../routes";
import { concerns } from "./attention";
import type { Concern } from "./attention";

const most = 3;

/** Cards for what needs attention; nothing at all where nothing does. */
export function Concerns({ list }: { list: readonly Benchmark[] }) {
  const found = concerns(list);
  if (found.length === 0) return null;
  const more = found.length - most;
  return (
    <section aria-label="What needs attention">
      <ul class="cards">
        {found.slice(0, most).map((c) => <Card key={c.benchmark.slug} concern={c} />)}
      </ul>
      {more > 0 && <p class="more"><a href={withParams({ show: "attention" })}>{`${more} more ${more === 1 ? "needs" : "need"} attention`}</a></p>}
    </section>
  );
}

function Card({ concern: c }: { concern: Concern }) {
  return (
    <li class="card">
      <p class="card-title">{c.title}</p>
      <p class="card-figure">{c.figure} <small>{c.beside}</small></p>
      <p class="card-text">{c.sentence && `${c.sentence}. `}<a href={runHref(c.run.id)} aria-label={`Show the run of ${c.benchmark.name}`}>Show the run</a></p>
    </li>
  );
}
