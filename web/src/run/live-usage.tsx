// What a run uses while it goes on: two small charts that say in words what they
// show.
import type { Usage } from "../api/types";
import { Panel } from "../components/states";
import { digits, duration, size, written } from "../format/figure";

const width = 480;
const height = 44;
const inset = 2;

export function LiveUsage({ points }: { points: readonly Usage[] }) {
  const last = points[points.length - 1];
  if (!last) return null;
  if (last.cpu === null && last.memory === null) {
    return <Panel title="In use now"><p class="under">Nothing can be read of it while it runs: it has no control group here.</p></Panel>;
  }
  const span = written(duration(last.at - (points[0] as Usage).at));
  return (
    <Panel title="In use now" beside={`the last ${span}`}>
      <Line name="CPU" points={points} pick={(p) => p.cpu} words={(v) => `${digits(v)}\u00a0processors`} />
      <Line name="Memory" points={points} pick={(p) => p.memory} words={(v) => written(size(v))} />
    </Panel>
  );
}

interface Drawn {
  name: string;
  points: readonly Usage[];
  pick: (p: Usage) => number | null;
  words: (value: number) => string;
}

function Line({ name, points, pick, words }: Drawn) {
  const values = points.flatMap((p) => (pick(p) === null ? [] : [[p.at, pick(p) as number] as const]));
  const last = values[values.length - 1];
  if (!last) return null;
  const [from, until] = [(points[0] as Usage).at, (points[points.length - 1] as Usage).at];
  const most = Math.max(...values.map(([, v]) => v));
  const x = (at: number): number => (until === from ? width : ((at - from) / (until - from)) * width);
  const y = (v: number): number => height - inset - (most === 0 ? 0 : (v / most) * (height - 2 * inset));
  const text = `${name}: ${words(last[1])} now, ${words(most)} at most`;
  return (
    <figure class="in-use">
      <figcaption>{name} <strong>{words(last[1])}</strong> <span class="beside">at most {words(most)}</span></figcaption>
      <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={text}>
        <polyline points={values.map(([at, v]) => `${x(at).toFixed(1)},${y(v).toFixed(1)}`).join(" ")} />
      </svg>
    </figure>
  );
}
