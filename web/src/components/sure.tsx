import { useRef } from "preact/hooks";
import { Act } from "./act";

interface Props {
  name: string;
  question: string;
  yes: string;
  hindered: string;
  onYes: () => void;
}

/** A button for what can't be undone: it asks once more. */
export function Sure({ name, question, yes, hindered, onYes }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = (): void => dialog.current?.close();
  return (
    <>
      <Act class="small" hindered={hindered} onAct={() => dialog.current?.showModal()}>{name}</Act>
      <dialog ref={dialog} aria-label={name}>
        <div class="dialog">
          <p>{question}</p>
          <div class="actions">
            <button type="button" class="primary" onClick={() => { close(); onYes(); }}>{yes}</button>
            <button type="button" onClick={close}>Leave them</button>
          </div>
        </div>
      </dialog>
    </>
  );
}
