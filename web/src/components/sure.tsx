import { useRef } from "preact/hooks";

interface Props {
  name: string;
  question: string;
  yes: string;
  onYes: () => void;
}

/** A button for what can't be undone: it asks once more. */
export function Sure({ name, question, yes, onYes }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = (): void => dialog.current?.close();
  return (
    <>
      <button type="button" class="small" onClick={() => dialog.current?.showModal()}>{name}</button>
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
