// Output while it comes: it follows, waits for who reads, is searched, and can
// be taken along.
import assert from "node:assert/strict";
import { test } from "node:test";
import { needsBrowser, open } from "./lib/browser.mjs";
import { withServer } from "./lib/site.mjs";

const prints = (name, pause) => `
[[benchmarks]]
name = "${name}"
command = ["sh", "-c", 'i=0; while [ $i -lt 400 ]; do i=$((i+1)); printf "line %d \\033[32mgreen\\033[0m <b>\\n" $i; ${pause}; done']
iterations = 1
warmup = 0
timeout = "120s"
`;
const config = prints("chatty", "sleep 0.02") + prints("prints", ":");

let server;
let browser;

withServer({ config }, (s, b) => ([server, browser] = [s, b]));

const top = (output) => output.evaluate((e) => e.scrollTop);

test("output follows its end, and stands still for who reads", needsBrowser, async () => {
  const queued = await server.api.post("/runs", { benchmark: "chatty" });
  const { page, close } = await open(browser, `${server.url}/runs/${queued.id}`);
  const output = page.getByRole("region", { name: "stdout" });
  const jump = page.getByRole("button", { name: "Jump to the end" });
  await output.getByText("line 60 ").waitFor({ timeout: 60_000 });
  assert.ok((await top(output)) > 0, "the end is in sight");
  assert.equal(await jump.count(), 0);
  await output.evaluate((e) => e.scrollTo(0, 100));
  await jump.waitFor();
  const [before, height] = [await top(output), await output.evaluate((e) => e.scrollHeight)];
  await page.waitForFunction((h) => document.querySelector(".output").scrollHeight > h + 400, height);
  assert.equal(await top(output), before, "what is read stays where it is");
  await jump.click();
  await jump.waitFor({ state: "hidden" });
  await page.waitForFunction(() => {
    const e = document.querySelector(".output");
    return e.scrollTop + e.clientHeight >= e.scrollHeight - 18;
  });
  await page.getByText(/^Done: /).first().waitFor({ timeout: 60_000 });
  await close();
});

test("what a run uses is drawn while it runs", needsBrowser, async () => {
  const queued = await server.api.post("/runs", { benchmark: "chatty" });
  const { page, close } = await open(browser, `${server.url}/runs/${queued.id}`);
  const panel = page.locator("section.panel", { has: page.locator("h2", { hasText: "In use now" }) });
  await panel.waitFor({ timeout: 60_000 });
  const memory = panel.getByRole("img", { name: /^Memory: .*B now/ });
  if (await memory.count()) {
    await panel.getByRole("img", { name: /^CPU: .*processors now, .* at most/ }).waitFor();
    const points = (await memory.locator("polyline").getAttribute("points")).split(" ").length;
    await page.waitForFunction((n) => document.querySelectorAll(".in-use polyline")[1]?.getAttribute("points").split(" ").length > n, points);
  } else {
    await panel.getByText("no control group here").waitFor();
  }
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText(/^Cancelled /).first().waitFor();
  await panel.waitFor({ state: "hidden" });
  await close();
});

test("output is searched, and taken along as it was printed", needsBrowser, async () => {
  const run = await server.api.run("prints");
  assert.equal(run.verdict, "ok");
  const { page, close } = await open(browser, `${server.url}/runs/${run.id}`);
  const output = page.getByRole("region", { name: "stdout" });
  await output.getByText("line 1 ").first().waitFor();
  const search = page.getByRole("searchbox", { name: "Search in stdout" });
  await search.fill("LINE 39");
  await page.getByText(/^11\slines$/).waitFor(); // 39, 390 to 399
  await search.press("Enter");
  await page.getByText(/^1 of 11\slines$/).waitFor();
  await output.locator("mark", { hasText: "line 39" }).first().waitFor();
  await search.press("Shift+Enter");
  await page.getByText(/^11 of 11\slines$/).waitFor();
  await output.getByText("line 399").waitFor();
  await search.fill("<b>");
  await output.locator("mark", { hasText: "<b>" }).first().waitFor();
  await search.fill("nowhere");
  await page.getByText("not found").waitFor();
  assert.equal(await output.locator("mark").count(), 0);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download stdout" }).click()]);
  assert.match(download.suggestedFilename(), /^prints-.*-stdout\.txt$/);
  const raw = await (await fetch(`${server.url}/api/v1/runs/${run.id}/output`)).text();
  assert.ok(raw.startsWith("line 1 \u001b[32mgreen\u001b[0m <b>\n") && raw.includes("line 400 "));
  await close();
});
