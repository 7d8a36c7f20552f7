import type { Isolation, Line, Run } from "../api/types";
import { isolationWords, outcomeOf } from "../words/verdict";

/** How a run came out, in a word and a colour. */
export function OutcomePill({ run }: { run: Pick<Run, "state" | "verdict" | "rating"> }) {
  const { word, tone, meaning } = outcomeOf(run);
  return <span class={`pill ${tone}`} title={meaning}>{word}</span>;
}

/** Blue says isolated; without isolation there is no badge, only the word. */
export function IsolationBadge({ run }: { run: Pick<Line, "isolation"> }) {
  const { effective, requested, isolated, fallbackReason } = run.isolation;
  const shown = effective ?? requested;
  return (
    <span class="isolation">
      <Badge isolation={shown} isolated={isolated} pending={effective === null} />
      {fallbackReason && <span class="fell" title={`${requested} was asked for: ${fallbackReason}`}>fell back</span>}
    </span>
  );
}

function Badge({ isolation, isolated, pending }: { isolation: Isolation; isolated: boolean; pending: boolean }) {
  const words = isolationWords[isolation];
  if (!isolated) return <span class="grey" title={pending ? `asked to run ${words.place}` : `not isolated: ran ${words.place}`}>{isolation}</span>;
  return (
    <span class="pill blue" title={`Isolated: ran ${words.place}`}>
      <span class="unseen">isolated: </span>
      {isolation}
    </span>
  );
}
