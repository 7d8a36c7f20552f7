// All benchmarks in one dense table, by category; in one list where they are
// sorted by a figure.
import type { Row } from "../api/types";
import { Pieces } from "../components/pieces";
import { url, withParams } from "../router";
import { categoryName } from "../words/verdict";
import { grouped, nextSort, sorted, sortOf } from "./filter";
import type { SortKey } from "./filter";
import { BenchmarkRow } from "./row";

interface Column {
  name: string;
  className: string;
  sort?: SortKey;
  title?: string;
}

const columns: readonly Column[] = [
  { name: "Benchmark", className: "c-name", sort: "name" },
  { name: "Isolation", className: "c-isolation" },
  { name: "Median", className: "c-median num", sort: "median", title: "Per iteration, of the latest run" },
  { name: "Against target", className: "c-target", sort: "target", title: "Bar: what the target is on, the median if nothing else is said. Band: 95 % interval. Tick: target" },
  { name: "Rating", className: "c-rating", sort: "rating" },
  { name: "Memory", className: "c-memory num", sort: "memory", title: "Highest resident size of a sample" },
  { name: "CPU", className: "c-cpu num", sort: "cpu", title: "User and system, over all samples" },
  { name: "Total", className: "c-total num", sort: "total", title: "From taking the run until its boundary was empty" },
  { name: "Success", className: "c-success num", sort: "success" },
  { name: "Last 30 runs", className: "c-spark", title: "Medians; a target on the median is dashed, a change of level upright" },
  { name: "Ran", className: "c-ran num", sort: "ran" },
];

export function BenchmarkTable({ list }: { list: readonly Row[] }) {
  const sort = sortOf(url.value.searchParams);
  const groups = sort.key === "" ? grouped(list) : [["", sorted(list, sort)] as [string, Row[]]];
  return (
    <table class="bench" role="table" aria-label="Benchmarks" aria-rowcount={list.length + 1}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((c) => <Heading key={c.name} column={c} />)}
          <th role="columnheader" scope="col" class="c-run"><span class="unseen">Run</span></th>
        </tr>
      </thead>
      {placed(groups).map(([category, members, start]) => (
        <Pieces key={category} list={members} of={list.length} start={start} columns={columns.length + 1} head={category !== "" && <Category name={category} of={members.length} />}
          row={(b, index) => <BenchmarkRow key={b.slug} benchmark={b} index={index} />} />
      ))}
    </table>
  );
}

/** Each group with how many rows come before it. */
function placed(groups: [string, Row[]][]): [string, Row[], number][] {
  let before = 0;
  return groups.map(([category, members]) => {
    before += members.length;
    return [category, members, before - members.length];
  });
}

function Category({ name, of }: { name: string; of: number }) {
  return (
    <tr role="row" class="category">
      <th role="rowheader" scope="rowgroup" colSpan={columns.length + 1}>{categoryName(name)} <span class="grey">{of}</span></th>
    </tr>
  );
}

function Heading({ column: c }: { column: Column }) {
  const sort = sortOf(url.value.searchParams);
  const here = c.sort !== undefined && sort.key === c.sort;
  const order = here ? (sort.down ? "descending" : "ascending") : undefined;
  return (
    <th role="columnheader" scope="col" class={c.className} title={c.title} aria-sort={order}>
      {c.sort ? (
        <a class="sort" href={withParams({ sort: nextSort(sort, c.sort) })}>
          {c.name}
          {here && <span aria-hidden="true">{sort.down ? " ↓" : " ↑"}</span>}
        </a>
      ) : c.name}
    </th>
  );
}
