// Long lists are drawn piece by piece, when the browser has nothing better to do,
// so that the first screen is there at once and no key press waits. In the end
// all of it is in the page, where the browser's own search finds it.
import { useEffect, useState } from "preact/hooks";

const first = 25; // rows: more than a screen has
const step = 12; // of which one takes no longer than a key press may wait

// What was drawn last: Back finds the list as long as it was left.
let last = { key: "", room: 0 };

/** How many of `total` may be drawn by now. A new key begins anew. */
export function useGrowing(total: number, key: string): number {
  const [drawn, setDrawn] = useState(() => (last.key === key ? last : { key, room: first }));
  const room = drawn.key === key ? Math.max(drawn.room, first) : first;
  useEffect(() => {
    last = { key, room };
    return room < total ? whenIdle(() => setDrawn({ key, room: room + step })) : undefined;
  }, [total, key, room]);
  return room;
}

const patience = 200; // ms for which a browser may find no rest

/** Does it when nothing else is to be done, until the function that it returns is called. */
function whenIdle(work: () => void): () => void {
  if (!("requestIdleCallback" in window)) {
    const timer = setTimeout(work, 0);
    return () => clearTimeout(timer);
  }
  const asked = requestIdleCallback(work, { timeout: patience });
  return () => cancelIdleCallback(asked);
}
