// Above an output: a search in it, and the way back to its end.
import { useState } from "preact/hooks";
import { count } from "../format/figure";

interface Bar {
  name: string;
  query: string;
  onQuery: (query: string) => void;
  found: readonly number[]; // lines
  show: (line: number) => void;
  jump: (() => void) | undefined; // while the reader has left the end
}

export function OutputBar({ name, query, onQuery, found, show, jump }: Bar) {
  const [at, setAt] = useState(-1); // which of those found was shown last
  const step = (by: number): void => {
    if (found.length === 0) return;
    const next = (Math.max(at, by > 0 ? -1 : 0) + by + found.length) % found.length;
    setAt(next);
    show(found[next] as number);
  };
  const typed = (e: { currentTarget: HTMLInputElement }): void => {
    setAt(-1);
    onQuery(e.currentTarget.value);
  };
  const pressed = (e: KeyboardEvent): void => {
    if (e.key === "Enter") step(e.shiftKey ? -1 : 1);
  };
  return (
    <div class="output-bar">
      <input type="search" value={query} placeholder="Search" aria-label={`Search in ${name}`} onInput={typed} onKeyDown={pressed} />
      {query !== "" && (
        <>
          <span role="status" class="grey">{found.length === 0 ? "not found" : `${at < 0 ? "" : `${at + 1} of `}${count(found.length, "line")}`}</span>
          <button type="button" class="small" onClick={() => step(-1)} disabled={found.length === 0}>Previous</button>
          <button type="button" class="small" onClick={() => step(1)} disabled={found.length === 0}>Next</button>
        </>
      )}
      {jump && <button type="button" class="small jump" onClick={jump}>Jump to the end</button>}
    </div>
  );
}
