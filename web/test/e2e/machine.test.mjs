// The machine: what a self-test found, and what it is called when everything on
// it became slower at once.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { needsBrowser, open } from "./lib/browser.mjs";
import { oneGotThrough, put } from "./lib/operator.mjs";
import { confirmed, pacedBy } from "./lib/paced.mjs";
import { withServer } from "./lib/site.mjs";

const paced = pacedBy(["one", "two", "three", "four", "five", "six", "seven", "eight"]);
after(paced.remove);

let server;
let browser;

withServer({ config: paced.config }, (s, b) => ([server, browser] = [s, b]));

test("a self-test is told of, and what got through first", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/machine`);
  const panel = page.locator("section.panel", { has: page.getByRole("heading", { name: /^Self-test/ }) });
  await panel.getByText("None was run yet.").waitFor();
  await put(server.socket, "/selftest", oneGotThrough);
  await page.reload();
  await panel.getByText("1 got through").waitFor();
  assert.deepEqual(await panel.locator("tbody tr").evaluateAll((rows) => rows.map((r) => [...r.cells].map((c) => c.innerText))), [["process", "3", "0", "1"], ["process-sandboxed", "3", "1", "0"]]);
  assert.match(await panel.getByRole("list", { name: "What got through" }).innerText(), /read-shadow at process-sandboxed: it read \/etc\/shadow: <b>root<\/b>/);
  await put(server.socket, "/selftest", { ...oneGotThrough, cases: oneGotThrough.cases.filter((c) => c.result !== "fail") });
  await page.reload();
  await panel.getByText("all held").waitFor();
  assert.equal(await panel.getByRole("list", { name: "What got through" }).count(), 0);
  await close();
});

test("where everything became slower, it is the machine that changed", needsBrowser, async () => {
  paced.pace(0.005);
  const together = async () => {
    const { runs } = await server.api.post("/batches", { benchmarks: "all" });
    for (const run of runs) await server.api.get(`/runs/${run.id}?wait=60`);
  };
  for (let i = 0; i < 9; i++) await together();
  paced.pace(0.05);
  await together();
  const alert = await confirmed(server.api, "");
  const { page, close } = await open(browser, `${server.url}/`);
  const card = page.getByRole("region", { name: "What changed" }).locator(".card").first();
  await card.getByText("The machine changed").waitFor();
  assert.match(await card.innerText(), /\+\d+\s% most benchmarks/);
  await card.getByRole("link").click();
  const told = page.locator(".alert").first();
  await told.getByRole("heading", { name: /^The machine changed: most of its benchmarks became .*times as slow/ }).waitFor();
  assert.equal(await told.getAttribute("data-row"), alert.id);
  assert.equal(await told.getByRole("heading").getByRole("link").getAttribute("href"), "/machine");
  await close();
});
