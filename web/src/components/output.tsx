// What a program printed, as text and nothing else. Only the rows in sight are
// in the page, so a megabyte costs no more than a screenful.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { LiveText } from "../live/livetext";
import { Finder, pieces } from "../text/find";
import { RowIndex } from "../text/rows";
import type { Row } from "../text/rows";
import { OutputBar } from "./output-bar";

const rowHeight = 18; // px, as .row in run.css has it
const beyond = 10; // rows above and below those in sight
const narrowest = 20; // columns
const gutter = 7; // columns for the line's number

interface View {
  top: number;
  height: number;
}

/** `follow` keeps the end in sight until the reader scrolls away from it. */
export function Output({ text, name, follow }: { text: LiveText; name: string; follow: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const [columns, view, look] = useView(box);
  const [atEnd, setAtEnd] = useState(true);
  const [query, setQuery] = useState("");
  const version = text.version.value;
  const index = useMemo(() => new RowIndex(columns), [columns, text]);
  const finder = useMemo(() => new Finder(query), [query, text]);
  const gone = index.sync(text.terminal.lines, text.dropped) * rowHeight;
  finder.sync(text.terminal.lines, text.dropped);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (follow && atEnd) element.scrollTop = element.scrollHeight;
    else if (gone > 0) element.scrollTop -= gone; // what is read stays where it is
  }, [version, follow]);

  const onScroll = (): void => {
    const element = box.current;
    if (!element) return;
    setAtEnd(element.scrollTop + element.clientHeight >= element.scrollHeight - rowHeight);
    look();
  };
  const show = (line: number): void => box.current?.scrollTo(0, index.rowOf(line - text.dropped) * rowHeight - view.height / 2);
  const top = Math.max(0, view.top - (atEnd ? 0 : gone));
  const first = Math.max(0, Math.floor(top / rowHeight) - beyond);
  const last = Math.min(index.rows, Math.ceil((top + view.height) / rowHeight) + beyond);
  return (
    <>
      <OutputBar name={name} query={query} onQuery={setQuery} found={finder.found} show={show}
        jump={follow && !atEnd ? () => box.current?.scrollTo(0, box.current.scrollHeight) : undefined} />
      <div class="output" ref={box} onScroll={onScroll} tabIndex={0} role="region" aria-label={name}>
        <div class="rows" style={{ height: `${index.rows * rowHeight}px` }}>
          <div class="in-sight" style={{ top: `${first * rowHeight}px` }}>
            {index.slice(text.terminal.lines, first, last).map((row, i) => <OutputRow key={first + i} row={row} query={query} />)}
          </div>
        </div>
      </div>
    </>
  );
}

/** What of a box is in sight, and how many columns it has. */
function useView(box: RefObject<HTMLDivElement | null>): [columns: number, view: View, look: () => void] {
  const [columns, setColumns] = useState(80);
  const [view, setView] = useState<View>({ top: 0, height: 400 });
  const look = (): void => {
    const element = box.current;
    if (element) setView({ top: element.scrollTop, height: element.clientHeight });
  };
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const fit = new ResizeObserver(() => {
      setColumns(columnsOf(element));
      look();
    });
    fit.observe(element);
    return () => fit.disconnect();
  }, []);
  return [columns, view, look];
}

function OutputRow({ row, query }: { row: Row; query: string }) {
  return (
    <div class="row">
      <span class="number" data-number={row.number || ""} />
      <code>
        {row.spans.map((span, i) => {
          const cut = pieces(span, query);
          const shown = cut.length === 1 ? span.text : cut.map((piece, k) => (k % 2 ? <mark key={k}>{piece}</mark> : piece));
          return span.className ? <span key={i} class={span.className}>{shown}</span> : shown;
        })}
      </code>
    </div>
  );
}

/** How many characters fit into a row. */
function columnsOf(element: HTMLElement): number {
  const ruler = document.createElement("span");
  ruler.className = "ruler";
  ruler.textContent = "0".repeat(100);
  element.append(ruler);
  const width = ruler.getBoundingClientRect().width / 100;
  ruler.remove();
  const inner = element.clientWidth - 24; // its padding
  return width > 0 ? Math.max(narrowest, Math.floor(inner / width) - gutter) : 80;
}
