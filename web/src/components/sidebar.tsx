import { active } from "../live/active";
import { confirmed } from "../live/alerts";
import { capabilities } from "../live/capabilities";
import { dense, setDense } from "../live/density";
import { connection } from "../live/events";
import { logout, me } from "../live/me";
import { url } from "../router";
import { activityHref, alertsHref, compareHref, machineHref, overheadHref, overviewHref, routeOf, settingsHref } from "../routes";
import { helpOpen } from "./help";

export function Sidebar() {
  const route = routeOf(url.value.pathname);
  return (
    <nav class="side" aria-label="Pages"><div class="in-view">
      <a class="brand" href={overviewHref}>benchcell</a>
      <ul>
        <Item href={overviewHref} name="Overview" here={["overview", "benchmark", "run"].includes(route.page)} exact={route.page === "overview"} />
        <Item href={activityHref} name="Activity" here={route.page === "activity"} exact={route.page === "activity"} count={active.value.value?.size ?? 0} counted="queued or running" />
        <Item href={compareHref()} name="Compare" here={["compare", "comparison"].includes(route.page)} exact={route.page === "compare"} />
        <Item href={alertsHref} name="Alerts" here={route.page === "alerts"} exact={route.page === "alerts"} count={confirmed.value.length} counted="to look at" />
        <Item href={overheadHref()} name="Isolation overhead" here={["overhead", "overheads"].includes(route.page)} exact={route.page === "overheads"} />
        <Item href={machineHref} name="Machine" here={route.page === "machine"} exact={route.page === "machine"} />
        <Item href={settingsHref} name="Settings" here={route.page === "settings"} exact={route.page === "settings"} />
      </ul>
      <Foot />
    </div></nav>
  );
}

function Item({ href, name, here, exact, count = 0, counted = "" }: { href: string; name: string; here: boolean; exact: boolean; count?: number; counted?: string }) {
  return (
    <li>
      <a href={href} class={here ? "here" : ""} aria-current={exact ? "page" : here ? "true" : undefined}>
        {name}
        {count > 0 && <span class="count">{count}<span class="unseen"> {counted}</span></span>}
      </a>
    </li>
  );
}

const states = { connecting: "connecting", open: "live", lost: "connection lost" };

function Foot() {
  const known = capabilities.value.value;
  return (
    <div class="foot">
      {known && <span title={`${known.machine.cpu}, ${known.machine.kernel}`}>{`${known.machine.hostname}, ${known.machine.cores} cores`}</span>}
      <span class={`state ${connection.value}`}>{states[connection.value]}</span>
      <Reader />
      <button type="button" class="plain" aria-pressed={dense.value} onClick={() => setDense(!dense.peek())}>{dense.value ? "Dense" : "Airy"} rows <kbd>d</kbd></button>
      <button type="button" class="plain" onClick={() => (helpOpen.value = true)}>Keys <kbd>?</kbd></button>
    </div>
  );
}

/** Who is logged in; nobody where no token is asked for. */
function Reader() {
  const known = me.value;
  if (!known || known.door === "loopback") return null;
  return (
    <span class="reader">
      {known.name}, {known.role}
      {known.door === "session" && <button type="button" class="plain" onClick={() => void logout()}>Log out</button>}
    </span>
  );
}
