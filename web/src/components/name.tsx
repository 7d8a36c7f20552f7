import { isLong } from "../words/name";

/** A benchmark's name. A long one takes two lines; the whole of it is its title, and stands in the definition. */
export function Name({ of }: { of: string }) {
  return isLong(of) ? <span class="long-name" title={of}>{of}</span> : <>{of}</>;
}
