// Long lists are drawn piece by piece, so that the first screen is there at
// once and no key press waits. In the end all of it is in the page, where the
// browser's own search finds it.
import { useEffect, useState } from "preact/hooks";

const step = 40;

// What was drawn last: Back finds the list as long as it was left.
let last = { key: "", room: 0 };

/** How many of `total` may be drawn by now. A new key begins anew. */
export function useGrowing(total: number, key: string): number {
  const [drawn, setDrawn] = useState(() => (last.key === key ? last : { key, room: step }));
  const room = drawn.key === key ? Math.max(drawn.room, step) : step;
  useEffect(() => {
    last = { key, room };
    if (room >= total) return;
    const timer = setTimeout(() => setDrawn({ key, room: room + step }), 0);
    return () => clearTimeout(timer);
  }, [total, key, room]);
  return room;
}
