// Names and output of strangers are text, whatever is in them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { needsBrowser, open, required } from "./lib/browser.mjs";
import { withServer } from "./lib/site.mjs";
import { serve } from "./lib/server.mjs";
import { markup, troubles } from "./lib/troubles.mjs";

let server;
let browser;

withServer({ config: troubles }, (s, b) => ([server, browser] = [s, b]));

/** The text of the rows in sight, with a new line where the program made one. */
const linesOf = (output) =>
  output.locator(".row").evaluateAll((rows) => rows.map((r) => (r.querySelector("[data-number]").dataset.number ? "\n" : "") + r.querySelector("code").textContent).join(""));

const overridden = "safe \u202eexe.txt";

test("a name with markup and one that reads backwards are shown as they are", needsBrowser, async () => {
  const submit = (name) => server.api.post("/runs?wait=30", { definition: { name, command: ["echo", "$(id)", "it's"] } });
  const [marked, reversed] = [await submit(markup), await submit(overridden)];
  const { page, close } = await open(browser, `${server.url}/runs`);
  await page.getByRole("link", { name: markup, exact: true }).waitFor();
  await page.getByRole("link", { name: "safe <U+202E>exe.txt" }).waitFor();
  await page.goto(`${server.url}/runs/${marked.id}`);
  await page.locator(".crumbs", { hasText: markup }).waitFor();
  assert.equal(await page.locator("main img, main script").count(), 0);
  assert.match(await page.getByRole("button", { name: "Copy as command" }).getAttribute("title"), /^curl -X POST/);
  await page.goto(`${server.url}/runs/${reversed.id}`);
  await page.locator(".crumbs", { hasText: "<U+202E>" }).waitFor();
  assert.doesNotMatch(await page.evaluate(() => document.documentElement.outerHTML + document.title), /\u202e/);
  const copied = await page.getByRole("button", { name: "Copy as command" }).getAttribute("title");
  assert.doesNotMatch(copied, /\u202e/);
  await close();
});

test("hostile output is inert", needsBrowser, async () => {
  const run = await server.api.run("hostile-output");
  const { page, close } = await open(browser, `${server.url}/runs/${run.id}`);
  const output = page.getByRole("region", { name: "stdout" });
  await output.getByText("red and bold").waitFor();
  const text = await linesOf(output);
  assert.ok(text.includes(markup), "markup is text");
  assert.equal(await output.locator("img, script, a").count(), 0);
  assert.match(text, /title link cleared/);
  assert.match(text, /access <U\+202E>txt\.exe<U\+202C> zero<U\+200B>width bell\^G back\^H\^H \^@ /);
  assert.match(text, /progress 10%\^M\nprogress 20%/);
  assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  const look = async (words) => output.locator("span", { hasText: words }).last().getAttribute("class");
  assert.equal(await look("red and bold"), "t-bold t-red");
  assert.equal(await look("blue"), "t-blue");
  await output.evaluate((e) => e.scrollTo(0, e.scrollHeight));
  await output.getByText("never closed").waitFor();
  assert.match(await page.title(), /hostile output · benchcell$/);
  await close();
});

test("a megabyte of output scrolls without blocking", needsBrowser, async (t) => {
  const run = await server.api.run("a-megabyte-of-output");
  assert.equal(run.verdict, "ok");
  const { page, close } = await open(browser, `${server.url}/runs/${run.id}`);
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((e) => Math.round(e.duration)))).observe({ type: "longtask", buffered: true });
  });
  const output = page.getByRole("region", { name: "stdout" });
  await output.getByText("line 3 ").first().waitFor();
  for (let i = 1; i <= 20; i++) {
    await output.evaluate((e, share) => e.scrollTo(0, e.scrollHeight * share), i / 20);
    await page.waitForTimeout(20);
  }
  await output.getByText("yyyyyyyyyy").first().waitFor();
  assert.ok((await output.locator(".row").count()) < 80, "only rows in sight are in the page");
  await page.getByText(/Truncated: .*\sbytes past the output limit dropped/).waitFor();
  const longest = Math.max(0, ...(await page.evaluate(() => window.longTasks)));
  t.diagnostic(`the longest task took ${longest} ms`); // told, not judged: it follows what else the machine does
  await close();
});

test("a stranger's program runs in a container where there is one", needsBrowser, async (t) => {
  const contained = await serve({ config: troubles, containers: true });
  t.after(() => contained.stop());
  const script = `printf '\\033[32m%s\\033[0m\\n' "${markup.replaceAll('"', '\\"')}"`;
  const definition = { name: "hello from afar", command: ["sh", "-c", script], iterations: 8, target: 500 };
  const run = await contained.api.post("/runs?wait=120", { definition });
  if (run.verdict === "isolation_unavailable" && !required("docker")) return t.skip(run.error);
  const { page, close } = await open(browser, `${contained.url}/runs/${run.id}`);
  await page.locator(".head .pill.blue", { hasText: "container" }).waitFor();
  await page.locator("table.facts").getByText("loopback only").waitFor();
  await page.getByRole("region", { name: "stdout" }).getByText("onerror").waitFor();
  assert.equal(await page.locator("main img, main script").count(), 0);
  await page.getByRole("button", { name: "Run again" }).waitFor();
  await close();
});
