import type { SentFile } from "../api/types";

/** A file as it is sent: as text where it is text. */
export function sentFile(path: string, bytes: Uint8Array): SentFile {
  const executable = startsWith(bytes, "#!") || startsWith(bytes, "\x7fELF");
  const text = textOf(bytes);
  if (text !== null) return { path, content: text, encoding: "utf8", executable };
  return { path, content: base64(bytes), encoding: "base64", executable };
}

function startsWith(bytes: Uint8Array, magic: string): boolean {
  return [...magic].every((c, i) => bytes[i] === c.charCodeAt(0));
}

/** null where the bytes are not UTF-8, or would not come back as they are. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

const piece = 0x8000; // an argument list has an end

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += piece) binary += String.fromCharCode(...bytes.subarray(i, i + piece));
  return btoa(binary);
}

/** How large a file is on the disk. */
export function fileBytes({ content, encoding }: SentFile): number {
  if (encoding !== "base64") return new TextEncoder().encode(content).length;
  return (content.length / 4) * 3 - (/=*$/.exec(content)?.[0].length ?? 0);
}

/** Bytes that files have in a request, nearly. */
export function sentBytes(files: readonly SentFile[]): number {
  return files.reduce((sum, f) => sum + f.content.length, 0);
}

/** Adds files; one of the same path takes the place of the one before. */
export function withFiles(before: readonly SentFile[], added: readonly SentFile[]): SentFile[] {
  const paths = new Set(added.map((f) => f.path));
  return [...before.filter((f) => !paths.has(f.path)), ...added];
}
