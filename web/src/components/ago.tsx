import { absolute, ago, agoShort } from "../format/ago";
import { now } from "../live/clock";

/** When something was, relative to now; the title has date and time. */
export function Ago({ at, long = false }: { at: string; long?: boolean }) {
  const text = long ? ago(at, now.value) : agoShort(at, now.value);
  return <time dateTime={at} title={absolute(at)}>{text}</time>;
}
