import type { Plan, Revision, Run } from "../api/types";
import { Panel } from "../components/states";
import { chosenDuration, count, written } from "../format/figure";
import type { Loaded } from "../live/loaded";
import { commandLine } from "../text/shell";
import { visible } from "../text/visible";
import { isLong } from "../words/name";
import { Fact } from "./evidence";

/** What was run, with everything decided. Its texts are made visible here: see getPlan. */
export function DefinitionPanel({ run, plan }: { run: Run; plan: Loaded<Plan> }) {
  const p = plan.value;
  return (
    <Panel title="Definition" beside={run.trusted ? `${run.kind}, trusted` : `${run.kind}, untrusted`}>
      {plan.failure && <p class="under">{plan.failure.message}</p>}
      {p && (
        <>
          {p.command && p.command.length > 0 && <pre class="command" tabIndex={0}>{visible(commandLine(p.command))}</pre>}
          <dl class="facts">
            {isLong(run.benchmark) && <Fact name="name">{run.benchmark}</Fact>}
            {p.builtin && <Fact name="function"><code>{p.builtin}</code></Fact>}
            <Fact name="iterations">{iterations(p)}</Fact>
            {p.timeout !== undefined && <Fact name="timeout">{`${ms(p.timeout)}${p.grace ? `, then ${ms(p.grace)} of grace` : ""}`}</Fact>}
            {p.budget ? <Fact name="budget">{ms(p.budget)}</Fact> : null}
            {p.image && <Fact name="image"><code>{visible(p.image)}</code></Fact>}
            {p.dir && <Fact name="folder"><code>{visible(p.dir)}</code></Fact>}
            {p.files && p.files.length > 0 && <Fact name="files">{visible(p.files.map((f) => f.path).join(", "))}</Fact>}
            {p.source && <Fact name="files, as a tar"><code title="SHA-256">{p.source}</code></Fact>}
            {p.stdinLines ? <Fact name="standard input">{count(p.stdinLines, "generated line")}</Fact> : null}
            {p.stdin ? <Fact name="standard input">{count(p.stdin.length, "character")}</Fact> : null}
            {p.env && Object.keys(p.env).length > 0 && <Fact name="environment"><code>{visible(environment(p.env))}</code></Fact>}
            {run.revision && <Fact name="revision"><code>{visible(revision(run.revision))}</code></Fact>}
            <Fact name="hash"><code title="Two runs with the same hash ran the same thing">{run.definition}</code></Fact>
          </dl>
        </>
      )}
    </Panel>
  );
}

const revision = (r: Revision): string =>
  [r.commit.slice(0, 12), r.branch ?? "", ...(r.tags ?? []), r.dirty ? "with changes that are not committed" : ""].filter(Boolean).join(", ");

const ms = (value: number): string => written(chosenDuration(value));

function iterations(p: Plan): string {
  const warmup = p.warmup === undefined ? "" : p.warmup === 0 ? ", no warm-up" : `, ${count(p.warmup, "warm-up")}`;
  return (p.iterations ? String(p.iterations) : "as many as give a good picture") + warmup;
}

function environment(env: Record<string, string>): string {
  return Object.entries(env).map(([key, value]) => `${key}=${value}`).join(" ");
}
