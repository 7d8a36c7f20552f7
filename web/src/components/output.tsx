// What a program printed, as text and nothing else. Only the rows in sight are
// in the page, so a megabyte costs no more than a screenful.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { LiveText } from "../live/livetext";
import { RowIndex } from "../text/rows";
import type { Row } from "../text/rows";

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
  const atEnd = useRef(true);
  const [columns, setColumns] = useState(80);
  const [view, setView] = useState<View>({ top: 0, height: 400 });
  const version = text.version.value;
  const index = useMemo(() => new RowIndex(columns), [columns, text, text.generation]);
  index.sync(text.terminal.lines);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = (): void => {
      setColumns(columnsOf(element));
      setView({ top: element.scrollTop, height: element.clientHeight });
    };
    const fit = new ResizeObserver(measure);
    fit.observe(element);
    return () => fit.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = box.current;
    if (element && follow && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [version, follow]);

  const onScroll = (): void => {
    const element = box.current;
    if (!element) return;
    atEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - rowHeight;
    setView({ top: element.scrollTop, height: element.clientHeight });
  };
  const first = Math.max(0, Math.floor(view.top / rowHeight) - beyond);
  const last = Math.min(index.rows, Math.ceil((view.top + view.height) / rowHeight) + beyond);
  return (
    <div class="output" ref={box} onScroll={onScroll} tabIndex={0} role="region" aria-label={name}>
      <div class="rows" style={{ height: `${index.rows * rowHeight}px` }}>
        <div class="in-sight" style={{ top: `${first * rowHeight}px` }}>
          {index.slice(text.terminal.lines, first, last).map((row, i) => <OutputRow key={first + i} row={row} />)}
        </div>
      </div>
    </div>
  );
}

function OutputRow({ row }: { row: Row }) {
  return (
    <div class="row">
      <span class="number" data-number={row.number || ""} />
      <code>{row.spans.map((s, i) => (s.className ? <span key={i} class={s.className}>{s.text}</span> : s.text))}</code>
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
