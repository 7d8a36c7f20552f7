// Numbers for people: three significant digits and a unit that suits, with the
// whole value beside it for those who want it.

export interface Figure {
  text: string;
  unit: string;
  full: string; // every digit, for a title
}

const space = "\u00a0";

/** A figure in one piece: "0.186 ms". */
export function written(f: Figure): string {
  return f.unit ? `${f.text}${space}${f.unit}` : f.text;
}

/** Three significant digits without an exponent; integers from 100 on. */
export function digits(value: number): string {
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(3));
  if (Math.abs(rounded) >= 100) return grouped(Math.round(value));
  const decimals = 2 - Math.floor(Math.log10(Math.abs(rounded)));
  return rounded.toFixed(Math.min(decimals, 12));
}

/** A number in groups of three: "200,000". By hand, because a table has hundreds and toLocaleString is slow. */
export function grouped(n: number, decimals = 0): string {
  const [whole = "", part] = n.toFixed(decimals).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return part ? `${text}.${part}` : text;
}

interface Unit {
  unit: string;
  size: number; // in the base unit
  below: number; // used for values under this, in the base unit
}

function pick(value: number, units: readonly Unit[]): Unit {
  const shown = Math.abs(Number(value.toPrecision(3)));
  return units.find((u) => shown < u.below) ?? (units[units.length - 1] as Unit);
}

// The border to microseconds is low: 0.186 ms is read as quickly as 186 µs, and
// a column in one unit is compared at a glance.
const times: readonly Unit[] = [
  { unit: "ns", size: 1e-6, below: 1e-3 },
  { unit: "µs", size: 1e-3, below: 1e-1 },
  { unit: "ms", size: 1, below: 1e3 },
  { unit: "s", size: 1e3, below: 120e3 },
  { unit: "min", size: 60e3, below: 7200e3 },
  { unit: "h", size: 3600e3, below: Infinity },
];

/** A time in milliseconds. */
export function duration(ms: number): Figure {
  const full = `${ms}${space}ms`;
  if (ms === 0) return { text: "0", unit: "ms", full };
  const { unit, size } = pick(ms, times);
  return { text: digits(ms / size), unit, full };
}

/** A time that somebody chose: without the zeros that a measured one has. */
export function chosenDuration(ms: number): Figure {
  const measured = duration(ms);
  return { ...measured, text: measured.text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "") };
}

/** The unit that suits a time, and its size in ms: for an axis. */
export function timeUnit(ms: number): { unit: string; size: number } {
  return pick(ms, times);
}

const sizes: readonly Unit[] = [
  { unit: "B", size: 1, below: 1e3 },
  { unit: "kB", size: 1e3, below: 1e6 },
  { unit: "MB", size: 1e6, below: 1e9 },
  { unit: "GB", size: 1e9, below: Infinity },
];

/** The unit that suits a size, and how many bytes it has: for an axis. */
export function sizeUnit(bytes: number): { unit: string; size: number } {
  return pick(bytes, sizes);
}

/** A measured size in bytes. */
export function size(bytes: number): Figure {
  const { unit, size: factor } = pick(bytes, sizes);
  const text = factor === 1 ? String(bytes) : digits(bytes / factor);
  return { text, unit, full: `${grouped(bytes)}${space}bytes` };
}

/** A size that somebody chose: in powers of 1024 where it is one's multiple. */
export function chosenSize(bytes: number): Figure {
  for (const [unit, factor] of [["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 2 ** 10]] as const) {
    if (bytes >= factor && bytes % factor === 0) {
      return { text: grouped(bytes / factor), unit, full: `${grouped(bytes)}${space}bytes` };
    }
  }
  return size(bytes);
}

/** A share as percent: one decimal under ten, and never rounded up to 100. */
export function percent(share: number): string {
  const p = share * 100;
  const whole = Math.abs(p) >= 10 || Number.isInteger(p);
  const text = whole && !(p > 99 && p < 100) ? p.toFixed(0) : (Math.floor(p * 10) / 10).toFixed(1);
  return `${text}${space}%`;
}

/** "1 sample", "22 samples". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${grouped(n)}${space}${n === 1 ? one : many}`;
}
