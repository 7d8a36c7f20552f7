import { useEffect } from "preact/hooks";

/** Names the page in the browser's tab, with its state first. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · benchcell` : "benchcell";
  }, [title]);
}
