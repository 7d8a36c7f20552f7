import type { Moment, Run } from "../api/types";
import { Figure } from "../components/figure";
import { Panel } from "../components/states";
import { duration, grouped } from "../format/figure";
import { eventName } from "../words/limit";

/** What happened when, in milliseconds since the run was queued. */
export function TimelinePanel({ run }: { run: Run }) {
  if (run.timeline.length === 0) return null;
  return (
    <Panel title="Timeline" beside="ms since it was queued">
      <table class="facts timeline">
        <thead class="unseen">
          <tr><th scope="col">Event</th><th scope="col">At</th><th scope="col">After the one before</th></tr>
        </thead>
        <tbody>{run.timeline.map((m, i) => <Line key={i} moment={m} before={run.timeline[i - 1]} />)}</tbody>
      </table>
    </Panel>
  );
}

function Line({ moment, before }: { moment: Moment; before: Moment | undefined }) {
  const forced = moment.event === "sigterm" || moment.event === "sigkill";
  return (
    <tr class={forced ? "forced" : ""}>
      <th scope="row">{eventName(moment.event)}</th>
      <td class="num" title={`${moment.at} ms`}>{offset(moment.at)}</td>
      <td class="num grey">{before && <>+<Figure of={duration(Math.max(0, round(moment.at - before.at)))} /></>}</td>
    </tr>
  );
}

/** All in ms, with the same decimals: a column of offsets is read downwards. */
const offset = (ms: number): string => grouped(ms, 1);

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
