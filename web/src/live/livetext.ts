import { signal } from "@preact/signals";
import { Terminal } from "../text/terminal";

const mostLive = 2 << 20; // characters kept while a program prints on and on

/** A terminal that is watched. */
export class LiveText {
  readonly terminal = new Terminal();
  /** Changes with every addition. */
  readonly version = signal(0);
  /** Lines that were taken away at the start. */
  dropped = 0;
  characters = 0;
  /** The end is missing: there was more than is shown. */
  cut = false;

  add(text: string): void {
    this.terminal.push(text);
    this.characters += text.length;
    if (this.characters > 2 * mostLive) this.forget();
    this.version.value++;
  }

  end(): void {
    this.terminal.end();
    this.version.value++;
  }

  get empty(): boolean {
    return this.terminal.lines.length === 0;
  }

  private forget(): void {
    const gone = this.terminal.lines.splice(0, this.terminal.lines.length >> 1);
    this.dropped += gone.length;
    this.characters >>= 1;
  }
}
