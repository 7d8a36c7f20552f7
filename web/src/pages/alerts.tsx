import { AlertCard } from "../alerts/card";
import { alertStates } from "../api/types";
import type { Alert } from "../api/types";
import { Choice } from "../components/choice";
import { Empty, Failed, Loading } from "../components/states";
import { useTitle } from "../components/title";
import { count } from "../format/figure";
import { alerts, confirmed, reloadAlerts } from "../live/alerts";
import { param, withParams } from "../router";
import { alertStateWords, ofMachine } from "../words/alert";

/** What left its band, to be looked at, accepted or muted. */
export function AlertsPage() {
  const { value, failure } = alerts.value;
  const open = confirmed.value.length;
  const title = !value ? "Alerts" : open > 0 ? `Alerts: ${open} to look at` : "Alerts: nothing to look at";
  useTitle(title);
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      <p class="summary">A benchmark whose run lies out of the band of those before it is run once more; only if that is out on the same side, somebody is told here. Where most benchmarks of a machine move together, it is one alert about the machine.</p>
      {failure && <Failed failure={failure} retry={reloadAlerts} />}
      {!value && !failure && <Loading what="the alerts" />}
      {value && <List list={value} />}
    </>
  );
}

function List({ list }: { list: readonly Alert[] }) {
  const state = alertStates.find((s) => s === param("state")) ?? "";
  const shown = list.filter((a) => state === "" || a.state === state);
  if (list.length === 0) return <Empty title="No benchmark has left its band."><p>Bands are learned from trusted runs that repeat: the more often a benchmark runs, the smaller a change it can show.</p></Empty>;
  // What is to be looked at comes first, the machine before what it explains.
  const rank = (a: Alert): number => 2 * alertStates.indexOf(a.state === "new" ? "confirmed" : a.state) - Number(ofMachine(a)) + Number(a.state === "new");
  return (
    <section aria-label="Alerts">
      <div class="section-head">
        <h2>{count(shown.length, "alert")} <span class="beside">to look at first, then the newest</span></h2>
        <div class="filters">
          <Choice label="State" param="state" unset="any" value={state} options={alertStates.map((s) => ({ value: s, name: alertStateWords[s][0] }))} />
        </div>
      </div>
      {shown.length === 0 && <Empty title={`None is ${state}.`}><p><a href={withParams({ state: "" })}>Show all</a></p></Empty>}
      <ul class="alerts">{[...shown].sort((a, b) => rank(a) - rank(b)).map((a) => <AlertCard key={a.id} alert={a} />)}</ul>
    </section>
  );
}
