import type { Line } from "../api/types";
import { cpuMillis } from "../format/cpu";
import { duration, percent, size, written } from "../format/figure";
import type { Figure as FigureOf } from "../format/figure";

/** A number with its unit in grey and all its digits in the title. */
export function Figure({ of, title }: { of: FigureOf; title?: string }) {
  return (
    <span class="figure" title={title ?? of.full}>
      {of.text}
      {of.unit && <span class="unit">{`\u00a0${of.unit}`}</span>}
    </span>
  );
}

/** What stands where nothing was measured: never a zero. */
export function Absent({ why = "not measured" }: { why?: string }) {
  return (
    <span class="absent" title={why}>
      <span aria-hidden="true">–</span>
      <span class="unseen">{why}</span>
    </span>
  );
}

export function Millis({ value, title }: { value: number | null | undefined; title?: string }) {
  if (value === null || value === undefined) return <Absent />;
  return <Figure of={duration(value)} {...(title === undefined ? {} : { title })} />;
}

/** The median of a run; in grey if the run did not end well, since it says little then. */
export function Median({ run }: { run: Pick<Line, "time" | "verdict"> }) {
  const { median } = run.time;
  if (median === null || run.verdict === "ok") return <Millis value={median} />;
  return <span class="grey"><Millis value={median} title={`${median} ms, of a run that did not end ok`} /></span>;
}

export function Bytes({ value, title }: { value: number | null | undefined; title?: string | undefined }) {
  if (value === null || value === undefined) return <Absent />;
  const figure = size(value);
  return <Figure of={figure} title={title ? `${figure.full}: ${title}` : figure.full} />;
}

/** CPU time as the API has it, in microseconds. */
export function Cpu({ time }: { time: { user: number | null; system: number | null } }) {
  const total = cpuMillis(time);
  if (total === null) return <Absent />;
  const part = (us: number | null): string => (us === null ? "not measured" : written(duration(us / 1000)));
  return <Millis value={total} title={`user ${part(time.user)}, system ${part(time.system)}, over all samples`} />;
}

/** The share of runs that ended ok. */
export function Success({ rate }: { rate: { ok: number; total: number; windowDays: number } }) {
  if (rate.total === 0) return <Absent why={`no run in ${rate.windowDays} days`} />;
  return <span title={`${rate.ok} of ${rate.total} runs in ${rate.windowDays} days`}>{percent(rate.ok / rate.total)}</span>;
}
