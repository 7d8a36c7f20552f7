// The charts are a script of their own, fetched when a page first draws one:
// the overview, which most look at most, comes without it.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

type Charts = typeof import("./charts");

const charts = signal<Charts | null>(null);
const missing = signal(false);

function fetchCharts(): void {
  if (charts.peek()) return;
  import("./charts").then(
    (loaded) => (charts.value = loaded),
    () => (missing.value = true),
  );
}

interface Props<K extends keyof Charts> {
  chart: K;
  of: Parameters<Charts[K]>[0];
}

/** A chart once its script is here, and room for it until then. */
export function Chart<K extends keyof Charts>({ chart, of }: Props<K>) {
  useEffect(fetchCharts, []);
  if (missing.value) return <p class="note warn">The charts could not be loaded: the server may have been renewed. Reload the page.</p>;
  const Found = charts.value?.[chart] as ((props: Parameters<Charts[K]>[0]) => ReturnType<Charts[K]>) | undefined;
  return Found ? <Found {...(of as object as Parameters<Charts[K]>[0])} /> : <div class="plot-place" />;
}
