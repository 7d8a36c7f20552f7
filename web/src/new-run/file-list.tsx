import { useState } from "preact/hooks";
import type { SentFile } from "../api/types";
import { size, written } from "../format/figure";
import { visible } from "../text/visible";
import { fileBytes, sentBytes, sentFile, withFiles } from "./files";

const most = 16 << 20; // bytes of a request

interface Props {
  files: readonly SentFile[];
  error: string | undefined;
  /** Takes a change of what is there by then: files are read while others come. */
  onChange: (change: (before: readonly SentFile[]) => SentFile[]) => void;
}

/** Files for the program's folder, picked or dropped. */
export function FileList({ files, error, onChange }: Props) {
  const [over, setOver] = useState(false);
  const [trouble, setTrouble] = useState("");
  const take = async (list: FileListOf): Promise<void> => {
    try {
      const added = await Promise.all([...list].map(async (f) => sentFile(f.name, new Uint8Array(await f.arrayBuffer()))));
      setTrouble("");
      onChange((before) => withFiles(before, added));
    } catch {
      setTrouble("This could not be read: choose files, not folders.");
    }
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer) void take(event.dataTransfer.files);
  };
  const change = (i: number, more: Partial<SentFile>): void => onChange((before) => before.map((f, at) => (at === i ? { ...f, ...more } : f)));
  const total = sentBytes(files);
  const wrong = error || trouble || (total > most ? `Together they have ${written(size(total))}: at most ${written(size(most))} are taken.` : "");
  return (
    <div class="field wide">
      <div class={over ? "drop over" : "drop"} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={onDrop}>
        <label for="new-files">Files</label>
        <input id="new-files" type="file" multiple aria-describedby="new-files-about" onChange={(event) => {
          const input = event.currentTarget;
          if (input.files) void take(input.files).then(() => (input.value = ""));
        }} />
        <span class="grey">or drop them here; they are put into /work, where the program starts</span>
      </div>
      {files.length > 0 && (
        <ul class="lines files">
          {files.map((f, i) => (
            <li key={i}>
              <span class="grow"><input aria-label={`Path of file ${i + 1}`} value={f.path} onInput={(event) => change(i, { path: event.currentTarget.value })} /></span>
              <span class="grey">{`${written(size(fileBytes(f)))}, ${f.encoding === "base64" ? "binary" : "text"}`}</span>
              <label><input type="checkbox" checked={f.executable ?? false} onChange={(event) => change(i, { executable: event.currentTarget.checked })} /> executable</label>
              <button type="button" class="small" aria-label={`Remove ${visible(f.path)}`} onClick={() => onChange((before) => before.filter((_, at) => at !== i))}>Remove</button>
            </li>
          ))}
        </ul>
      )}
      <div class="about" id="new-files-about">{wrong && <p class="wrong">{wrong}</p>}</div>
    </div>
  );
}

type FileListOf = DataTransfer["files"];
