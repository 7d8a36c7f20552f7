// What a benchmark runs, and what it ran before: each edit begins a history of its own.
import { getPlan } from "../api/endpoints";
import type { BenchmarkView, Run, Series } from "../api/types";
import { Ago } from "../components/ago";
import { Panel } from "../components/states";
import { count } from "../format/figure";
import { useLoaded } from "../live/loaded";
import { param, withParams } from "../router";
import { DefinitionPanel } from "../run/definition";

export function Definitions({ benchmark: b, choices }: { benchmark: BenchmarkView; choices: readonly Series[] }) {
  return (
    <div class="halves">
      {b.latest && <Latest key={b.latest.id} run={b.latest} />}
      {choices.length > 0 && <Past choices={choices} now={b.latest?.definition ?? ""} />}
    </div>
  );
}

function Latest({ run }: { run: Run }) {
  const plan = useLoaded(`plan ${run.id}`, (signal) => getPlan(run.id, signal)).loaded.value;
  return <DefinitionPanel run={run} plan={plan} />;
}

interface Past {
  definition: string;
  points: number;
  first: string;
  last: string;
}

/** The definitions, whatever machine and isolation they ran under, newest first. */
export function pastOf(choices: readonly Series[]): Past[] {
  const found = new Map<string, Past>();
  for (const { definition, points, first, last } of choices) {
    const before = found.get(definition);
    found.set(definition, before ? { definition, points: before.points + points, first: first < before.first ? first : before.first, last: last > before.last ? last : before.last } : { definition, points, first, last });
  }
  return [...found.values()].sort((a, b) => (a.last < b.last ? 1 : -1));
}

function Past({ choices, now }: { choices: readonly Series[]; now: string }) {
  const past = pastOf(choices);
  const shown = param("definition") || now;
  return (
    <Panel title="Definitions" beside={past.length === 1 ? "it was never changed" : `changed ${count(past.length - 1, "time")}`}>
      <table class="facts past">
        <thead><tr><th scope="col">Hash</th><th scope="col" class="num">Runs</th><th scope="col" class="num">First</th><th scope="col" class="num">Last</th></tr></thead>
        <tbody>
          {past.map((d) => (
            <tr key={d.definition}>
              <th scope="row"><a href={withParams({ definition: d.definition === now ? "" : d.definition })} aria-current={d.definition === shown ? "true" : undefined}><code>{d.definition.slice(0, 12)}</code></a>{d.definition === now && <span class="grey"> of the latest run</span>}{d.definition === shown && <span class="grey">, shown above</span>}</th>
              <td class="num">{d.points}</td>
              <td class="num"><Ago at={d.first} /></td>
              <td class="num"><Ago at={d.last} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="under">Runs of two definitions are two histories: another program, input or limit is no trend. How often it runs, and its target, are no part of it.</p>
    </Panel>
  );
}
