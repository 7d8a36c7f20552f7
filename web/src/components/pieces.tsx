// The rows of a long table. To lay out hundreds takes a browser seconds, so only
// those near what is in sight are drawn; in the place of the others stands one
// empty row as high as they were, or are expected to be.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

const few = 50; // rows that are no trouble: all are drawn
const size = 10; // rows of a piece
const drawnAtOnce = 20; // of the first rows: more than a screen has
const near = "400px 0px";

let usual = 45; // px that a row is high, as far as is known

interface Props<T> {
  list: readonly T[];
  of: number; // rows that the table has
  start?: number; // of them before these
  head?: ComponentChildren; // a row above them
  columns: number;
  row: (one: T, index: number) => JSX.Element; // counted over the table, as aria-rowindex is
}

/** Rows in tbodies of their own. */
export function Pieces<T>({ list, of, start = 0, head, columns, row }: Props<T>) {
  const pieces = Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
  return (
    <>
      {pieces.map((some, i) => (
        <Piece key={i} rows={some.length} all={of <= few} atOnce={start + i * size < drawnAtOnce} columns={columns} head={i === 0 && head}>
          {() => some.map((one, k) => row(one, start + i * size + k + 2))}
        </Piece>
      ))}
    </>
  );
}

interface PieceProps {
  rows: number;
  all: boolean;
  atOnce: boolean;
  columns: number;
  head: ComponentChildren;
  children: () => JSX.Element[];
}

function Piece({ rows, all, atOnce, columns, head, children }: PieceProps) {
  const [drawn, setDrawn] = useState(atOnce);
  const body = useRef<HTMLTableSectionElement>(null);
  const height = useRef(0);
  useEffect(() => {
    const element = body.current;
    if (!element || all) return;
    const watch = new IntersectionObserver((seen) => {
      const { isIntersecting, boundingClientRect } = seen[seen.length - 1] as IntersectionObserverEntry;
      if (!isIntersecting && element.contains(document.activeElement)) return; // the focus stays where it is
      const above = element.querySelector<HTMLElement>(".category")?.offsetHeight ?? 0;
      if (!isIntersecting) usual = (height.current = boundingClientRect.height - above) / rows;
      setDrawn(isIntersecting);
    }, { rootMargin: near });
    watch.observe(element);
    return () => watch.disconnect();
  }, [rows, all]);
  return (
    <tbody ref={body} role="rowgroup">
      {head}
      {drawn || all ? children() : <tr class="gap" aria-hidden="true"><td colSpan={columns} style={{ height: `${height.current || usual * rows}px` }} /></tr>}
    </tbody>
  );
}
