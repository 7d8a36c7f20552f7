// How it looks: accessible by axe's rules in light and dark, no wider than a
// phone, and a picture of each page in web/shots for a person to look at.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, needsBrowser, open } from "./lib/browser.mjs";
import { oneGotThrough, put } from "./lib/operator.mjs";
import { confirmed, pacedBy } from "./lib/paced.mjs";
import { serve } from "./lib/server.mjs";
import { settled } from "./lib/settled.mjs";
import { troubles } from "./lib/troubles.mjs";

const shots = join(dirname(fileURLToPath(import.meta.url)), "../../shots");
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const builtins = ["profile-query-single", "json-encode", "sha256", "channel-ping-pong"].map((name) => `
[[benchmarks]]
name = "${name}"
category = "built in"
kind = "builtin"
builtin = "${name}"`).join("\n");

const longAndNew = `
[[benchmarks]]
name = "${"m".repeat(190)}"
category = "built in"
command = ["true"]`;

const reader = pacedBy(["reads a page"], "target_ms = 14.0\n");

/** A benchmark that became slower, which a second run confirms. */
async function becomeSlower(api) {
  reader.pace(0.01);
  for (let i = 0; i < 9; i++) await api.run("reads-a-page");
  reader.pace(0.1);
  await api.run("reads-a-page");
  await confirmed(api, "reads-a-page");
  return api.run("reads-a-page");
}

let full;
let empty;
let browser;
let pages; // of the full server

before(async () => {
  if (needsBrowser.skip) return;
  mkdirSync(shots, { recursive: true });
  [full, empty, browser] = await Promise.all([serve({ config: troubles + builtins + longAndNew + reader.config }), serve(), launch()]);
  const ran = ["n".repeat(190), "hostile-output", "too-slow", "will-not-stop", "exits-with-three", "few-samples", "profile-query-single", "json-encode", "profile-query-single", "held-by-p95", "held-by-memory"];
  const runs = [];
  for (const slug of ran) runs.push(await full.api.run(slug));
  await full.api.run("profile-query-single", { isolation: "in-process" });
  const unfit = await full.api.post("/runs?wait=30", { definition: { name: "from a stranger", command: ["true"] } });
  await becomeSlower(full.api);
  await put(full.socket, "/selftest", oneGotThrough);
  const pair = await full.api.post("/comparisons?wait=60", { a: { benchmark: "json-encode" }, b: { benchmark: "sha256" }, blocks: 3 });
  const batches = [];
  for (let i = 0; i < 2; i++) {
    const batch = await full.api.post("/batches", { benchmarks: ["json-encode", "sha256", "channel-ping-pong", "exits-with-three"] });
    for (const run of batch.runs) await full.api.get(`/runs/${run.id}?wait=60`);
    batches.push(batch.id);
  }
  pages = {
    overview: "/",
    filtered: "/?show=failed",
    sorted: "/?sort=-median",
    "nothing-found": "/?q=nothing-like-that",
    benchmark: "/benchmarks/profile-query-single",
    "benchmark-never-ran": "/benchmarks/sleeps-long",
    "benchmark-long-name": `/benchmarks/${"m".repeat(190)}`,
    activity: "/runs",
    "run-hostile": `/runs/${runs[1].id}`,
    "run-slow": `/runs/${runs[2].id}`,
    "run-timeout": `/runs/${runs[3].id}`,
    "run-failed": `/runs/${runs[4].id}`,
    "run-builtin": `/runs/${runs[6].id}`,
    "run-p95": `/runs/${runs[9].id}`,
    "run-memory": `/runs/${runs[10].id}`,
    "benchmark-memory": "/benchmarks/held-by-memory",
    "run-long-name": `/runs/${runs[0].id}`,
    "run-refused": `/runs/${unfit.id}`,
    overheads: "/overhead",
    overhead: "/overhead/profile-query-single",
    "overhead-missing": "/overhead/few-samples",
    compare: "/compare",
    "compare-runs": `/compare?a=run:${runs[6].id}&b=run:${runs[8].id}`,
    "compare-batches": `/compare?a=batch:${batches[0]}&b=batch:${batches[1]}`,
    comparison: `/compare/${pair.id}`,
    alerts: "/alerts",
    "benchmark-slower": "/benchmarks/reads-a-page",
    settings: "/settings",
    machine: "/machine",
    new: "/new",
    missing: "/no/such/page",
  };
});
after(async () => {
  await browser?.close();
  await Promise.all([full?.stop(), empty?.stop()]);
  reader.remove();
});

/** What makes the page scroll sideways, if it does. */
function stickingOut(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 1);
    return [`${document.documentElement.scrollWidth} px`, ...wide.map((e) => `${e.tagName}.${e.getAttribute("class")} ${e.textContent.slice(0, 40)}`)];
  });
}

/** Long names that take more than two lines. */
function tooTall(page) {
  return page.evaluate(() => [...document.querySelectorAll(".long-name")].filter((e) => e.offsetHeight > 2.1 * parseFloat(getComputedStyle(e).lineHeight)).map((e) => e.outerHTML));
}

/** How much more room is at the one side of the content than at the other. */
function offCentre(page) {
  return page.evaluate(() => {
    const [content, side] = [".content", ".side"].map((s) => document.querySelector(s).getBoundingClientRect());
    return content.left - side.right - (document.documentElement.clientWidth - content.right);
  });
}

/** What breaks a rule of axe: any of them, or one of those named. None that is on needs style sheets fetched again. */
async function violations(page, rules) {
  const options = { resultTypes: ["violations"], preload: false, ...(rules && { runOnly: { type: "rule", values: rules } }) };
  const found = await page.evaluate((options) => window.axe.run(document, options), options);
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target} ${n.failureSummary}`));
}

const usual = { width: 1440, height: 900 };
const narrow = { width: 360, height: 800 };
const atOnce = 2; // pages that are looked at

/** Goes to each page in a light window of a size, and looks at it. */
async function eachPage({ width, height }, server, list, look) {
  const left = [...list];
  const one = async () => {
    const { page, close } = await open(browser, `${server.url}/`, { axe });
    for (let next = left.shift(); next; next = left.shift()) {
      const [name, path, ...more] = next;
      await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
      await page.setViewportSize({ width, height });
      await page.goto(server.url + path);
      await settled(page);
      await look(name, page, ...more);
    }
    await close();
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

const ofColours = ["color-contrast", "link-in-text-block"]; // what else axe looks at is the same in the dark

const shoot = (page, name) => page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });

test("no page breaks a rule of axe, light or dark", needsBrowser, async () => {
  const found = [];
  await eachPage(usual, full, Object.entries(pages), async (name, page) => {
    await shoot(page, `${name}-light`);
    found.push(...(await violations(page)).map((v) => `${name}, light: ${v}`));
    await page.emulateMedia({ colorScheme: "dark" });
    await settled(page);
    await shoot(page, `${name}-dark`);
    found.push(...(await violations(page, ofColours)).map((v) => `${name}, dark: ${v}`));
  });
  assert.deepEqual(found, []);
});

const larger = { zoomed: { width: 720, height: 450 }, tablet: { width: 800, height: 1000 }, wide: { width: 2560, height: 1400 } };
const everywhere = ["overview", "activity", "benchmark", "run-slow", "run-p95", "overhead", "compare-runs", "compare-batches", "alerts", "settings", "benchmark-slower", "machine", "new"];

test("no page is wider than a phone, too large at twice the size, or lost on a wall", needsBrowser, async () => {
  await eachPage(narrow, full, Object.entries(pages), async (name, page) => {
    await shoot(page, `${name}-narrow`);
    assert.deepEqual(await stickingOut(page), [], `${name}, narrow`);
    assert.deepEqual(await tooTall(page), [], `${name}, narrow`);
    assert.deepEqual(await violations(page), [], `${name}, narrow`);
    if (!everywhere.includes(name)) return;
    for (const [size, viewport] of Object.entries(larger)) {
      await page.setViewportSize(viewport);
      await settled(page);
      await shoot(page, `${name}-${size}`);
      assert.deepEqual(await stickingOut(page), [], `${name}, ${size}`);
      if (size === "wide") assert.ok(Math.abs(await offCentre(page)) < 2, `${name} is not in the middle of a wide window`);
    }
  });
});

const ofEmpty = [
  ["overview", "/", /None has run yet/], ["activity", "/runs", /Nothing has run yet/], ["benchmark", "/benchmarks/gzip-of-4-mb", /It has not run yet/],
  ["overhead", "/overhead/gzip-of-4-mb", /not measured yet/], ["alerts", "/alerts", /No benchmark has left its band/], ["compare", "/compare", /Choose both sides/],
  ["machine", "/machine", /None was run yet/],
];

test("what is empty says what to do", needsBrowser, async () => {
  await eachPage(usual, empty, ofEmpty, async (name, page, says) => {
    assert.match(await page.locator("main").innerText(), says);
    await shoot(page, `${name}-empty`);
    assert.deepEqual(await violations(page), [], name);
  });
});

test("it is as good while something runs, and with the help open", needsBrowser, async () => {
  await full.api.post("/batches", { benchmarks: ["sleeps-long", "steps"] });
  for (const [name, path] of [["overview", "/"], ["activity", "/runs"]]) {
    const { page, close } = await open(browser, full.url + path, { axe });
    await page.locator(".count").first().waitFor();
    await settled(page);
    await page.screenshot({ path: join(shots, `${name}-running.png`), fullPage: true });
    assert.deepEqual(await violations(page), [], name);
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.screenshot({ path: join(shots, `${name}-help.png`) });
    assert.deepEqual(await violations(page), [], `${name}, help`);
    await close();
  }
});
