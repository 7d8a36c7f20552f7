// What a benchmark has behind it: baselines, its definitions, a trend that is
// narrowed to nothing; and what failed, run again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, needsBrowser, open } from "./lib/browser.mjs";
import { serve } from "./lib/server.mjs";
import { settled } from "./lib/settled.mjs";

const config = (builtin) => `
[[benchmarks]]
name = "sums"
kind = "builtin"
builtin = "${builtin}"
iterations = 8

[[benchmarks]]
name = "fails"
command = ["sh", "-c", "exit 3"]
`;

let server;
let browser;

before(async () => {
  if (needsBrowser.skip) return;
  [server, browser] = await Promise.all([serve({ config: config("sha256") }), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const panel = (page, title) => page.locator("section.panel", { has: page.locator("h2", { hasText: title }) });

test("the latest run is named, and later ones are held against it", needsBrowser, async () => {
  const first = await server.api.run("sums");
  const { page, close } = await open(browser, `${server.url}/benchmarks/sums`);
  const against = page.getByLabel("Hold the latest run against");
  await against.waitFor();
  assert.deepEqual(await against.locator("option").allInnerTexts(), ["nothing"]); // there is none before it
  await page.getByLabel("Name the latest run").fill("Release 1");
  await page.keyboard.press("Enter"); // which the browser refuses: no such name is allowed
  assert.equal(await page.getByLabel("Name the latest run").evaluate((e) => e.validity.patternMismatch), true);
  await page.getByLabel("Name the latest run").fill("release-1");
  await page.keyboard.press("Enter");
  await page.getByText("The latest run is now the baseline release-1.").waitFor();
  await page.waitForURL(/baseline=release-1/);
  await server.api.run("sums");
  await panel(page, "Baseline").getByText(/^The latest run is .*% against release-1, \d/).waitFor();
  assert.match(await panel(page, "Baseline").getByRole("link", { name: "Compare" }).getAttribute("href"), new RegExp(encodeURIComponent(`run:${first.id}`)));
  await against.selectOption("previous");
  await panel(page, "Baseline").getByText(/against previous/).waitFor();
  const trend = await server.api.get("/benchmarks/sums/trend?baseline=release-1");
  assert.equal(trend.baseline.run, first.id);
  await close();
});

test("a trend that is narrowed to nothing says so, and is no error", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/benchmarks/sums?isolation=in-process`);
  await page.getByText("There is no such history.").waitFor();
  await page.getByText("No run is of this isolation.").waitFor();
  await page.getByRole("link", { name: "Show the latest" }).click();
  await panel(page, "Trend").waitFor();
  await page.goto(`${server.url}/benchmarks/fails`);
  await settled(page);
  await close();
});

test("an edit of a benchmark begins another history, and the one before stays", needsBrowser, async () => {
  const old = await server.api.run("sums");
  server = await server.again({ config: config("sort-ints") });
  const { page, close } = await open(browser, `${server.url}/benchmarks/sums`);
  await panel(page, "Definitions").getByText("it was never changed").waitFor();
  const edited = await server.api.run("sums");
  await panel(page, "Definitions").getByText(/changed 1\stime/).waitFor();
  const lines = panel(page, "Definitions").locator("tbody tr");
  assert.deepEqual(await lines.locator("code").allInnerTexts(), [edited.definition.slice(0, 12), old.definition.slice(0, 12)]);
  assert.match(await lines.first().innerText(), /of the latest run, shown above/);
  await lines.nth(1).getByRole("link").click();
  await page.waitForURL(new RegExp(`definition=${old.definition}`));
  await lines.nth(1).getByText("shown above").waitFor();
  assert.match(await panel(page, "Trend").getByRole("img").getAttribute("aria-label"), /^Medians of [3-9]\sruns/);
  await close();
});

test("what failed of a batch is run again, and nothing else", needsBrowser, async () => {
  const batch = await server.api.post("/batches", { benchmarks: ["sums", "fails"] });
  for (const run of batch.runs) await server.api.get(`/runs/${run.id}?wait=60`);
  const { page, close } = await open(browser, `${server.url}/runs`);
  await page.getByRole("button", { name: "Run the 1 that failed again" }).click();
  const lines = page.getByRole("region", { name: "Batches" }).locator("li");
  await lines.nth(1).waitFor();
  await lines.first().getByText("0 ended ok, 1 did not").waitFor({ timeout: 30_000 });
  const { batches } = await server.api.get("/batches");
  const { runs } = await server.api.get(`/runs?batch=${batches[0].id}`);
  assert.deepEqual(runs.map((r) => [r.slug, r.isolation.requested]), [["fails", "process"]]);
  await close();
});
