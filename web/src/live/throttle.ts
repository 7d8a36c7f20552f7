/**
 * A trigger for work that must not run too often: at once if it has rested,
 * else when it has; never twice at a time; and once more if it was asked for
 * while it ran.
 */
export function throttled(work: () => Promise<void> | void, rest: number): () => void {
  let wanted = false;
  let busy = false;
  let last = -Infinity;

  const start = (): void => {
    if (busy || !wanted) return;
    busy = true;
    setTimeout(async () => {
      wanted = false;
      last = performance.now();
      try {
        await work();
      } finally {
        busy = false;
        start();
      }
    }, Math.max(0, last + rest - performance.now()));
  };
  return () => {
    wanted = true;
    start();
  };
}

/** Between two fetches of the same thing, in milliseconds. */
export const restBetweenFetches = 600;
