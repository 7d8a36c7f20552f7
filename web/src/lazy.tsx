// What most readers never look at is a script of its own, fetched when it is
// first drawn: the overview comes without it.
import { signal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";

/** A component once its script is here, and what stands in its place until then. */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>, place: () => JSX.Element, loaded?: () => void): (props: P) => JSX.Element {
  const found = signal<{ is: ComponentType<P> } | null>(null);
  const missing = signal(false);
  const fetchIt = (): void => {
    if (found.peek()) return;
    load().then(
      (is) => {
        found.value = { is };
        loaded?.();
      },
      () => (missing.value = true),
    );
  };
  return function Lazy(props: P) {
    useEffect(fetchIt, []);
    if (missing.value) return <p class="note warn">This part could not be loaded: the server may have been renewed. Reload the page.</p>;
    if (!found.value) return place();
    const Found = found.value.is;
    return <Found {...props} />;
  };
}
