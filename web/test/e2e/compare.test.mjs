// Comparisons, alerts and settings: what is held against what, what left its
// band, and what the server works by.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { needsBrowser, open } from "./lib/browser.mjs";
import { pacedBy } from "./lib/paced.mjs";
import { withServer } from "./lib/site.mjs";
import { markup } from "./lib/troubles.mjs";

const paced = pacedBy(["paced"]);
after(paced.remove);

const builtin = (name, fn) => `
[[benchmarks]]
name = "${name}"
kind = "builtin"
builtin = "${fn}"
iterations = 8
`;

const config = builtin("json", "json-encode") + builtin("sums", "sha256") + paced.config;

let server;
let browser;

withServer({ config }, (s, b) => ([server, browser] = [s, b]));

const picker = (page, name) => page.getByRole("group", { name: `${name} what` });

test("stored runs are compared at once, and the address carries the choice", needsBrowser, async () => {
  const [slow, quick] = [await server.api.run("json"), await server.api.run("sums")];
  const { page, close } = await open(browser, `${server.url}/runs/${quick.id}`);
  await page.locator("main").getByRole("link", { name: "Compare", exact: true }).click();
  await page.getByText("Choose both sides.").waitFor();
  assert.equal(await picker(page, "B").getByLabel("or its id or address").inputValue(), quick.id);
  await picker(page, "A").getByLabel("or its id or address").fill(`${server.url}/runs/${slow.id}?x=1`);
  await page.keyboard.press("Tab");
  await page.getByText("Weaker evidence.").waitFor();
  const judged = await server.api.post("/comparisons", { a: { run: slow.id }, b: { run: quick.id } });
  const line = page.locator(".effects tbody tr");
  const word = { slower: "slower", faster: "faster", no_difference: "no difference" }[judged.results[0].decision];
  assert.equal(await line.locator(".pill").innerText(), word);
  assert.match(await line.getByRole("img").getAttribute("aria-label"), /%, 95\s%: .* to /);
  await page.locator(".sides").getByText("differs").first().waitFor(); // another program
  await page.locator(".plot canvas").waitFor();
  const there = page.url();
  assert.ok(there.includes(encodeURIComponent(`run:${slow.id}`)) && there.includes(encodeURIComponent(`run:${quick.id}`)), there);
  const title = await page.locator("h1").innerText();
  await page.getByRole("button", { name: "Swap A and B" }).click();
  await page.waitForURL((url) => url.searchParams.get("a") === `run:${quick.id}`);
  await page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor({ state: word === "no difference" ? "visible" : "hidden" });
  await page.goto(there);
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Measure both in turns" }).getAttribute("aria-disabled"), "true");
  await close();
});

test("two benchmarks are measured in turns from here", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/benchmarks/json`);
  await page.locator("main").getByRole("link", { name: "Compare", exact: true }).click();
  await picker(page, "B").getByLabel("Benchmark").selectOption("sums");
  await page.waitForURL(/b=benchmark%3Asums/);
  await page.getByLabel("Blocks").fill("3");
  await page.getByRole("button", { name: "Measure both in turns" }).click();
  await page.waitForURL(/\/compare\/\w+$/);
  await page.getByText("The samples took turns").waitFor();
  await page.locator(".effects .pill", { hasText: /slower|faster|no difference|too few/ }).waitFor({ timeout: 60_000 });
  await page.getByText("Measured in turns: 6").waitFor();
  const id = new URL(page.url()).pathname.split("/").pop();
  const run = await server.api.get(`/runs/${id}`);
  assert.ok(run.pairedWith);
  await page.goto(`${server.url}/runs/${run.pairedWith}`);
  await page.locator("main").getByRole("link", { name: "Compare", exact: true }).click();
  await page.waitForURL(new RegExp(`/compare/${run.pairedWith}$`));
  await page.getByText("Measured in turns: 6").waitFor();
  await close();
});

test("batches are compared by what they share; what can't be is told", needsBrowser, async () => {
  const batches = [];
  for (let i = 0; i < 2; i++) {
    const batch = await server.api.post("/batches", { benchmarks: ["json", "sums"] });
    for (const run of batch.runs) await server.api.get(`/runs/${run.id}?wait=60`);
    batches.push(batch.id);
  }
  const { page, close } = await open(browser, `${server.url}/compare?a=batch:${batches[0]}&b=batch:${batches[1]}`, { expected: [/404/] });
  await page.getByText(/Geometric mean of B over A: \d\.\d{3}, over 2\sbenchmarks/).waitFor();
  assert.equal(await page.locator(".effects tbody tr").count(), 2);
  await page.goto(`${server.url}/compare?a=batch:${batches[0]}&b=benchmark:json`);
  await page.getByRole("alert").getByText("A batch can be compared with a batch alone.").waitFor();
  await page.goto(`${server.url}/compare?a=benchmark:json&b=benchmark:json::no-such-branch`);
  await page.getByRole("alert").getByText(/no ok run of branch/).waitFor();
  await page.goto(`${server.url}/compare/nobody`);
  await page.getByText("There is no such comparison.").waitFor();
  await close();
});

test("an alert is raised, noted, accepted and opened again", needsBrowser, async () => {
  paced.pace(0.01);
  for (let i = 0; i < 9; i++) await server.api.run("paced");
  const { page, close } = await open(browser, `${server.url}/alerts`);
  paced.pace(0.05);
  await server.api.run("paced");
  const alert = page.locator(".alert", { hasText: /paced became .*slow/ });
  await alert.locator(".pill", { hasText: "confirmed" }).waitFor({ timeout: 60_000 });
  await page.getByRole("heading", { level: 1, name: /Alerts: \d to look at/ }).waitFor();
  await page.getByRole("link", { name: /Alerts \d to look at/ }).waitFor();
  await page.goto(`${server.url}/`);
  await page.locator(".card", { hasText: "paced became" }).getByRole("link", { name: /alert/ }).click();
  await alert.getByRole("button", { name: "Write a note" }).click();
  await page.getByLabel("Note").fill(`${markup} known`);
  await page.getByRole("button", { name: "Save the note" }).click();
  await alert.locator(".note-text", { hasText: "<script>" }).waitFor();
  await alert.getByRole("button", { name: "Accept the new level" }).click();
  await alert.locator(".pill", { hasText: "accepted" }).waitFor();
  const [stored] = (await server.api.get("/alerts?state=accepted")).alerts;
  assert.deepEqual([stored.benchmark, stored.note], ["paced", `${markup} known`]);
  await page.getByLabel("State").selectOption("muted");
  await page.getByText("None is muted.").waitFor();
  await page.getByRole("link", { name: "Show all" }).click();
  await alert.getByRole("button", { name: "Open again" }).click();
  await alert.locator(".pill", { hasText: "confirmed" }).waitFor();
  await alert.getByRole("link", { name: "Compare both" }).click();
  await page.getByText("Weaker evidence.").waitFor();
  await close();
});

test("settings tell their value and their place", needsBrowser, async () => {
  const { settings } = await server.api.get("/settings");
  const { page, close } = await open(browser, `${server.url}/`);
  await page.getByRole("link", { name: "Settings" }).click();
  const own = settings.filter((s) => s.source !== "default");
  await page.getByRole("heading", { level: 1, name: `Settings: ${own.length} of ${settings.length} are not the default` }).waitFor();
  await page.getByLabel("From").selectOption("flag");
  const lines = page.locator(".settings tbody tr");
  const flags = settings.filter((s) => s.source === "flag");
  assert.equal(await lines.count(), flags.length);
  for (const { value, place } of flags) await lines.filter({ hasText: value }).getByText(place).waitFor();
  await page.getByLabel("From").selectOption("environment");
  await page.getByText("None comes from the environment.").waitFor();
  await close();
});
