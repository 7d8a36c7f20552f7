// Measures a run's page while a program prints a megabyte a second:
//
//   npm run stream                   for ten minutes
//   npm run stream -- --seconds 60   for a minute
//
// Memory is looked at every few seconds, after the garbage is collected.
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { launch, needsBrowser, open } from "../test/e2e/lib/browser.mjs";
import { serve } from "../test/e2e/lib/server.mjs";
import { printFigures } from "./table.mjs";

const { values: options } = parseArgs({ options: { seconds: { type: "string", default: "600" } } });
const seconds = Number(options.seconds);
if (!(seconds >= 20)) throw new Error(`--seconds is ${options.seconds}: it must be 20 at least`);
const lookEvery = 5; // s
const perSample = 20; // pieces of output a sample, each 52,000 bytes
const pause = 0.04; // s after each: a sample takes no less than its pauses
const beforeAndAfter = 60; // s

const config = `
[[benchmarks]]
name = "flood"
command = ["sh", "-c", '''x=$(i=0; while [ $i -lt 520 ]; do i=$((i+1)); printf "\\\\033[3%dm%04d a line of output that is a hundred bytes long, with its colour and its end of line...............\\\\033[0m\\n" $((i % 8)) $i; done); i=0; while [ $i -lt ${perSample} ]; do i=$((i+1)); printf "%s\\n" "$x"; sleep ${pause}; done''']
iterations = ${Math.ceil((seconds + beforeAndAfter) / (perSample * pause))}
warmup = 0
timeout = "60s"
limits = { output = "4MiB" }
`;

async function heapOf(cdp) {
  await cdp.send("HeapProfiler.collectGarbage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const metric = (name) => metrics.find((m) => m.name === name).value;
  return { megabytes: metric("JSHeapUsedSize") / 1e6, nodes: metric("Nodes") };
}

/** How fast memory grows, in kB a minute: the slope of the line that fits best. */
function slope(heaps) {
  const mean = (list) => list.reduce((sum, v) => sum + v, 0) / list.length;
  const minutes = heaps.map((_, i) => (i * lookEvery) / 60);
  const [t, m] = [mean(minutes), mean(heaps.map((h) => h.megabytes))];
  return (1000 * mean(heaps.map((h, i) => (minutes[i] - t) * (h.megabytes - m)))) / mean(minutes.map((x) => (x - t) ** 2));
}

if (needsBrowser.skip) throw new Error(needsBrowser.skip);
const server = await serve({ config });
const browser = await launch();
try {
  const queued = await server.api.post("/runs", { benchmark: "flood" });
  const { page, close } = await open(browser, `${server.url}/runs/${queued.id}`);
  await page.evaluate(() => {
    window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((e) => e.duration))).observe({ type: "longtask" });
  });
  const cdp = await page.context().newCDPSession(page);
  await Promise.all([cdp.send("Performance.enable"), cdp.send("Network.enable")]);
  let received = 0;
  cdp.on("Network.dataReceived", (e) => (received += e.dataLength));
  await page.locator(".output .row").first().waitFor({ timeout: 60_000 });
  await wait(10_000); // until the oldest lines are dropped for the first time
  const [from, begun, heaps] = [received, Date.now(), []];
  for (let t = 0; t < seconds; t += lookEvery) {
    heaps.push(await heapOf(cdp));
    await wait(lookEvery * 1000);
  }
  const rate = (received - from) / 1e6 / ((Date.now() - begun) / 1000);
  const { state } = await server.api.get(`/runs/${queued.id}`);
  if (state !== "running") throw new Error(`the run is ${state}: it must outlast what is measured, or memory is that of a page at rest`);
  const tasks = await page.evaluate(() => window.tasks);
  const half = heaps.length >> 1;
  const highest = (list) => Math.max(...list.map((h) => h.megabytes));
  const [early, late] = [highest(heaps.slice(0, half)), highest(heaps.slice(half))];
  console.log(`${seconds} s; tasks over 50 ms: ${tasks.length}; heap in MB: ${heaps.map((h) => h.megabytes.toFixed(1)).join(" ")}`);
  const met = printFigures([
    { what: "received a second", value: rate, unit: "MB" },
    { what: "longest task while output streams", value: Math.max(0, ...tasks), most: 100, unit: "ms" },
    { what: "heap at most, second half against first", value: (100 * late) / early, most: 110, unit: "%" },
    { what: "heap grows in a minute", value: slope(heaps), unit: "kB" },
    { what: "heap at most", value: Math.max(early, late), unit: "MB" },
    { what: "nodes of the page at the end", value: heaps[heaps.length - 1].nodes, unit: "" },
  ]);
  await server.api.post(`/runs/${queued.id}/cancel`, {});
  await close();
  process.exitCode = met ? 0 : 1;
} finally {
  await browser.close();
  await server.stop();
}
