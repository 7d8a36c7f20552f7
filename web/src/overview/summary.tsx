// The sentence at the top of the overview. Its counts are links that narrow
// the table to what they count.
import type { ComponentChildren } from "preact";
import type { Row } from "../api/types";
import { count, percent } from "../format/figure";
import { queued, running } from "../live/active";
import { capabilities } from "../live/capabilities";
import { progress } from "../live/events";
import { withParams } from "../router";
import { runHref } from "../routes";
import { progressWords } from "../words/headline";
import { shortName } from "../words/name";
import { standingOf } from "../words/verdict";
import type { Standing } from "../words/verdict";

const words: readonly (readonly [Standing, string])[] = [
  ["fast", "fast"], ["slow", "slow"], ["unsure", "unsure"], ["failed", "failed"], ["ok", "ok without a target"], ["never", "not run yet"],
];

export function Summary({ list }: { list: readonly Row[] }) {
  const machine = capabilities.value.value?.machine;
  return (
    <p class="summary">
      {count(list.length, "benchmark")}
      {machine && <> on <strong>{machine.hostname}</strong>, {count(machine.cores, "core")}</>}. <Standings list={list} /><SuccessRate list={list} />{" "}
      <Now />
    </p>
  );
}

function Standings({ list }: { list: readonly Row[] }) {
  const counts = words.map(([standing, word]) => [standing, word, list.filter((b) => standingOf(b) === standing).length] as const);
  if (list.every((b) => !b.latest)) return <>None has run yet. </>;
  // Fast, slow and unsure are told also where they are none: that is news too.
  const told = counts.filter(([standing, , n]) => n > 0 || ["fast", "slow", "unsure"].includes(standing));
  const parts: ComponentChildren[] = told.flatMap(([standing, word, n], i) => {
    const text = `${n} ${word}`;
    return [i > 0 ? ", " : "", n > 0 ? <a key={standing} class="count-link" href={withParams({ show: standing })}>{text}</a> : text];
  });
  return <>{parts}. </>;
}

function SuccessRate({ list }: { list: readonly Row[] }) {
  const ok = list.reduce((sum, b) => sum + b.successRate.ok, 0);
  const total = list.reduce((sum, b) => sum + b.successRate.total, 0);
  const days = list[0]?.successRate.windowDays;
  if (total === 0 || days === undefined) return null;
  return <span title={`${ok} of ${total} runs ended ok`}>{`Success rate ${percent(ok / total)} over ${days} days.`}</span>;
}

/** What is under way, while something is. */
function Now() {
  const [run] = running.value;
  const waiting = queued.value.length;
  if (!run && waiting === 0) return null;
  return (
    <span class="now">
      {run && <>Running <a href={runHref(run.id)}>{shortName(run.benchmark)}</a>, {progressWords(progress.value.get(run.id))}. </>}
      {waiting > 0 && `${waiting} queued.`}
    </span>
  );
}
