// Measures how the pages load: requests, bytes over the wire, first paint, when
// they can be used, long tasks. Of a store with a few benchmarks and of one with
// hundreds, which bench/seed fills:
//
//   npm run figures                 a table of all pages, then what is held against a goal
//   npm run figures -- --rounds 9   times are the medians of so many loads, 3 if not stated
//   npm run figures -- --json       what is held against a goal, for 'go run ./bench'
//
// Each load begins with an empty cache. It ends with 1 only if bytes are over
// their budget: times are the machine's.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { launch, needsBrowser } from "../test/e2e/lib/browser.mjs";
import { serve } from "../test/e2e/lib/server.mjs";
import { loadFigures, median } from "./load.mjs";
import { meets, printFigures } from "./table.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "3" }, json: { type: "boolean", default: false } } });
const rounds = Number(options.rounds);

const mostBytes = 100; // kB of a first load, the page with its scripts and styles
const mostUntilUsable = 1_000; // ms, of the overview with hundreds of benchmarks
const longestTask = 100; // ms

const stores = { few: { benchmarks: 12, runs: 600 }, many: { benchmarks: 500, runs: 20_000 } };

async function filled(folder, { benchmarks, runs }) {
  execFileSync("go", ["run", "./bench/seed", "--dir", folder, "--benchmarks", benchmarks, "--runs", runs], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  return serve({ folder, config: readFileSync(join(folder, "config.toml"), "utf8") });
}

/** The pages by name, about the first benchmark where they are about one. */
async function pagesOf(api) {
  const { benchmarks } = await api.get("/benchmarks");
  const { slug } = benchmarks[0];
  const { runs } = await api.get(`/runs?benchmark=${slug}&verdict=ok&limit=2`);
  return {
    overview: "/", benchmark: `/benchmarks/${slug}`, run: `/runs/${runs[0].id}`, activity: "/runs", compare: `/compare?a=run:${runs[1].id}&b=run:${runs[0].id}`,
    "isolation overhead": "/overhead", alerts: "/alerts", machine: "/machine", settings: "/settings", "new run": "/new",
  };
}

async function measure(browser, server) {
  const found = {};
  for (const [name, path] of Object.entries(await pagesOf(server.api))) {
    const loads = [];
    for (let i = 0; i < rounds; i++) loads.push(await loadFigures(browser, server.url + path));
    const keys = Object.keys(loads[0]);
    found[name] = Object.fromEntries(keys.map((key) => [key, median(loads.map((load) => load[key]))]));
  }
  return found;
}

function printPages(store, pages) {
  console.log(`\n${stores[store].benchmarks} benchmarks, ${stores[store].runs} runs\n`);
  console.log("| page | requests | page, scripts, styles | answers | first paint | usable | tasks over 50 ms | longest |\n|---|---|---|---|---|---|---|---|");
  for (const [name, p] of Object.entries(pages)) {
    console.log(`| ${name} | ${p.requests} | ${p.files.toFixed(1)} kB | ${p.answers.toFixed(1)} kB | ${p.painted.toFixed(0)} ms | ${p.usable.toFixed(0)} ms | ${p.longTasks} | ${p.longest.toFixed(0)} ms |`);
  }
  console.log("");
}

if (needsBrowser.skip) throw new Error(needsBrowser.skip);
const folder = mkdtempSync(join(tmpdir(), "benchcell-figures-"));
const browser = await launch();
const measured = {};
try {
  for (const store of Object.keys(stores)) {
    const server = await filled(join(folder, store), stores[store]);
    try {
      measured[store] = await measure(browser, server);
    } finally {
      await server.stop();
    }
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
const highest = (key) => Math.max(...Object.values(measured).flatMap((pages) => Object.values(pages).map((p) => p[key])));
const bytes = { what: "first load of a page: the most of page, scripts and styles", value: highest("files"), most: mostBytes, unit: "kB" };
const figures = [
  bytes,
  { what: `overview of ${stores.many.benchmarks} benchmarks, until it can be used`, value: measured.many.overview.usable, most: mostUntilUsable, unit: "ms" },
  { what: "longest task of a page's load", value: highest("longest"), most: longestTask, unit: "ms" },
];
if (options.json) {
  console.log(JSON.stringify(figures));
} else {
  for (const [store, pages] of Object.entries(measured)) printPages(store, pages);
  printFigures(figures);
}
process.exitCode = meets(bytes) ? 0 : 1;
