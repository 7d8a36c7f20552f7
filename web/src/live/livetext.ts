import { signal } from "@preact/signals";
import { Terminal } from "../text/terminal";

const mostLive = 2 << 20; // characters kept while a program prints on and on

/** A terminal that is watched. */
export class LiveText {
  readonly terminal = new Terminal();
  /** Changes with every addition. */
  readonly version = signal(0);
  /** Changes when lines were taken away at the start. */
  generation = 0;
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
    const lines = this.terminal.lines;
    lines.splice(0, lines.length >> 1);
    this.characters = this.characters >> 1;
    this.generation++;
  }
}
