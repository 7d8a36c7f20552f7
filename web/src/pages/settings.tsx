import { listSettings } from "../api/endpoints";
import type { Setting } from "../api/types";
import { Empty, Failed, Loading } from "../components/states";
import { Choice } from "../components/choice";
import { useTitle } from "../components/title";
import { count } from "../format/figure";
import { useLoaded } from "../live/loaded";
import { me, noAdmin } from "../live/me";
import { param, withParams } from "../router";

type Source = Setting["source"];

const sources: readonly Source[] = ["default", "file", "environment", "flag"];

/** The configuration in force, to be read: it is changed where it comes from. */
export function SettingsPage() {
  return me.value && !noAdmin.value ? <InForce /> : <Withheld />;
}

/** For who may not read them, and until it is known who asks. */
function Withheld() {
  useTitle("Settings");
  return (
    <>
      <h1 tabIndex={-1}>Settings</h1>
      {me.value ? <Empty title="This takes an admin's token."><p>Settings tell where the server's files are and what it may do. {noAdmin.value}.</p></Empty> : <Loading what="who you are" />}
    </>
  );
}

function InForce() {
  const { loaded, reload } = useLoaded("settings", listSettings);
  const { value, failure } = loaded.value;
  const own = value?.filter((s) => s.source !== "default").length ?? 0;
  const title = value ? `Settings: ${own === 0 ? "all as they are by default" : `${own} of ${value.length} are not the default`}` : "Settings";
  useTitle(title);
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      <p class="summary">
        What this server works by, and where each value comes from. A flag has precedence over the environment, that over the file, and the file over the default.
        Nothing is changed here: edit the place that is named and start the server again.
      </p>
      {failure && <Failed failure={failure} retry={reload} />}
      {!value && !failure && <Loading what="the settings" />}
      {value && <Sections list={value} />}
    </>
  );
}

function Sections({ list }: { list: readonly Setting[] }) {
  const from = sources.find((s) => s === param("from")) ?? "";
  const shown = list.filter((s) => from === "" || s.source === from);
  return (
    <section aria-label="Settings">
      <div class="section-head">
        <h2>{count(shown.length, "setting")}</h2>
        <div class="filters"><Choice label="From" param="from" unset="anywhere" value={from} options={sources.map((s) => ({ value: s, name: s }))} /></div>
      </div>
      {shown.length === 0 && <Empty title={`None comes from ${from === "default" ? "a default" : `the ${from}`}.`}><p><a href={withParams({ from: "" })}>Show all</a></p></Empty>}
      {bySection(shown).map(([section, members]) => <Section key={section} name={section} list={members} />)}
    </section>
  );
}

/** "limits.memory" is memory of limits. */
function bySection(list: readonly Setting[]): [string, Setting[]][] {
  const groups = new Map<string, Setting[]>();
  for (const s of list) {
    const section = s.key.replace(/\.?[^.]*$/, "");
    groups.set(section, [...(groups.get(section) ?? []), s]);
  }
  return [...groups];
}

function Section({ name, list }: { name: string; list: readonly Setting[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Settings of ${name || "the top"}`}>
      <table class="plain-table settings">
        <caption>{name ? <code>[{name}]</code> : "Tables of the file"}</caption>
        <thead class="unseen"><tr><th scope="col">Name</th><th scope="col">Value</th><th scope="col">From</th></tr></thead>
        <tbody>{list.map((s) => <Line key={s.key} setting={s} />)}</tbody>
      </table>
    </div>
  );
}

function Line({ setting: s }: { setting: Setting }) {
  return (
    <tr>
      <th scope="row"><code title={s.key}>{s.key.replace(/^.*\./, "")}</code></th>
      <td>{s.value === null ? <span class="grey">not set</span> : <code>{s.value}</code>}</td>
      <td>{s.source === "default" ? <span class="grey">default</span> : <><strong>{s.source}</strong> <span class="grey">{s.place}</span></>}</td>
    </tr>
  );
}
