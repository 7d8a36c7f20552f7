// When the server goes away, the page says so, and goes on by itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, needsBrowser, open } from "./lib/browser.mjs";
import { serve } from "./lib/server.mjs";
import { troubles } from "./lib/troubles.mjs";

let server;
let browser;

before(async () => {
  if (needsBrowser.skip) return;
  [server, browser] = await Promise.all([serve({ config: troubles }), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a lost connection shows and heals", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/`, { expected: [/ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|Failed to load resource/] });
  const line = page.locator('[data-row="few-samples"]');
  await line.waitFor();
  await page.locator(".state.open").waitFor();
  await server.halt();
  await page.getByText("The connection to the server is lost.").waitFor({ timeout: 15_000 });
  await line.getByRole("button", { name: /^Run / }).click();
  await page.getByText(/was not queued: The server can't be reached/).waitFor();
  server = await server.again();
  await page.getByText("The connection to the server is lost.").waitFor({ state: "hidden", timeout: 30_000 });
  await line.getByRole("button", { name: /^Run / }).click();
  await line.locator(".c-rating .pill").waitFor({ timeout: 60_000 });
  await close();
});

test("nothing is polled while nothing happens", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/`);
  await page.locator("[data-row]").first().waitFor();
  await page.waitForTimeout(1_500);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.waitForTimeout(5_000);
  assert.deepEqual(asked, []);
  await close();
});

test("what is not there is said, with a way on", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/no/such/page`, { expected: [/404/] });
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await page.goto(`${server.url}/runs/01NOSUCHRUN`);
  await page.getByText("There is no such run.").waitFor();
  await page.goto(`${server.url}/benchmarks/no-such-benchmark`);
  await page.getByText("No benchmark “no-such-benchmark” is configured.").waitFor();
  await page.getByRole("link", { name: "Overview" }).first().click();
  await page.locator("[data-row]").first().waitFor();
  await close();
});
