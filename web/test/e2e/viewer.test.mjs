// A viewer's token: all can be read, and nothing that changes something is
// offered.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, needsBrowser, open } from "./lib/browser.mjs";
import { login } from "./lib/login.mjs";
import { serve } from "./lib/server.mjs";
import { confirmed, pacedBy } from "./lib/paced.mjs";
import { settled } from "./lib/settled.mjs";
import { troubles } from "./lib/troubles.mjs";

const secret = "an-admins-secret";
const paced = pacedBy(["reads a page"]);

let server;
let browser;
let viewer; // the text of a token
let pages;

before(async () => {
  if (needsBrowser.skip) return;
  [server, browser] = await Promise.all([serve({ config: `[server]\ntoken = "${secret}"\n${troubles}${paced.config}`, token: secret }), launch()]);
  viewer = (await server.api.post("/tokens", { name: "wall-screen", role: "viewer" })).text;
  const slow = await server.api.run("too-slow");
  const { id } = await server.api.post("/batches", { benchmarks: ["exits-with-three", "few-samples"] });
  const pair = await server.api.post("/comparisons?wait=60", { a: { benchmark: "few-samples" }, b: { benchmark: "too-slow" }, blocks: 3 });
  paced.pace(0.01);
  for (let i = 0; i < 9; i++) await server.api.run("reads-a-page");
  paced.pace(0.1);
  await server.api.run("reads-a-page");
  await confirmed(server.api, "reads-a-page");
  await server.api.post("/batches", { benchmarks: ["sleeps-long", "steps"] });
  const { runs } = await server.api.get("/runs?state=queued");
  pages = [
    "/", "/runs", `/runs?batch=${id}`, `/runs/${slow.id}`, `/runs/${runs[0].id}`, "/benchmarks/too-slow", "/benchmarks/sleeps-long", "/benchmarks/reads-a-page",
    "/compare", "/compare?a=benchmark:few-samples&b=benchmark:too-slow", `/compare/${pair.id}`, "/alerts", "/overhead", "/overhead/few-samples", "/machine", "/settings", "/new",
  ];
});
after(async () => {
  await browser?.close();
  await server?.stop();
  paced.remove();
});

/** Buttons that change nothing but what is shown. */
const harmless = /^(Default|In-process|Process|Container|Log out|(Airy|Dense) rows d|Keys \?|Close|Swap A and B|Look again|Copy as command|Earlier|Later|Newest|Older|Jump to the end|Leave them|Cancel them|Dismiss|Wrap.*|Show.*)$/;

test("a viewer reads every page, and is offered nothing else", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/login`);
  await login(page, viewer);
  await page.getByText("wall-screen, viewer").waitFor();
  const offered = [];
  for (const path of pages) {
    await page.goto(server.url + path);
    await page.getByText("wall-screen, viewer").waitFor();
    await settled(page);
    const names = await page.locator("button:visible:not([disabled]):not([aria-disabled=true]), form:has(button[type=submit]):visible").evaluateAll((found) => found.map((e) => e.getAttribute("aria-label") ?? e.innerText.trim().replace(/\s+/g, " ")));
    offered.push(...names.filter((name) => !harmless.test(name)).map((name) => `${path}: ${name}`));
  }
  assert.deepEqual(offered, []);
  await close();
});

test("what is withheld says why", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/login`);
  await login(page, viewer);
  await page.getByText("wall-screen, viewer").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByText("This takes an admin's token.").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await page.getByText("This takes a runner's token.").waitFor();
  await page.goto(`${server.url}/benchmarks/too-slow`);
  await page.getByRole("heading", { level: 1, name: "too slow" }).waitFor();
  await page.keyboard.press("r");
  await page.getByRole("alert").getByText("wall-screen only reads: log in with a runner's token").waitFor();
  await page.goto(`${server.url}/alerts`);
  const accept = page.getByRole("button", { name: "Accept the new level" });
  await accept.waitFor();
  assert.match(await accept.getAttribute("title"), /log in with an admin's token/);
  await close();
});
