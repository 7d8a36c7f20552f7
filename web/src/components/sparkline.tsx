import { count, duration, written } from "../format/figure";

const width = 100;
const height = 28;
const inset = 3;

interface Props {
  values: readonly number[];
  target: number | null;
  changes: readonly number[]; // values from which on the level is another
  none: string; // what is said where there is no value
}

/** The last medians in order, with the target dashed and changes of the level marked: as internal/svg draws them. */
export function Sparkline({ values, target, changes, none }: Props) {
  const last = values[values.length - 1];
  if (last === undefined) return <span class="absent">{none}</span>;
  const known = target === null ? values : [...values, target];
  const low = Math.min(...known);
  const high = Math.max(...known);
  // A flat line lies in the middle, not on the floor.
  const y = (value: number): number => (high === low ? height / 2 : inset + ((high - value) / (high - low)) * (height - 2 * inset));
  const x = (i: number): number => (values.length === 1 ? width - inset : inset + (i / (values.length - 1)) * (width - 2 * inset));
  const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const range = `from ${written(duration(Math.min(...values)))} to ${written(duration(Math.max(...values)))}`;
  const text = `${count(values.length, "run")}, ${range}, the last ${written(duration(last))}${changes.length > 0 ? ", the level changed" : ""}`;
  return (
    <svg class="spark" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={text}>
      <title>{text}</title>
      {target !== null && <line class="target" x1="0" x2={width} y1={y(target)} y2={y(target)} />}
      {changes.map((i) => <line key={i} class="change" x1={x(i) - 0.5} x2={x(i) - 0.5} y1="0" y2={height} />)}
      <polyline points={points} />
      <circle cx={x(values.length - 1)} cy={y(last)} r="2" />
    </svg>
  );
}
