// Times of the clock, told relative to now.

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

function split(seconds: number): [number, string] {
  if (seconds < minute) return [seconds, "second"];
  if (seconds < hour) return [seconds / minute, "minute"];
  if (seconds < 2 * day) return [seconds / hour, "hour"];
  return [seconds / day, "day"];
}

const short: Record<string, string> = { second: "s", minute: "min", hour: "h", day: "d" };

function since(then: string, now: number): number {
  return Math.max(0, (now - Date.parse(then)) / 1000);
}

/** For a column: "now", "34 s", "2 min", "1 h", "3 d". */
export function agoShort(then: string, now: number): string {
  const seconds = since(then, now);
  if (seconds < 10) return "now";
  const [n, unit] = split(seconds);
  return `${Math.floor(n)}\u00a0${short[unit]}`;
}

/** For a sentence: "just now", "2 minutes ago". */
export function ago(then: string, now: number): string {
  const seconds = since(then, now);
  if (seconds < 10) return "just now";
  const [n, unit] = split(seconds);
  const whole = Math.floor(n);
  return `${whole}\u00a0${unit}${whole === 1 ? "" : "s"} ago`;
}

/** A format of the browser, made when it is first needed: each takes milliseconds. */
function format(options: Intl.DateTimeFormatOptions): (then: string) => string {
  let made: Intl.DateTimeFormat | undefined;
  return (then) => (made ??= new Intl.DateTimeFormat("en-GB", options)).format(new Date(then));
}


/** With date, time and zone, for a title. */
export const absolute = format({ dateStyle: "full", timeStyle: "long" });

/** For a readout: "21 Nov, 23:30". */
export const briefly = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

const clock = format({ hour: "2-digit", minute: "2-digit" });
const clockExact = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const date = format({ day: "numeric", month: "short", year: "numeric" });

/** How moments are told on an axis from one to another: as finely as they are apart. */
export function axisTimes(from: string, to: string): (then: string) => string {
  const span = (Date.parse(to) - Date.parse(from)) / 1000;
  return span < 20 * minute ? clockExact : span < 12 * hour ? clock : span < 60 * day ? briefly : date;
}
