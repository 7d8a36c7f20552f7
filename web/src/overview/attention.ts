// What needs somebody's attention: what failed, what is slow, what is undecided.
import type { Alert, Line, Row, Run } from "../api/types";
import { written } from "../format/figure";
import { runHref, alertsHref } from "../routes";
import { ofMachine, signed } from "../words/alert";
import { againstTarget, headline, undecided } from "../words/headline";
import { shortName } from "../words/name";
import { ratedOf, ratedWords, targetFigure } from "../words/target";
import { standingOf, verdictWords } from "../words/verdict";

export interface Concern {
  key: string;
  title: string;
  figure: string;
  beside: string; // smaller, next to the figure
  sentence: string;
  href: string;
  link: string; // what is there
}

const order = ["failed", "slow", "unsure"];

/** What changed: alerts that were confirmed, the machine's own first. */
export function changes(alerts: readonly Alert[], list: readonly Row[]): Concern[] {
  const name = (slug: string): string => shortName(list.find((b) => b.slug === slug)?.name ?? slug);
  const first = [...alerts].sort((a, b) => Number(ofMachine(b)) - Number(ofMachine(a)) || Math.abs(b.change) - Math.abs(a.change));
  return first.map((a) => ({
    key: a.id,
    title: ofMachine(a) ? "The machine changed" : `${name(a.benchmark)} became ${a.change > 0 ? "slower" : "faster"}`,
    figure: signed(a.change),
    beside: ofMachine(a) ? "most benchmarks" : a.isolation,
    sentence: a.note || "Confirmed by a second run",
    href: alertsHref,
    link: "Show the alert",
  }));
}

/** The concerns of a list, gravest first. What somebody cancelled is none. */
export function concerns(list: readonly Row[]): Concern[] {
  const found = list.flatMap((b) => {
    const standing = standingOf(b);
    const run = b.latest;
    return run && order.includes(standing) && run.verdict !== "cancelled" ? [{ standing, run, concern: concern(b, run) }] : [];
  });
  const excess = ({ run }: { run: Line }): number => (ratedOf(run)?.value ?? 0) / (run.target ?? Infinity);
  found.sort((a, b) => order.indexOf(a.standing) - order.indexOf(b.standing) || excess(b) - excess(a));
  return found.map((f) => f.concern);
}

function concern(benchmark: Row, run: Line): Concern {
  const of = { ...benchmark, name: shortName(benchmark.name) };
  const place = { key: benchmark.slug, href: runHref(run.id), link: `Show the run of ${benchmark.name}` };
  return { ...place, ...(benchmark.ended ? ended(of, benchmark.ended) : rated(of, run)) };
}

type Words = Omit<Concern, "key" | "href" | "link">;

function rated({ name }: Row, run: Line): Words {
  const [found, { target, targetOn }] = [ratedOf(run), run];
  const figure = found ? ratedWords(targetOn, found.value) : "";
  const beside = target === null ? "" : `of ${written(targetFigure(targetOn, target))}`;
  if (run.rating === "slow" && found && target !== null) {
    return { title: `${name} is ${targetOn === "memory" ? "over its memory" : "slow"}`, figure, beside, sentence: againstTarget(found.value, target) };
  }
  return { title: `${name} is undecided`, figure, beside, sentence: undecided(run) };
}

/** Out of its headline: "Stopped: timeout after 300 ms; SIGTERM ended it". */
function ended({ name, timeout }: Row, run: Run): Words {
  const said = headline(run, undefined, timeout);
  const [verb = "", rest = ""] = said.split(/: (.*)/s);
  const [figure = "", ...sentence] = rest.split(/[;,] /);
  const [word] = run.verdict ? verdictWords[run.verdict] : [said];
  const title = `${name} ${verb.charAt(0).toLowerCase()}${verb.slice(1)}`;
  return { title: verb === "Stopped" ? `${name} was stopped` : title, figure: figure || word, beside: "", sentence: sentence.join(", ") || reason(run) };
}

const sequence = /\^\[\[[\d;]*[A-Za-z]/g; // as it was made visible

/** What the server says of it, else the last thing that the program said. */
function reason(run: Run): string {
  const last = run.stderr.tail.replace(sequence, "").trim().split("\n").pop() ?? "";
  return (run.error ?? last).replace(/\.$/, "").slice(0, 200);
}
