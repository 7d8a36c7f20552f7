import { useEffect, useRef, useState } from "preact/hooks";
import { answerAlert } from "../api/endpoints";
import type { Alert, AlertAnswer, AlertState } from "../api/types";
import { Act } from "../components/act";
import { Ago } from "../components/ago";
import { bySlug } from "../live/benchmarks";
import { putAlert } from "../live/alerts";
import { noAdmin } from "../live/me";
import { attempt, spoken } from "../live/notices";
import { benchmarkHref, machineHref, runHref, sidesHref } from "../routes";
import { alertPlace, alertStateWords, alertTitle, ofMachine } from "../words/alert";
import { shortName } from "../words/name";

/** One alert: what happened, what it stands on, and what there is to say of it. */
export function AlertCard({ alert: a }: { alert: Alert }) {
  const [word, meaning] = alertStateWords[a.state];
  const [busy, setBusy] = useState(false);
  const say = async (answer: AlertAnswer): Promise<void> => {
    setBusy(true);
    const done = await attempt("It was not saved", () => answerAlert(a.id, answer));
    setBusy(false);
    if (!done) return;
    spoken.value = answer.state ? `It is ${answer.state}` : "The note is saved";
    putAlert(done);
  };
  return (
    <li class="panel alert" data-row={a.id}>
      <div class="alert-head">
        <h2><a href={headHref(a)}>{alertTitle(a, shortName(bySlug.value.get(a.benchmark)?.name ?? a.benchmark))}</a></h2>
        <span class={`pill ${a.state === "confirmed" ? (a.change > 0 ? "bad" : "good") : "quiet"}`} title={meaning}>{word}</span>
      </div>
      <p class="grey">{[alertPlace(a), `on machine ${a.machine.slice(0, 12)}`].filter(Boolean).join(", ")}, <Ago at={a.createdAt} long />: {meaning}.</p>
      <Links alert={a} />
      {a.note && <p class="note-text">{a.note}</p>}
      <Answers alert={a} busy={busy} say={(answer) => void say(answer)} />
    </li>
  );
}

const headHref = (a: Alert): string => (ofMachine(a) ? machineHref : benchmarkHref(a.benchmark));

function Links({ alert: a }: { alert: Alert }) {
  return (
    <p class="alert-links">
      <a href={runHref(a.run)}>The run that was out</a>
      {a.confirmedBy && <a href={runHref(a.confirmedBy)}>{a.state === "new" ? "The run that is to confirm it" : "The run that confirmed it"}</a>}
      {a.confirmedBy && a.state !== "new" && <a href={sidesHref(`run:${a.run}`, `run:${a.confirmedBy}`)}>Compare both</a>}
    </p>
  );
}

// What may be said in each state, the usual answer first.
const answers: Record<AlertState, readonly (readonly [Exclude<AlertState, "new">, string, string])[]> = {
  new: [],
  confirmed: [["accepted", "Accept the new level", "The band begins anew with it"], ["muted", "Mute", "Known: silent until the next change"]],
  accepted: [["confirmed", "Open again", "The band is as it was before"]],
  muted: [["accepted", "Accept the new level", "The band begins anew with it"], ["confirmed", "Open again", "It stands among those to look at"]],
};

interface Saying {
  alert: Alert;
  busy: boolean;
  say: (answer: AlertAnswer) => void;
}

const mostNote = 2_000; // characters

/** What there is to say: an answer, and a note beside it. */
function Answers({ alert: a, busy, say }: Saying) {
  const [text, setText] = useState<string | null>(null);
  if (text !== null) return <NoteField text={text} busy={busy} onText={setText} onSave={() => { say({ note: text }); setText(null); }} />;
  return (
    <div class="actions">
      {answers[a.state].map(([state, name, title]) => <Act key={state} disabled={busy} title={title} hindered={noAdmin.value} onAct={() => say({ state })}>{name}</Act>)}
      <Act hindered={noAdmin.value} onAct={() => setText(a.note)}>{a.note ? "Change the note" : "Write a note"}</Act>
    </div>
  );
}

function NoteField({ text, busy, onText, onSave }: { text: string; busy: boolean; onText: (text: string | null) => void; onSave: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <form onSubmit={(e) => { e.preventDefault(); onSave(); }}>
      <textarea ref={field} aria-label="Note" rows={2} maxLength={mostNote} value={text} onInput={(e) => onText(e.currentTarget.value)} />
      <div class="actions">
        <button type="submit" class="primary" disabled={busy}>Save the note</button>
        <button type="button" onClick={() => onText(null)}>Leave it as it was</button>
      </div>
    </form>
  );
}
