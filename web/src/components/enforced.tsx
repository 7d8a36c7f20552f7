import type { Capability } from "../api/types";
import { limitName } from "../words/limit";

/** What a backend enforces and measures here, by which mechanism, and what mends the rest. */
export function Enforced({ backend }: { backend: Capability }) {
  return (
    <table class="facts stacked">
      <caption class="unseen">What is enforced and measured</caption>
      <thead class="unseen"><tr><th scope="col">What</th><th scope="col">By, or what mends it</th></tr></thead>
      <tbody>
        {backend.details.map((d, i) => (
          <tr key={i}>
            <th scope="row">{limitName(d.name)}</th>
            <td>{d.available ? <span class="by">{d.mechanism}</span> : <><span class="pill unsure">not here</span> {d.remedy}</>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
