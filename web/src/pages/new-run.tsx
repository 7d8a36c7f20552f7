import { useRef, useState } from "preact/hooks";
import { createRun } from "../api/endpoints";
import { failureOf } from "../api/failure";
import { Empty } from "../components/states";
import { useTitle } from "../components/title";
import { count } from "../format/figure";
import { addActive } from "../live/active";
import { forStrangers } from "../live/capabilities";
import { onlyReads } from "../live/me";
import { applies, definitionOf } from "../new-run/definition";
import type { Draft, Errors, Field as Name, Sampling } from "../new-run/definition";
import { errorsOf } from "../new-run/errors";
import { Field } from "../new-run/field";
import { FileList } from "../new-run/file-list";
import { IsolationOfStrangers } from "../new-run/isolation";
import { Meaning } from "../new-run/meaning";
import { go } from "../router";
import { runHref } from "../routes";
import { split } from "../text/split";
import { visible } from "../text/visible";

const blank: Draft = { texts: {}, sampling: "enough", files: [] };

/** A program of one's own: written here, run once, never trusted. */
export function NewRunPage() {
  return onlyReads.value ? <MayNot why={onlyReads.value} /> : <Form />;
}

function MayNot({ why }: { why: string }) {
  useTitle("New run");
  return <><h1 tabIndex={-1}>New run</h1><Empty title="This takes a runner's token."><p>{why}.</p></Empty></>;
}

function Form() {
  const [draft, setDraft] = useState<Draft>(blank);
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const wrong = Object.keys(errors).length;
  const title = busy ? "New run: sending it" : wrong > 0 ? `New run: ${count(wrong, "thing")} to mend` : "New run";
  useTitle(title);

  const refuse = (found: Errors): void => {
    setErrors(found);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const made = definitionOf(draft);
    if ("errors" in made) return refuse(made.errors);
    setBusy(true);
    try {
      const run = await createRun({ definition: made.definition, isolation: forStrangers.value });
      addActive([run]);
      go(runHref(run.id));
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure) refuse(errorsOf(failure));
      setBusy(false);
    }
  };
  const onInput = (name: Name, value: string): void => setDraft((d) => ({ ...d, texts: { ...d.texts, [name]: value } }));
  const common = (name: Name) => ({ name, value: draft.texts[name], error: errors[name], onInput });
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      <p class="summary">A program of your own, run once. What is left empty is decided by the server's configuration.</p>
      <div class="columns turned">
        <div class="column"><Meaning /></div>
        <form class="column new-run" ref={form} onSubmit={(event) => void send(event)} noValidate>
          {errors.form && <div class="note bad" role="alert"><p><strong>It was not queued.</strong> {errors.form}</p></div>}
          <fieldset>
            <legend>Program</legend>
            <Field {...common("name")} label="Name" wide />
            <Field {...common("command")} label="Command" wide hint={<Arguments line={draft.texts.command ?? ""} />} />
            <FileList files={draft.files} error={errors.files} onChange={(change) => setDraft((d) => ({ ...d, files: change(d.files) }))} />
            <Field {...common("image")} label="Image" wide hint={<p>Of the container. Empty: the server's own.</p>} />
          </fieldset>
          <fieldset>
            <legend>Samples</legend>
            <SamplingChoice value={draft.sampling} onChange={(sampling) => setDraft((d) => ({ ...d, sampling }))} />
            {applies("iterations", draft.sampling) && <Field {...common("iterations")} label="Samples" unit="in all" />}
            {applies("precision", draft.sampling) && <Field {...common("precision")} label="Precision" unit="% of the median" />}
            {applies("max", draft.sampling) && <Field {...common("max")} label="At most" unit="samples" />}
            <Field {...common("warmup")} label="Warm-ups" unit="before" />
            <Field {...common("timeout")} label="Timeout" unit="s, a sample" />
            <Field {...common("target")} label="Target" unit="ms, the median" />
          </fieldset>
          <fieldset>
            <legend>Limits</legend>
            <Field {...common("limits.memory")} label="Memory" unit="MiB" />
            <Field {...common("limits.cpus")} label="CPUs" unit="processors" />
            <Field {...common("limits.cpuTime")} label="CPU time" unit="s" />
            <Field {...common("limits.pids")} label="Processes" unit="and threads" />
            <Field {...common("limits.output")} label="Output" unit="KiB, a stream" />
            <Field {...common("limits.disk")} label="Disk" unit="MiB" />
          </fieldset>
          <IsolationOfStrangers />
          <div class="actions"><button type="submit" class="primary" disabled={busy}>Run</button></div>
        </form>
      </div>
    </>
  );
}

/** The arguments as they will be sent, since no shell sees the line. */
function Arguments({ line }: { line: string }) {
  const found = split(line);
  if ("error" in found) return <p>{found.error}</p>;
  if (found.argv.length === 0) return <p>Quotes keep blanks together. There is no shell: for pipes, run sh -c '…'.</p>;
  return <p class="argv">{found.argv.map((a, i) => <code key={i}>{visible(a) || "(empty)"}</code>)}</p>;
}

const ways: readonly (readonly [Sampling, string])[] = [["enough", "As many as give a good picture"], ["fixed", "A fixed number"], ["precise", "Until the median is precise"]];

function SamplingChoice({ value, onChange }: { value: Sampling; onChange: (s: Sampling) => void }) {
  return (
    <div class="field wide ways" role="radiogroup" aria-label="How many samples">
      {ways.map(([way, name]) => (
        <label key={way}><input type="radio" name="sampling" value={way} checked={value === way} onChange={() => onChange(way)} /> {name}</label>
      ))}
    </div>
  );
}
