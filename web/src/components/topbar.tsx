import { useState } from "preact/hooks";
import { runMany } from "../actions";
import { benchmarks } from "../live/benchmarks";
import { onlyReads } from "../live/me";
import { rows } from "../live/rows";
import { go, param, setParams, url } from "../router";
import { newRunHref, routeOf, searchHref } from "../routes";
import { filterOf, isFiltered, matching } from "../overview/filter";
import { Act } from "./act";
import { IsolationChoice } from "./segmented";

export function TopBar() {
  return (
    <header class="top">
      <Search />
      <IsolationChoice />
      <RunAll />
      {!onlyReads.value && <a class="button" href={newRunHref}>New run</a>}
    </header>
  );
}

/** Narrows the overview as one types; from another page, Enter goes there. */
function Search() {
  const overview = routeOf(url.value.pathname).page === "overview";
  const onInput = (event: InputEvent): void => {
    if (overview) setParams({ q: (event.currentTarget as HTMLInputElement).value });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const field = event.currentTarget as HTMLInputElement;
    if (event.key === "Enter" && !overview) go(searchHref(field.value));
    if (event.key === "Enter" && overview) document.querySelector<HTMLElement>("[data-row] a")?.focus();
    if (event.key !== "Escape") return;
    if (overview && field.value) setParams({ q: "" });
    else field.blur();
  };
  return (
    <div class="search" role="search">
      <input id="search" type="search" placeholder="Search benchmarks" aria-label="Search benchmarks" aria-keyshortcuts="/" autocomplete="off" spellcheck={false}
        value={overview ? param("q") : ""} onInput={onInput} onKeyDown={onKeyDown} />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}

function RunAll() {
  const [busy, setBusy] = useState(false);
  const filter = filterOf(url.value.searchParams);
  const narrowed = routeOf(url.value.pathname).page === "overview" && isFiltered(filter);
  const wanted = narrowed ? matching(rows.value.value ?? [], filter) : (benchmarks.value.value ?? []);
  const start = async (): Promise<void> => {
    setBusy(true);
    await runMany(wanted);
    setBusy(false);
  };
  return (
    <Act class="primary" disabled={busy || wanted.length === 0} hindered={onlyReads.value} onAct={() => void start()}>
      {narrowed ? `Run these ${wanted.length}` : "Run all"}
    </Act>
  );
}
