// The overview: what it shows, how a run is started and watched, and the keys.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { needsBrowser, open } from "./lib/browser.mjs";
import { serve } from "./lib/server.mjs";
import { withServer } from "./lib/site.mjs";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let server;
let browser;

withServer({}, (s, b) => ([server, browser] = [s, b]));

const row = (page, slug) => page.locator(`[data-row="${slug}"]`);

test("it lists all benchmarks by category", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/`);
  const { benchmarks } = await server.api.get("/benchmarks");
  await page.locator("[data-row]").nth(benchmarks.length - 1).waitFor();
  assert.equal(await page.locator("[data-row]").count(), benchmarks.length);
  assert.equal(await page.locator("tr.category").count(), new Set(benchmarks.map((b) => b.category)).size);
  const summary = await page.locator(".summary").innerText();
  assert.match(summary, new RegExp(`${benchmarks.length}\\s+benchmarks on .+\\scores?\\.`));
  assert.match(await page.title(), /Overview · benchcell/);
  await close();
});

test("a run goes from queued to finished without a reload", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/`);
  const line = row(page, "profile-query-single");
  await line.waitFor();
  await page.evaluate(() => (window.sameDocument = true));
  await page.getByRole("radio", { name: "Process", exact: true }).click();
  assert.match(page.url(), /with=process/);
  await line.getByRole("button", { name: /^Run / }).click();
  await line.locator(".pill.blue", { hasText: "process" }).waitFor({ timeout: 60_000 });
  assert.match(await line.locator(".c-rating").innerText(), /fast|slow|unsure/);
  assert.match(await line.locator(".c-memory").innerText(), /\d(\.\d+)?\s[kM]B/);
  assert.match(await line.locator(".c-median").innerText(), /\d.*s/);
  assert.match(await line.locator(".c-total").innerText(), /\d.*s/);
  assert.match(await line.locator(".c-success").innerText(), /100\s%/);
  await line.locator(".c-spark circle").waitFor();
  await line.getByRole("button", { name: /^Run / }).waitFor();
  assert.equal(await page.evaluate(() => window.sameDocument), true);
  await close();
});

test("in-process has no badge, and commands are kept out of it", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/?with=in-process`);
  const line = row(page, "profile-query-batch");
  await line.getByRole("button", { name: /^Run / }).click();
  await line.locator(".c-isolation", { hasText: "in-process" }).waitFor({ timeout: 60_000 });
  await line.getByRole("button", { name: /^Run / }).waitFor();
  assert.equal(await line.locator(".pill.blue").count(), 0);
  const command = row(page, "sort-of-15-000-lines").getByRole("button", { name: /^Run / });
  assert.equal(await command.getAttribute("aria-disabled"), "true");
  assert.match(await command.getAttribute("title"), /built-in/);
  await close();
});

test("what is not to be had can be reached by keyboard and says why", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/`);
  await row(page, "profile-query-single").waitFor();
  await page.getByRole("radio", { name: "Default" }).focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
  const container = page.getByRole("radio", { name: "Container" });
  assert.equal(await container.evaluate((e) => e === document.activeElement), true);
  assert.equal(await container.getAttribute("aria-disabled"), "true");
  await page.locator("#tip-container").waitFor({ state: "visible" });
  assert.match(await page.locator("#tip-container").innerText(), /Not available here: no container engine answers/);
  await page.keyboard.press("Escape");
  await page.locator("#tip-container").waitFor({ state: "hidden" });
  assert.equal(await page.getByRole("radio", { name: "Process", exact: true }).getAttribute("aria-checked"), "true");
  await close();
});

test("search, filters and order are in the address and survive Back", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/`);
  await row(page, "gzip-of-4-mb").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("gzip");
  await page.waitForURL(/q=gzip/);
  const shown = await page.locator("[data-row]").count();
  assert.ok(shown >= 2 && shown < 6, `${shown} rows`);
  assert.equal(await page.locator(".top .primary").innerText(), `Run these ${shown}`);
  await page.locator("th.c-median a").click();
  await page.waitForURL(/sort=median/);
  assert.equal(await page.locator("th.c-median").getAttribute("aria-sort"), "ascending");
  await row(page, "gzip-of-4-mb").getByRole("link", { name: "gzip of 4 MB" }).click();
  await page.waitForURL(/benchmarks\/gzip-of-4-mb/);
  await page.goBack();
  await page.waitForURL(/q=gzip.*sort=median/);
  assert.equal(await page.locator("[data-row]").count(), shown);
  await page.goto(`${server.url}/?q=nothing+has+this+name`);
  await page.getByText(/None of \d+ match/).waitFor();
  await page.getByRole("link", { name: "Show all" }).click();
  await row(page, "profile-query-single").waitFor();
  await close();
});

test("the keys j, k, Enter, r and ? do what the help says", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/`);
  await row(page, "profile-query-single").waitFor();
  const focusedRow = () => page.evaluate(() => document.activeElement.closest("[data-row]")?.dataset.row);
  const slugs = await page.locator("[data-row]").evaluateAll((rows) => rows.map((r) => r.dataset.row));
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  assert.equal(await focusedRow(), slugs[1]);
  await page.keyboard.press("k");
  assert.equal(await focusedRow(), slugs[0]);
  await page.keyboard.press("r");
  await page.waitForFunction(() => /queued|running|warm|\d\/\d|now/.test(document.querySelector("[data-row] .c-ran").textContent));
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keys" });
  await help.waitFor();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "hidden" });
  assert.equal(await focusedRow(), slugs[0]);
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/benchmarks/${slugs[0]}`));
  await page.waitForFunction(() => document.activeElement.tagName === "H1");
  await close();
});

test("of hundreds only those near what is in sight are drawn, and all can be reached", needsBrowser, async () => {
  const many = Array.from({ length: 300 }, (_, i) => `n${String(i).padStart(3, "0")}`);
  const crowd = await serve({ config: many.map((name, i) => `[[benchmarks]]\nname = "${name}"\ncategory = "c${i % 3}"\ncommand = ["true"]\n`).join("") });
  const { page, close } = await open(browser, `${crowd.url}/?sort=name`, { axe });
  await row(page, "n000").waitFor();
  const drawn = () => page.locator("[data-row]").count();
  assert.ok((await drawn()) < 100, `${await drawn()} rows are drawn`);
  assert.equal(await page.getByRole("table").getAttribute("aria-rowcount"), "301");
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await row(page, "n299").waitFor();
  assert.equal(await row(page, "n299").getAttribute("aria-rowindex"), "301");
  await row(page, "n000").waitFor({ state: "detached" });
  assert.deepEqual((await page.evaluate(() => window.axe.run())).violations.map((v) => v.id), []);
  await page.evaluate(() => scrollTo(0, 0));
  await row(page, "n000").waitFor();
  for (let i = 0; i < 50; i++) {
    await page.keyboard.press("j");
    await page.waitForFunction((slug) => document.activeElement.closest("[data-row]")?.dataset.row === slug, many[i]);
  }
  await page.keyboard.press("/");
  await page.keyboard.type("n277");
  await row(page, "n277").waitFor();
  assert.equal(await drawn(), 1);
  await close();
  await crowd.stop();
});
