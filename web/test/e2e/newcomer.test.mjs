// The way of somebody who has never seen it and reads no documentation: choose
// container, run all, watch, open the slowest, compare with process isolation,
// send a script of their own with a limit, and see it stopped by that limit.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, needsBrowser, open, required } from "./lib/browser.mjs";
import { serve } from "./lib/server.mjs";

const config = ["json-encode", "sha256", "sort-ints"].map((fn) => `
[[benchmarks]]
name = "${fn}"
kind = "builtin"
builtin = "${fn}"
iterations = 8
target_ms = 1000.0
`).join("") + `
[[benchmarks]]
name = "waits"
kind = "command"
command = ["sleep", "0.4"]
iterations = 6
`;

let server;
let browser;

before(async () => {
  if (needsBrowser.skip) return;
  [server, browser] = await Promise.all([serve({ config, containers: true }), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Whether containers are to be had; where they are required, they must be. */
async function containersHere() {
  const { backends } = await server.api.get("/capabilities");
  const found = backends.find((b) => b.backend === "container");
  if (required("docker")) assert.ok(found.available, found.reason);
  return found.available;
}

test("a newcomer finds their way", needsBrowser, async (t) => {
  if (!(await containersHere())) return t.skip("no container engine answers");
  const { page, close } = await open(browser, `${server.url}/`);
  await page.getByRole("radio", { name: "Container" }).click();
  await page.getByRole("button", { name: "Run all" }).click();

  // Watch: what runs is named at the top, until every row has its badge.
  await page.locator(".now").getByRole("link").waitFor();
  await page.waitForFunction(() => document.querySelectorAll("[data-row] .pill.blue").length === 4, null, { timeout: 120_000 });
  assert.deepEqual(await page.locator("[data-row] .pill.blue").allInnerTexts().then((all) => all.map((text) => text.replace(/\s+/g, " ").trim())), Array(4).fill("isolated: container"));

  // Open the slowest.
  await page.locator("th.c-median a").click();
  await page.waitForURL(/sort=median/);
  await page.locator("th.c-median a").click();
  await page.waitForURL(/sort=-median/);
  const { benchmarks } = await server.api.get("/benchmarks");
  const slowest = benchmarks.sort((a, b) => b.latest.time.median - a.latest.time.median)[0];
  const first = page.locator("[data-row] .c-name a").first();
  assert.equal(await first.innerText(), slowest.name);
  await first.click();
  await page.getByRole("heading", { level: 1, name: slowest.name }).waitFor();
  await page.locator(".plot canvas").first().waitFor();

  // Compare with process isolation.
  await page.getByRole("link", { name: "Isolation overhead" }).last().click();
  await page.getByRole("button", { name: "Measure the missing ones" }).click();
  await page.getByRole("heading", { level: 1, name: /^Container: .* (process|in-process)/ }).waitFor({ timeout: 120_000 });
  await page.locator(".overhead tbody tr", { has: page.getByText("process", { exact: true }) }).getByRole("img").first().waitFor({ timeout: 60_000 });
  await page.getByText(/weaker evidence/).waitFor();

  // A script of their own, and a limit.
  await page.getByRole("link", { name: "New run" }).click();
  await page.getByText("counts as untrusted").waitFor();
  await page.getByRole("row", { name: /^memory/ }).first().waitFor(); // what will be enforced, said before Run
  assert.equal(await page.getByRole("radio", { name: "Container" }).last().isChecked(), true);
  await page.getByLabel("Name").fill("my script");
  await page.getByLabel("Command").fill("sh eat.sh");
  const script = "x=a\nwhile :; do x=$x$x; done\n";
  const dropped = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "eat.sh"));
    return transfer;
  }, script);
  await page.locator(".drop").dispatchEvent("drop", { dataTransfer: dropped });
  await page.getByLabel("Path of file 1").waitFor();
  await page.getByLabel("Memory").fill("32");
  await page.getByRole("button", { name: "Run", exact: true }).click();

  // Stopped, by which limit, and where that was read back.
  await page.getByRole("heading", { level: 1, name: /^Stopped: out of memory at 32\sMiB/ }).waitFor({ timeout: 120_000 });
  await page.locator(".isolation .pill.blue").first().waitFor();
  const receipt = page.locator("section", { has: page.getByRole("heading", { name: /What was enforced/ }) });
  await receipt.getByText(/32\sMiB/).first().waitFor();
  const run = await server.api.get(new URL(page.url()).pathname);
  assert.deepEqual([run.verdict, run.trusted, run.isolation.effective], ["oom", false, "container"]);
  assert.ok(run.evidence.oomKills > 0, "the kernel counted no kill");
  await close();
});
