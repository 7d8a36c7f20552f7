import { useRef, useState } from "preact/hooks";

/** Copies a text. Without a secure context browsers have no clipboard to write to: then the old way. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  }
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

export function CopyButton({ text, children, title }: { text: string; children: string; title?: string }) {
  const [said, setSaid] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const onClick = async (): Promise<void> => {
    setSaid((await copyText(text)) ? "Copied" : "Not copied");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(""), 2_000);
  };
  return (
    <button type="button" onClick={onClick} title={title ?? text}>
      <span aria-live="polite">{said || children}</span>
    </button>
  );
}
