import { Empty, Failed, Loading } from "../components/states";
import { useTitle } from "../components/title";
import { active } from "../live/active";
import { reloadRows, rows, useRows } from "../live/rows";
import { Concerns } from "../overview/concerns";
import { filterOf, isFiltered, matching } from "../overview/filter";
import type { Filter } from "../overview/filter";
import { Summary } from "../overview/summary";
import { BenchmarkTable } from "../overview/table";
import { url, withParams } from "../router";
import { categoryName } from "../words/verdict";

export function OverviewPage() {
  useRows();
  const { value: list, failure } = rows.value;
  const busy = active.value.value?.size ?? 0;
  useTitle(busy > 0 ? `(${busy}) Overview` : "Overview");
  return (
    <>
      <h1 tabIndex={-1}>Overview</h1>
      {failure && <Failed failure={failure} retry={reloadRows} />}
      {!list && !failure && <Loading what="the benchmarks" />}
      {list && (list.length === 0 ? <NoBenchmarks /> : <Content />)}
    </>
  );
}

function Content() {
  const list = rows.value.value ?? [];
  const filter = filterOf(url.value.searchParams);
  const shown = matching(list, filter);
  return (
    <>
      <Summary list={list} />
      {isFiltered(filter) ? <Filtered filter={filter} shown={shown.length} of={list.length} /> : <Concerns list={list} />}
      {shown.length > 0 && <BenchmarkTable list={shown} />}
    </>
  );
}

function Filtered({ filter, shown, of }: { filter: Filter; shown: number; of: number }) {
  const parts = [filter.standing, filter.category && categoryName(filter.category), filter.words.trim() && `“${filter.words.trim()}”`].filter(Boolean);
  return (
    <p class="filtered" role="status">
      {shown === 0 ? `None of ${of} match ${parts.join(", ")}.` : `${shown} of ${of} shown: ${parts.join(", ")}.`}{" "}
      <a href={withParams({ q: "", show: "", category: "" })}>Show all</a>
    </p>
  );
}

const example = `[[benchmarks]]
name = "sort a million lines"
command = ["sort", "lines.txt"]
target_ms = 400`;

function NoBenchmarks() {
  return (
    <Empty title="No benchmark is configured.">
      <p>Add one to <code>config.toml</code> and start the server again:</p>
      <pre tabIndex={0}>{example}</pre>
    </Empty>
  );
}
