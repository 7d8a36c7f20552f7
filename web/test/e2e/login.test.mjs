// Where a token is asked for: the login page, with and without scripts, and what
// a reader's role leaves of the dashboard.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, needsBrowser, open } from "./lib/browser.mjs";
import { login } from "./lib/login.mjs";
import { serve } from "./lib/server.mjs";

const shots = join(dirname(fileURLToPath(import.meta.url)), "../../shots");
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const secret = "an-admins-secret";
const config = `
[server]
token = "${secret}"
[[benchmarks]]
name = "quick"
command = ["true"]
iterations = 6
`;

let server;
let browser;
const tokens = {};

const asAdmin = (path, body) =>
  fetch(`${server.url}/api/v1${path}`, {
    method: body ? "POST" : "DELETE",
    headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

before(async () => {
  if (needsBrowser.skip) return;
  mkdirSync(shots, { recursive: true });
  [server, browser] = await Promise.all([serve({ config }), launch()]);
  for (const role of ["viewer", "runner"]) tokens[role] = await (await asAdmin("/tokens", { name: role, role })).json();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a reader logs in, may not run, and logs out", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/benchmarks/quick`, { expected: [/401|429/] });
  assert.equal(new URL(page.url()).pathname, "/login");
  await login(page, "wrong");
  await page.getByRole("alert").waitFor();
  await login(page, tokens.viewer.text);
  await page.getByRole("heading", { name: "quick" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/benchmarks/quick");
  await page.getByText("viewer, viewer").waitFor();
  const all = page.getByRole("button", { name: "Run all" });
  assert.equal(await all.isDisabled(), true);
  assert.match(await all.getAttribute("title"), /only reads/);
  assert.equal(await page.getByRole("link", { name: "New run" }).count(), 0);
  await page.screenshot({ path: join(shots, "viewer-light.png") });
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("Token").waitFor();
  await page.goto(`${server.url}/runs`);
  assert.equal(new URL(page.url()).pathname, "/login");
  await close();
});

test("a runner runs with the cookie alone", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/`);
  await login(page, tokens.runner.text);
  const line = page.locator('[data-row="quick"]');
  await line.getByRole("button", { name: /^Run / }).click();
  await line.locator(".c-rating .pill").waitFor({ timeout: 60_000 });
  assert.deepEqual(await page.evaluate(() => document.cookie), "");
  await close();
});

test("who is revoked is shown where to log in", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/`, { expected: [/401|ERR_|Failed to load/] });
  const token = await (await asAdmin("/tokens", { name: "short", role: "viewer" })).json();
  await login(page, token.text);
  await page.locator("[data-row]").first().waitFor();
  await asAdmin(`/tokens/${token.id}`);
  await page.getByLabel("Token").waitFor({ timeout: 30_000 });
  await close();
});

test("one logs in without scripts", needsBrowser, async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.url}/machine`);
  await login(page, tokens.viewer.text);
  await page.waitForURL(/\/machine$/);
  await context.close();
});

for (const scheme of ["light", "dark"]) {
  test(`the login page looks right, ${scheme}`, needsBrowser, async () => {
    for (const width of [1440, 360]) {
      const { page, close } = await open(browser, `${server.url}/login`, { scheme, width, axe });
      const found = await page.evaluate(() => window.axe.run(document));
      assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      await page.screenshot({ path: join(shots, `login-${scheme}-${width}.png`) });
      await close();
    }
  });
}
