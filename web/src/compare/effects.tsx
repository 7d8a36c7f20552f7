// All results in one table, each effect with its interval on a scale that they share.
import type { Compared, Comparison } from "../api/types";
import { Absent, Millis } from "../components/figure";
import { Name } from "../components/name";
import { percent } from "../format/figure";
import { benchmarkHref, runHref } from "../routes";
import { signed } from "../words/alert";
import { standingOf, standings } from "./words";

export function EffectsTable({ comparison: c }: { comparison: Comparison }) {
  const most = scaleOf(c.results, c.criteria.effect);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="B against A">
      <table class="plain-table effects">
        <thead>
          <tr>
            <th scope="col">Benchmark</th>
            <th scope="col" class="num">A</th>
            <th scope="col" class="num">B</th>
            <th scope="col" class="drawn" title="Left of the line B is faster. Grey: too small to count">{`B against A, from −${percent(most)} to +${percent(most)}`}</th>
            <th scope="col" class="num">Effect</th>
            <th scope="col">Verdict</th>
            <th scope="col" class="num" title="That a difference as clear comes by chance, adjusted for so many results">p</th>
            <th scope="col" class="num" title="Spread of a sample, as a share of its median">Noise</th>
            <th scope="col" class="num" title="Least effect that so many samples show in four comparisons of five">Detectable</th>
          </tr>
        </thead>
        <tbody>{c.results.map((r) => <Line key={r.a.run} result={r} most={most} small={c.criteria.effect} />)}</tbody>
      </table>
    </div>
  );
}

function Line({ result: r, most, small }: { result: Compared; most: number; small: number }) {
  const [word, tone, meaning] = standings[standingOf(r)];
  return (
    <tr data-row={r.a.run}>
      <th scope="row"><Benchmark of={r.a} />{r.b.benchmark !== r.a.benchmark && <> and <Benchmark of={r.b} /></>}</th>
      <td class="num"><RunMedian of={r.a} /></td>
      <td class="num"><RunMedian of={r.b} /></td>
      <td class="drawn"><EffectBar result={r} most={most} small={small} tone={tone} /></td>
      <td class="num">{r.effect === null ? <Absent why="not to be said" /> : <><span class="figure" title={`${r.effect * 100} %`}>{signed(r.effect)}</span><span class="below">{bounds(r)}</span></>}</td>
      <td><span class={`pill ${tone}`} title={meaning}>{word}</span></td>
      <td class="num">{r.adjusted === null ? <Absent /> : <span title={`${r.adjusted}; alone ${r.p}`}>{chance(r.adjusted)}</span>}</td>
      <td class="num">{r.noise === null ? <Absent /> : percent(r.noise)}</td>
      <td class="num">{r.detectable === null ? <Absent /> : percent(r.detectable)}</td>
    </tr>
  );
}

function Benchmark({ of }: { of: Compared["a"] }) {
  return <a href={benchmarkHref(of.benchmark)}><Name of={of.benchmark} /></a>;
}

function RunMedian({ of }: { of: Compared["a"] }) {
  return <a class="quiet-link" href={runHref(of.run)} title={`${of.n} samples`}><Millis value={of.median} /></a>;
}

const bounds = ({ low, high }: Compared): string => (low === null || high === null ? "too few for bounds" : `${signed(low)} to ${signed(high)}`);

export const chance = (p: number): string => (p < 0.001 ? "< 0.001" : p.toFixed(3));

/** What the bars must hold: the farthest bound, but no interval so wide that the rest is lost beside it. */
export function scaleOf(results: readonly Compared[], small: number): number {
  const ends = results.flatMap((r) => [r.effect, r.low, r.high]).flatMap((v) => (v === null ? [] : [Math.abs(v)]));
  const farthest = Math.min(Math.max(small * 2, ...ends), 4);
  return [0.05, 0.1, 0.2, 0.5, 1, 2, 4].find((step) => step >= farthest) ?? 4;
}

/** An effect and its interval about no change at all; what counts as no change is grey. */
function EffectBar({ result: { effect, low, high }, most, small, tone }: { result: Compared; most: number; small: number; tone: string }) {
  if (effect === null) return <span class="absent">nothing to draw</span>;
  const within = (v: number): number => 50 + (Math.max(-most, Math.min(most, v)) / most) * 49;
  const at = (v: number): string => `${within(v).toFixed(2)}%`;
  const width = (from: number, to: number): string => `${Math.max(0.4, within(to) - within(from)).toFixed(2)}%`;
  return (
    <svg class={`range-bar effect ${tone}`} width="100%" height="22" role="img" aria-label={`${signed(effect)}${low === null || high === null ? "" : `, 95 %: ${signed(low)} to ${signed(high)}`}`}>
      <rect class="small-change" x={at(-small)} y="3" width={width(-small, small)} height="16" />
      <line class="axis" x1="0" x2="100%" y1="11" y2="11" />
      <line class="zero" x1="50%" x2="50%" y1="0" y2="22" />
      {low !== null && high !== null && <rect class="interval" x={at(low)} y="6" width={width(low, high)} height="10" rx="2" />}
      <line class="middle" x1={at(effect)} x2={at(effect)} y1="3" y2="19" />
    </svg>
  );
}
