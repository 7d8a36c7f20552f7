// A run's page: all that is told of a run, and a run watched from its start.
import assert from "node:assert/strict";
import { test } from "node:test";
import { needsBrowser, open } from "./lib/browser.mjs";
import { withServer } from "./lib/site.mjs";
import { troubles } from "./lib/troubles.mjs";

let server;
let browser;

withServer({ config: troubles }, (s, b) => ([server, browser] = [s, b]));

const panel = (page, title) => page.locator("section.panel", { has: page.locator("h2", { hasText: title }) });

test("a finished run tells all", needsBrowser, async () => {
  const run = await server.api.run("too-slow", { isolation: "process" });
  const { page, close } = await open(browser, `${server.url}/runs/${run.id}`);
  await page.getByRole("heading", { level: 1, name: /^Slow: .* times its target$/ }).waitFor();
  assert.match(await page.locator(".head .pill.blue").innerText(), /process/);
  await panel(page, "Samples").locator("canvas").waitFor();
  assert.match(await panel(page, "Samples").getByRole("img").getAttribute("aria-label"), /8\ssamples, median .*, from .* to /);
  const receipt = panel(page, "What was enforced");
  assert.equal(await receipt.locator("tbody tr").count(), run.isolation.receipt.length);
  const open3 = run.isolation.receipt.filter((r) => r.effective === null && r.requested !== null && r.requested !== "off").length;
  assert.equal(await receipt.getByText("not enforced").count(), open3);
  assert.match(await receipt.getByRole("row", { name: "sandbox" }).innerText(), /off\s+as configured/);
  assert.deepEqual(
    await panel(page, "Timeline").locator("tbody th").allInnerTexts(),
    run.timeline.map((m) => ({ empty: "boundary empty" })[m.event] ?? m.event),
  );
  await panel(page, "How it ended").getByText("exit code 0").waitFor();
  await panel(page, "Machine").getByText("control groups").waitFor();
  await panel(page, "Definition").getByText("sh -c 'sleep 0.02'").waitFor();
  assert.equal(await page.getByRole("link", { name: "Raw JSON" }).getAttribute("href"), `/api/v1/runs/${run.id}`);
  assert.match(await page.getByRole("button", { name: "Copy as command" }).getAttribute("title"), /^orchestrator run too-slow --isolation process$/);
  await close();
});

test("a target on p95 or memory is told as what it is", needsBrowser, async () => {
  const [p95, memory] = [await server.api.run("held-by-p95"), await server.api.run("held-by-memory")];
  const { page, close } = await open(browser, `${server.url}/runs/${p95.id}`);
  await page.getByRole("heading", { level: 1, name: /^Slow: p95 \d.*\sms, .* times its target$/ }).waitFor();
  assert.deepEqual(await page.locator(".tile dt").allInnerTexts(), ["Median", "p95", "Memory, peak", "CPU", "Total", "Target on p95"]);
  assert.deepEqual(await page.getByRole("list", { name: "Labels" }).locator("li").allInnerTexts(), ["size=10", "team=<b>storage</b>"]);
  await page.goto(`${server.url}/runs/${memory.id}`);
  await page.getByRole("heading", { level: 1, name: /^Fast: \d.*\sMB of memory, [\d.]+\s% under its target$/ }).waitFor();
  await page.goto(`${server.url}/`);
  const bullet = page.locator('[data-row="held-by-memory"] .bullet');
  assert.match(await bullet.getAttribute("title"), /MB of memory is .*\s% of the target 512\sMiB/);
  assert.equal(await page.locator('[data-row="held-by-memory"] .spark .target').count(), 0);
  assert.match(await page.locator('[data-row="held-by-p95"] .bullet').innerText(), /µs p95/);
  await page.locator("#search").fill("size=10");
  await page.waitForFunction(() => document.querySelectorAll("[data-row]").length === 1);
  await page.goto(`${server.url}/benchmarks/held-by-p95`);
  await page.getByRole("link", { name: "team=<b>storage</b>" }).click();
  await page.waitForURL(/q=team/);
  await page.waitForFunction(() => document.querySelectorAll("[data-row]").length === 1);
  await close();
});

test("samples are told from warm-ups, drawn by size, and listed", needsBrowser, async () => {
  const run = await server.api.run("held-by-p95");
  const { page, close } = await open(browser, `${server.url}/runs/${run.id}`);
  assert.match(await panel(page, "Samples").getByRole("img").getAttribute("aria-label"), /80\ssamples, .*, 3\swarm-ups before/);
  assert.match(await panel(page, "Distribution").getByRole("img").getAttribute("aria-label"), /^Distribution of 80\ssamples/);
  const { samples } = await server.api.get(`/runs/${run.id}/samples`);
  await page.locator("summary", { hasText: "Every sample" }).focus();
  await page.keyboard.press("Enter");
  const table = page.getByRole("region", { name: "Samples in figures" });
  await table.getByRole("rowheader", { name: "warm-up 1" }).waitFor();
  assert.equal(await table.locator("tbody tr").count(), 50);
  assert.deepEqual(await table.locator("tbody th").evaluateAll((cells) => cells.slice(0, 4).map((c) => c.firstChild.textContent)), ["warm-up 1", "warm-up 2", "warm-up 3", "1"]);
  assert.equal(await table.locator("tbody tr").nth(3).locator("td .figure").nth(1).getAttribute("title"), `${samples[3].user / 1000}\u00a0ms`);
  await page.getByRole("button", { name: "Later" }).click();
  await table.getByRole("rowheader", { name: /^80/ }).waitFor();
  assert.equal(await table.locator("tbody tr").count(), Math.min(50, samples.length - 50)); // there are more where the machine was busy beside some
  await close();
});

test("a run is watched from its start to its end", needsBrowser, async () => {
  const queued = await server.api.post("/runs", { benchmark: "steps" });
  const { page, close } = await open(browser, `${server.url}/runs/${queued.id}`);
  await page.evaluate(() => (window.sameDocument = true));
  await page.getByRole("heading", { level: 1, name: /^Running: \d+ of 8\ssamples/ }).waitFor({ timeout: 60_000 });
  assert.match(await page.title(), /^Running: /);
  await page.locator(".output", { hasText: "step one" }).first().waitFor();
  await page.getByRole("heading", { level: 1, name: /^Fast: / }).waitFor({ timeout: 60_000 });
  await panel(page, "Samples").locator("canvas").waitFor();
  await page.getByRole("region", { name: "stdout" }).getByText("step two").waitFor();
  assert.equal(await page.getByRole("region", { name: "stdout" }).getByText("step one").count(), 1); // of the last sample alone
  await page.getByRole("region", { name: "stderr" }).getByText("a warning").waitFor();
  assert.equal(await page.evaluate(() => window.sameDocument), true);
  await close();
});

test("a run is cancelled, and run again", needsBrowser, async () => {
  const queued = await server.api.post("/runs", { benchmark: "sleeps-long" });
  const { page, close } = await open(browser, `${server.url}/runs/${queued.id}`);
  await page.getByRole("region", { name: "stdout" }).getByText("here I am").waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { level: 1, name: /^Cancelled/ }).waitFor({ timeout: 20_000 });
  await panel(page, "Timeline").getByText("SIGTERM sent").waitFor();
  await page.keyboard.press("r");
  await page.waitForURL((url) => url.pathname.startsWith("/runs/") && !url.pathname.endsWith(queued.id));
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { level: 1, name: /^Cancelled/ }).waitFor({ timeout: 20_000 });
  await close();
});

test("what stopped a run is said in its title", needsBrowser, async () => {
  const [stubborn, failing] = [await server.api.run("will-not-stop"), await server.api.run("exits-with-three")];
  const { page, close } = await open(browser, `${server.url}/runs/${stubborn.id}`);
  await page.getByRole("heading", { level: 1, name: /^Stopped: timeout after 3\d\d\sms; SIGTERM did not, SIGKILL ended it/ }).waitFor();
  await panel(page, "Timeline").getByText("SIGKILL sent").waitFor();
  await page.goto(`${server.url}/runs/${failing.id}`);
  await page.getByRole("heading", { level: 1, name: "Failed: exit code 3" }).waitFor();
  await page.getByRole("region", { name: "stderr" }).getByText("no such table").waitFor();
  await close();
});

test("activity shows what waits and what runs, and pages through the rest", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/runs`);
  await server.api.post("/batches", { benchmarks: ["sleeps-long", "steps", "few-samples"] });
  await page.getByRole("region", { name: "Running" }).getByText("sleeps long").waitFor({ timeout: 60_000 });
  await page.getByRole("region", { name: "Queued" }).getByText("few samples").waitFor();
  assert.match(await page.locator(".side .count").first().innerText(), /^3/);
  await page.getByRole("button", { name: "Cancel all queued" }).click();
  const sure = page.getByRole("dialog", { name: "Cancel all queued" });
  await sure.getByRole("button", { name: "Leave them" }).click();
  await page.getByRole("region", { name: "Queued" }).getByText("few samples").waitFor();
  await page.getByRole("button", { name: "Cancel all queued" }).click();
  await sure.getByRole("button", { name: "Cancel them" }).click();
  await page.getByRole("region", { name: "Queued" }).waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Cancel sleeps long" }).click();
  await page.getByRole("region", { name: "Running" }).waitFor({ state: "hidden", timeout: 20_000 });
  await page.getByLabel("Verdict").selectOption("cancelled");
  await page.waitForURL(/verdict=cancelled/);
  await page.locator("[data-row]").first().waitFor();
  assert.deepEqual([...new Set(await page.locator("[data-row] .pill:not(.blue)").allInnerTexts())], ["cancelled"]);
  await close();
});
