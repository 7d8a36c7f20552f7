import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

export const helpOpen = signal(false);

const keys: readonly (readonly [string, string])[] = [
  ["/", "search benchmarks"],
  ["j, k", "next, previous row"],
  ["Enter", "open the row"],
  ["r", "run the row, or what the page is about"],
  ["d", "dense or airy rows"],
  ["g o, g a", "go to Overview, to Activity"],
  ["g c, g l", "go to Compare, to Alerts"],
  ["g m, g s", "go to Machine, to Settings"],
  ["g n", "go to New run"],
  ["?", "this help"],
  ["Esc", "close, clear the search"],
];

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = helpOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const close = (): void => {
    helpOpen.value = false;
  };
  const onClick = (event: MouseEvent): void => {
    if (event.target === dialog.current) close(); // beside it
  };
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={close} onClick={onClick}>
      <div class="dialog">
        <div class="panel-head">
          <h2 id="help-title">Keys</h2>
          <button type="button" onClick={close}>Close</button>
        </div>
        <dl class="keys">
          {keys.map(([key, what]) => (
            <div key={key}>
              <dt>{key.split(/(, | )/).map((part) => (part.trim().replace(",", "") ? <kbd key={part}>{part}</kbd> : part))}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </div>
    </dialog>
  );
}
