import { useEffect } from "preact/hooks";
import type { Capabilities, Capability } from "../api/types";
import { Enforced } from "../components/enforced";
import { SelfTestPanel } from "../components/self-test";
import { Empty, Failed, Loading, Panel } from "../components/states";
import { useTitle } from "../components/title";
import { count } from "../format/figure";
import { capabilities, reloadCapabilities } from "../live/capabilities";
import { MachineFacts } from "../run/machine";
import { whyMissing } from "../words/hindrance";
import { isolationWords } from "../words/verdict";

/** What this machine can enforce and measure, and what disturbs it. */
export function MachinePage() {
  const { value, failure } = capabilities.value;
  const title = value ? titleOf(value) : "Machine";
  useTitle(title);
  useEffect(reloadCapabilities, []);
  return (
    <>
      <div class="page-head bare">
        <div class="head"><h1 tabIndex={-1}>{title}</h1></div>
        <p class="summary">{value ? `${value.machine.hostname}, benchcell ${value.version}. ${isolationWords[value.default].name} is used where nothing else is asked for.` : ""}</p>
        <div class="actions"><button type="button" data-run="page" onClick={reloadCapabilities}>Look again</button></div>
      </div>
      {failure && <Failed failure={failure} retry={reloadCapabilities} />}
      {!value && !failure && <Loading what="what this machine can do" />}
      {value && <Content report={value} />}
    </>
  );
}

function titleOf({ disturbances }: Capabilities): string {
  const n = disturbances.length;
  return n === 0 ? "Machine: nothing known disturbs measurements" : `Machine: ${count(n, "thing")} ${n === 1 ? "disturbs" : "disturb"} measurements`;
}

function Content({ report }: { report: Capabilities }) {
  return (
    <>
      <Disturbances report={report} />
      <div class="cells">{report.backends.map((b) => <Backend key={b.backend} backend={b} />)}</div>
      <SelfTestPanel />
      <Panel title="Fingerprint" beside="figures are compared within one machine only"><MachineFacts machine={report.machine} /></Panel>
    </>
  );
}

function Disturbances({ report: { disturbances } }: { report: Capabilities }) {
  return (
    <section aria-label="What disturbs measurements">
      <h2>What disturbs measurements <span class="beside">as found now</span></h2>
      {disturbances.length === 0 && <Empty title="Nothing that is looked for was found." />}
      {disturbances.length > 0 && (
        <ul class="lines">
          {disturbances.map((d) => (
            <li key={d.name} class="disturbance">
              <p><strong>{d.name}</strong> <span class="grey">{d.state}</span></p>
              <p>{d.effect}</p>
              <p class="grey">What helps: {d.remedy}.</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Backend({ backend: b }: { backend: Capability }) {
  const lacking = b.details.filter((d) => !d.available).length;
  const beside = !b.available ? "" : lacking > 0 ? `${lacking} of ${b.details.length} not to be had` : "all that it offers is to be had";
  return (
    <Panel title={isolationWords[b.backend].name} beside={beside} actions={<span class={b.available ? "pill good" : "pill bad"}>{b.available ? "available" : "not available"}</span>}>
      <p class="under">{isolationWords[b.backend].meaning}{b.untrusted ? "" : " Not for code that nobody here wrote."}</p>
      {!b.available && <div class="note bad"><p><strong>Not available here:</strong> {whyMissing(b)}</p></div>}
      {b.pool && <p class="under">{`${b.pool.ready} of at most ${b.pool.most} ${b.backend === "process" ? "sandboxes" : "containers"} are started and wait for a run.`}</p>}
      <Enforced backend={b} />
    </Panel>
  );
}
