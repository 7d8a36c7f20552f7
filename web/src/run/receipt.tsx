import type { Receipt, Run } from "../api/types";
import { Figure } from "../components/figure";
import { Panel } from "../components/states";
import { written } from "../format/figure";
import { limitName, limitValue } from "../words/limit";

/** Each limit with what holds, as read back, and by what means. */
export function ReceiptPanel({ run }: { run: Run }) {
  const lines = run.isolation.receipt;
  if (lines.length === 0) return null;
  const open = lines.filter(notEnforced).length;
  return (
    <Panel title="What was enforced" beside={open > 0 ? `${open} of ${lines.length} not` : "as read back"}>
      <table class="facts receipt">
        <thead class="unseen">
          <tr><th scope="col">Limit</th><th scope="col">In force</th><th scope="col">By</th></tr>
        </thead>
        <tbody>{lines.map((line) => <Line key={line.limit} line={line} />)}</tbody>
      </table>
    </Panel>
  );
}

function notEnforced(line: Receipt): boolean {
  return line.effective === null && line.requested !== null && !switchedOff(line);
}

/** Nothing was asked for, and that is as it was to be: no sandbox for the operator's own code. */
function switchedOff(line: Receipt): boolean {
  return line.requested === "off";
}

function Line({ line }: { line: Receipt }) {
  return (
    <tr>
      <th scope="row">{limitName(line.limit)}</th>
      <td class="num"><InForce line={line} /></td>
      <td class="by">{line.mechanism || (switchedOff(line) ? "as configured" : "")}</td>
    </tr>
  );
}

function InForce({ line }: { line: Receipt }) {
  const asked = limitValue(line.limit, line.requested);
  if (notEnforced(line)) return <span class="pill unsure" title={`asked for: ${asked.full}`}>not enforced</span>;
  if (line.effective === null) return <span class="grey">{switchedOff(line) ? "off" : "none"}</span>;
  const effective = limitValue(line.limit, line.effective);
  // Words differ where one is the answer to the other; numbers should not.
  const differs = typeof line.requested === "number" && line.requested !== line.effective;
  return (
    <>
      <Figure of={effective} title={line.requested === null ? effective.full : `${effective.full}; asked for: ${asked.full}`} />
      {differs && <span class="grey"> of {written(asked)}</span>}
    </>
  );
}
