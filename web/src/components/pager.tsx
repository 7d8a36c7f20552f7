import { param, withParams } from "../router";

/** Pages by cursor: older ones one by one, and back to the newest. The browser's Back does the rest. */
export function Pager({ next }: { next: string | null }) {
  const paged = param("cursor") !== "";
  if (!paged && next === null) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {paged && <a class="button" data-top href={withParams({ cursor: "" })}>Newest</a>}
      {next !== null && <a class="button" data-top href={withParams({ cursor: next })}>Older</a>}
      {paged && next === null && <span class="grey">These are the oldest.</span>}
    </nav>
  );
}
