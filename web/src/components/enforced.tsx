import type { Capability } from "../api/types";
import { limitName } from "../words/limit";

/** What a backend enforces and measures here, by which mechanism, and what mends the rest. */
export function Enforced({ backend: { details } }: { backend: Capability }) {
  return (
    <table class="facts stacked">
      <caption class="unseen">What is enforced and measured</caption>
      <thead class="unseen"><tr><th scope="col">What</th><th scope="col">By, or what mends it</th></tr></thead>
      <Details what="Enforced" list={details.filter((d) => !d.measured)} />
      <Details what="Measured" list={details.filter((d) => d.measured)} />
    </table>
  );
}

function Details({ what, list }: { what: string; list: Capability["details"] }) {
  if (list.length === 0) return null; // nothing is known of what is not available
  return (
    <tbody>
      <tr class="part"><th scope="rowgroup" colSpan={2}>{what}</th></tr>
      {list.map((d) => (
        <tr key={d.name}>
          <th scope="row">{limitName(d.name)}</th>
          <td>{d.available ? <span class="by">{d.mechanism}</span> : <><span class="pill unsure">not here</span> {d.remedy}</>}</td>
        </tr>
      ))}
    </tbody>
  );
}
