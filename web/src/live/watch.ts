// One run as it happens: its state, how far it is, what it prints; and, once it
// is finished, what it left. The stream is closed at the end of the run.
import { signal } from "@preact/signals";
import { getRun, listSamples, outputAddress, runEventsAddress } from "../api/endpoints";
import { failureIn, failureOf } from "../api/failure";
import type { OutputEvent, Progress, Run, RunEvent, Sample, Stream, Usage } from "../api/types";
import { parseInert } from "../text/visible";
import { LiveText } from "./livetext";
import { nothing } from "./loaded";
import type { Loaded } from "./loaded";
import { restBetweenFetches, throttled } from "./throttle";

/** A run with more samples than this is not drawn: they would be megabytes. */
export const mostSamples = 20_000;
const mostOutput = 4 << 20; // characters of a stream that are shown
const mostUsage = 480; // moments, of which there are four a second
const retry = 3_000;

export class RunWatch {
  readonly run = signal<Loaded<Run>>(nothing);
  readonly progress = signal<Progress | undefined>(undefined);
  readonly samples = signal<Loaded<Sample[]>>(nothing);
  readonly output = signal<Record<Stream, LiveText>>({ stdout: new LiveText(), stderr: new LiveText() });
  /** The last minutes of what it uses, while it runs. */
  readonly usage = signal<readonly Usage[]>([]);
  readonly outputFailure = signal<string>("");
  /** Output came faster than it could be shown, or before anybody looked. */
  readonly skipped = signal(false);

  private readonly stop = new AbortController();
  private source: EventSource | null = null;
  private nextChunk = 0;
  private settled = false;

  constructor(readonly id: string) {}

  readonly refresh = throttled(() => this.fetch(), restBetweenFetches);

  close(): void {
    this.stop.abort();
    this.source?.close();
  }

  private async fetch(): Promise<void> {
    if (this.stop.signal.aborted) return;
    try {
      const run = await getRun(this.id, this.stop.signal);
      this.run.value = { value: run, failure: null };
      if (run.state === "finished") this.settle(run);
      else if (!this.source) this.listen();
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (!failure) return;
      this.run.value = { value: this.run.peek().value, failure };
      if (failure.status === 0) setTimeout(this.refresh, retry); // heals with the connection
    }
  }

  private listen(): void {
    const source = new EventSource(runEventsAddress(this.id));
    this.source = source;
    source.addEventListener("run", (e) => this.changed(parseInert(e.data) as RunEvent));
    source.addEventListener("progress", (e) => (this.progress.value = parseInert(e.data) as Progress));
    source.addEventListener("usage", (e) => this.used((JSON.parse(e.data) as { points: Usage[] }).points));
    source.addEventListener("output", (e) => this.printed(JSON.parse(e.data) as OutputEvent));
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again
      this.source = null;
      setTimeout(this.refresh, retry);
    });
  }

  private changed(event: RunEvent): void {
    if (event.state === "finished") {
      this.source?.close();
      this.source = null;
    }
    this.refresh();
  }

  /** After a break in the line all that is kept comes again. */
  private used(points: readonly Usage[]): void {
    const known = this.usage.peek();
    const last = known[known.length - 1]?.at ?? -1;
    this.usage.value = [...known, ...points.filter((p) => p.at > last)].slice(-mostUsage);
  }

  /** After a break in the line pieces come again: each is taken once. */
  private printed(event: OutputEvent): void {
    if (event.chunk < this.nextChunk) return;
    if (event.chunk > this.nextChunk) this.skipped.value = true;
    this.nextChunk = event.chunk + 1;
    this.output.peek()[event.stream].add(event.text);
  }

  private settle(run: Run): void {
    if (this.settled) return;
    this.settled = true;
    this.source?.close();
    this.progress.value = undefined;
    if (run.time.n > 0 && run.time.n <= mostSamples) void this.loadSamples();
    void this.loadOutputs(run);
  }

  private async loadSamples(): Promise<void> {
    try {
      this.samples.value = { value: await listSamples(this.id, this.stop.signal), failure: null };
    } catch (thrown) {
      this.samples.value = { value: null, failure: failureOf(thrown) };
    }
  }

  /** Puts what was kept in the place of what was seen live. */
  private async loadOutputs(run: Run): Promise<void> {
    try {
      const [stdout, stderr] = await Promise.all([this.loadOutput("stdout", run), this.loadOutput("stderr", run)]);
      this.output.value = { stdout, stderr };
      this.skipped.value = false;
    } catch (thrown) {
      this.outputFailure.value = failureOf(thrown)?.message ?? "";
    }
  }

  private async loadOutput(stream: Stream, run: Run): Promise<LiveText> {
    const text = new LiveText();
    if (run[stream].kept === 0) return text;
    const response = await fetch(outputAddress(this.id, stream), { signal: this.stop.signal, cache: "no-store" });
    if (!response.ok || !response.body) throw await failureIn(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let got = await reader.read(); !got.done; got = await reader.read()) {
      text.add(got.value);
      if (text.characters >= mostOutput) {
        text.cut = true;
        void reader.cancel();
        break;
      }
    }
    text.end();
    return text;
  }
}
