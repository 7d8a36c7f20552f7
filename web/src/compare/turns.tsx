import { listComparisons } from "../api/endpoints";
import type { ComparisonInfo } from "../api/types";
import { Ago } from "../components/ago";
import { Pager } from "../components/pager";
import { Failed } from "../components/states";
import { useLoaded } from "../live/loaded";
import { param } from "../router";
import { compareHref } from "../routes";
import { signed } from "../words/alert";
import { shortName } from "../words/name";
import { standingOf, standings } from "./words";

const pageSize = 10;

/** The comparisons that were measured in turns, newest first. */
export function TurnsList() {
  const cursor = param("cursor");
  const { loaded, reload } = useLoaded(`comparisons ${cursor}`, (signal) => listComparisons(pageSize, cursor, signal), (e) => e.state !== "running" && cursor === "");
  const { value, failure } = loaded.value;
  if (failure) return <Failed failure={failure} retry={reload} />;
  if (!value || (value.comparisons.length === 0 && cursor === "")) return null;
  return (
    <section aria-label="Measured in turns">
      <div class="section-head"><h2>Measured in turns <span class="beside">newest first</span></h2></div>
      <ul class="lines">{value.comparisons.map((c) => <Line key={c.id} of={c} />)}</ul>
      <Pager next={value.nextCursor} />
    </section>
  );
}

function Line({ of: c }: { of: ComparisonInfo }) {
  const [word, tone, meaning] = standings[standingOf(c.result)];
  const over = c.state === "finished";
  return (
    <li data-row={c.id}>
      <a href={compareHref(c.id)}><strong>{c.a.slug === c.b.slug ? `${shortName(c.a.name)} with itself` : `${shortName(c.a.name)} and ${shortName(c.b.name)}`}</strong></a>
      <span class="grey grow">{c.a.isolation === c.b.isolation ? c.a.isolation : `${c.a.isolation} and ${c.b.isolation}`}</span>
      {c.result.effect !== null && <span class="num" title="B against A">{signed(c.result.effect)}</span>}
      <span class={`pill ${over ? tone : "quiet"}`} title={over ? meaning : undefined}>{over ? word : c.state}</span>
      <span class="grey"><Ago at={c.createdAt} /></span>
    </li>
  );
}
