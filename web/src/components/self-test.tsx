import { getSelfTest } from "../api/endpoints";
import type { SelfTestCase } from "../api/types";
import { Ago } from "./ago";
import { Empty, Failed, Loading, Panel } from "./states";
import { useLoaded } from "../live/loaded";

/** What the shipped hostile programs met on this machine, when they were last run. */
export function SelfTestPanel() {
  const { loaded, reload } = useLoaded("selftest", getSelfTest);
  const { value, failure } = loaded.value;
  const failed = value?.cases.filter((c) => c.result === "fail") ?? [];
  return (
    <Panel title="Self-test" beside={value?.finishedAt && <>hostile programs, <Ago at={value.finishedAt} long /></>}
      actions={value?.finishedAt && <span class={failed.length > 0 ? "pill bad" : "pill good"}>{failed.length > 0 ? `${failed.length} got through` : "all held"}</span>}>
      {failure && <Failed failure={failure} retry={reload} />}
      {!value && !failure && <Loading what="the last self-test" />}
      {value && !value.finishedAt && <Empty title="None was run yet."><p>Run <code>orchestrator doctor --selftest</code> on this machine.</p></Empty>}
      {value?.finishedAt && <Boundaries cases={value.cases} />}
      {failed.length > 0 && <Failures cases={failed} />}
    </Panel>
  );
}

/** How many cases each boundary has passed. */
function Boundaries({ cases }: { cases: SelfTestCase[] }) {
  const names = [...new Set(cases.map((c) => c.backend))];
  const counted = (name: string, result: SelfTestCase["result"]): number => cases.filter((c) => c.backend === name && c.result === result).length;
  return (
    <table class="facts past">
      <thead><tr><th scope="col">Boundary</th><th scope="col" class="num">Passed</th><th scope="col" class="num">Failed</th><th scope="col" class="num" title="The boundary promises nothing of that kind">Not applicable</th></tr></thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {(["pass", "fail", "n/a"] as const).map((result) => <td key={result} class="num">{counted(name, result)}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Failures({ cases }: { cases: SelfTestCase[] }) {
  return (
    <ul class="lines got-through" aria-label="What got through">
      {cases.map((c) => <li key={c.backend + c.case}><span><strong>{c.case}</strong> at {c.backend}: {c.reason}</span></li>)}
    </ul>
  );
}
