// The pages beside overview, activity and runs: isolation overhead, the
// machine, a new run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequire } from "node:module";
import { needsBrowser, open } from "./lib/browser.mjs";
import { withServer } from "./lib/site.mjs";
import { markup, troubles } from "./lib/troubles.mjs";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const builtin = `
[[benchmarks]]
name = "json"
kind = "builtin"
builtin = "json-encode"
iterations = 12
`;

let server;
let browser;

withServer({ config: troubles + builtin }, (s, b) => ([server, browser] = [s, b]));

const line = (page, isolation) => page.locator(".overhead tbody tr", { has: page.getByRole("rowheader", { name: isolation, exact: true }) });

test("what isolation costs is measured where it is missing", needsBrowser, async () => {
  const first = await server.api.run("json", { isolation: "process" });
  const { page, close } = await open(browser, `${server.url}/overhead/json`);
  await page.getByRole("heading", { level: 1, name: /measured in a process of its own alone/ }).waitFor();
  assert.match(await line(page, "in-process").innerText(), /not measured yet/);
  assert.match(await line(page, "container").innerText(), /not available here: no container engine answers/);
  await page.getByRole("button", { name: "Measure the missing ones" }).click();
  await page.getByRole("heading", { level: 1, name: /^Process: .*in-process/ }).waitFor({ timeout: 60_000 });
  const runs = (await server.api.get("/runs?benchmark=json&limit=9")).runs;
  assert.deepEqual(runs.map((r) => r.isolation.effective), ["in-process", "process"]); // and none of what was there
  const [inside, process] = [runs[0].time, first.time];
  const against = await line(page, "process").locator("td").nth(2).innerText();
  const bounds = [process.ciLow / inside.ciHigh, process.ciHigh / inside.ciLow].map((v) => v.toFixed(2)).join(" to ");
  assert.ok(against.startsWith(`${(process.median / inside.median).toFixed(2)} times`) && against.includes(bounds), `${against}, not ${bounds}`);
  assert.match(await line(page, "process").getByRole("img").getAttribute("aria-label"), /^Median .*, 95 %: .* to /);
  assert.match(await page.locator("main").innerText(), /weaker evidence than samples that take turns/);
  assert.equal(await page.getByRole("button", { name: "Measure the missing ones" }).count(), 0);
  await page.keyboard.press("r");
  await line(page, "process").getByText(/queued|running/).waitFor();
  await page.getByRole("link", { name: "Isolation overhead" }).first().click();
  await page.getByRole("heading", { level: 1, name: /^Isolation overhead: known for 1 of 12$/ }).waitFor();
  await page.waitForFunction(() => document.activeElement.tagName === "H1");
  await page.locator('[data-row="json"]').getByText(/times/).waitFor();
  await page.goto(`${server.url}/overhead/no-such`);
  await page.getByText("No benchmark “no-such” is configured.").waitFor();
  await close();
});

test("commands are not asked to run in-process", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/overhead/few-samples`);
  await line(page, "in-process").getByText("only built-in benchmarks").waitFor();
  await page.getByRole("button", { name: "Measure the missing ones" }).click();
  await line(page, "process").getByRole("img").waitFor({ timeout: 60_000 });
  assert.deepEqual((await server.api.get("/runs?benchmark=few-samples")).runs.map((r) => r.isolation.requested), ["process"]);
  await close();
});

test("the machine tells what it can do, what it lacks and what disturbs it", needsBrowser, async () => {
  const report = await server.api.get("/capabilities");
  const { page, close } = await open(browser, `${server.url}/`);
  await page.getByRole("link", { name: "Machine" }).click();
  await page.getByRole("heading", { level: 1, name: /^Machine: (\d+\sthings? disturbs? measurements|nothing)/ }).waitFor();
  await page.waitForFunction(() => document.activeElement.tagName === "H1");
  for (const { name, remedy } of report.disturbances.filter((d) => d.name !== "load")) {
    await page.locator(".disturbance", { hasText: name }).getByText(remedy).waitFor();
  }
  for (const backend of report.backends.filter((b) => !b.available)) await page.locator(".cells").getByText(backend.reason).waitFor();
  const lacking = report.backends.flatMap((b) => b.details ?? []).filter((d) => !d.available).length;
  assert.equal(await page.getByText("not here", { exact: true }).count(), lacking);
  for (const part of await page.locator(".cells tbody").all()) {
    const names = await part.getByRole("rowheader").allInnerTexts();
    assert.equal(new Set(names).size, names.length, `${names}`); // CPU time is a limit and a figure, and each once
  }
  await page.getByText(report.machine.id).waitFor();
  await close();
});

test("a new run: what is wrong is told at its field, what is right goes to its page", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/`, { expected: [/422/], axe });
  await page.getByRole("link", { name: "New run" }).click();
  await page.getByText("counts as untrusted").waitFor();
  const fit = (await server.api.get("/capabilities")).backends.some((b) => b.untrusted && b.available); // without an engine, a sandboxed process at most
  await page.getByText(fit ? "It runs in a process of its own or not at all" : "It would not be run here.").waitFor();
  const submit = page.getByRole("button", { name: "Run", exact: true });
  await submit.click();
  await page.getByRole("heading", { level: 1, name: /New run: 2\sthings to mend/ }).waitFor();
  await page.waitForFunction(() => document.activeElement.id === "new-name"); // with the next frame
  await page.getByLabel("Name").fill(markup);
  await page.getByLabel("Command").fill("cat <in");
  await page.getByText("< is for a shell").waitFor();
  await page.getByLabel("Command").fill(`sh -c 'cat "$0"' "two words" ''`);
  assert.deepEqual(await page.locator(".argv code").allInnerTexts(), ["sh", "-c", 'cat "$0"', "two words", "(empty)"]);
  await page.getByLabel("Memory").fill("1");
  await page.getByLabel("A fixed number").check();
  await page.getByLabel("Samples in all").fill("1.5");
  await submit.click();
  await page.getByText(/It must be at least 8\sMiB/).waitFor();
  assert.equal(await page.locator("[name=iterations]").getAttribute("aria-invalid"), "true");
  assert.deepEqual((await page.evaluate(() => window.axe.run())).violations.map((v) => v.id), []);
  await page.getByLabel("Memory").fill("64");
  await page.getByLabel("Samples in all").fill("2");
  await page.getByLabel("Processes").fill("100000");
  await submit.click();
  await page.locator(".field", { has: page.locator("[name='limits.pids']") }).getByText(/must be at most/).waitFor();
  await page.getByLabel("Processes").fill("");
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["#!/bin/sh\n"], "in \u202ehs.sh"));
    return transfer;
  });
  await page.locator(".drop").dispatchEvent("drop", { dataTransfer: dropped });
  await page.getByRole("button", { name: "Remove in <U+202E>hs.sh" }).waitFor();
  await page.locator("#new-files").setInputFiles([{ name: "data", mimeType: "a/b", buffer: Buffer.from([255, 0]) }]);
  await page.getByLabel("Path of file 2").waitFor();
  assert.equal(await page.locator(".files").getByRole("checkbox").first().isChecked(), true);
  await page.getByLabel("Path of file 1").fill("../out");
  await submit.click();
  await page.locator("#new-files-about").getByText("must be relative").waitFor();
  await page.getByLabel("Path of file 1").fill("in.sh");
  const request = page.waitForRequest((r) => r.method() === "POST");
  await page.getByLabel("Name").press("Enter");
  const sent = (await request).postDataJSON();
  await page.waitForURL(/\/runs\/\w+$/);
  const plan = await server.api.get(`${new URL(page.url()).pathname}/plan`);
  assert.deepEqual([plan.command, plan.iterations, plan.limits.memory, plan.trusted], [["sh", "-c", 'cat "$0"', "two words", ""], 2, 64 << 20, false]);
  assert.match(plan.source, /^[0-9a-f]{64}$/); // what the files became
  assert.deepEqual(sent.definition.files.map((f) => [f.path, f.executable, f.content]), [["in.sh", true, "#!/bin/sh\n"], ["data", false, "/wA="]]);
  assert.equal(await page.locator("main img, main script").count(), 0);
  await close();
});
