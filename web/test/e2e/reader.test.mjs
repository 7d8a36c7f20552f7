// Readers differ: some want dense rows, some no motion, some have no mouse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { needsBrowser, open } from "./lib/browser.mjs";
import { withServer } from "./lib/site.mjs";
import { troubles } from "./lib/troubles.mjs";

let server;
let browser;

withServer({ config: troubles }, (s, b) => ([server, browser] = [s, b]));

test("rows are dense where a reader wants it, and stay so", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/`);
  const height = () => page.locator("[data-row]").first().evaluate((row) => row.getBoundingClientRect().height);
  const choice = page.getByRole("button", { name: /rows/ });
  await page.locator("[data-row]").first().waitFor();
  const airy = await height();
  assert.equal(await choice.getAttribute("aria-pressed"), "false");
  await page.keyboard.press("d");
  await page.getByRole("button", { name: "Dense rows" }).waitFor();
  const dense = await height();
  assert.ok(dense < airy, `${dense} px, not under ${airy}`);
  await page.reload();
  await page.locator("[data-row]").first().waitFor();
  assert.equal(await height(), dense);
  assert.equal(await choice.getAttribute("aria-pressed"), "true");
  await choice.click();
  assert.equal(await height(), airy);
  await close();
});

for (const motion of ["reduce", "no-preference"]) {
  test(`what moves is still for who wants no motion: ${motion}`, needsBrowser, async () => {
    const { page, close } = await open(browser, `${server.url}/machine`, { motion });
    await page.route("**/api/v1/events", () => {}); // it never answers: the page goes on connecting
    await page.goto(`${server.url}/`);
    await page.locator(".state.connecting").waitFor();
    const moving = await page.evaluate(() => document.getAnimations().length);
    assert.equal(moving > 0, motion === "no-preference");
    await close();
  });
}

/** Presses Tab until the focus is where a test wants it. The heading of a page that has just come takes it in between, and shows none. */
async function tabTo(page, wanted) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab");
    const { name, ring } = await page.evaluate(() => {
      const e = document.activeElement;
      return { name: e === document.body || e.tagName === "H1" ? "" : (e.getAttribute("aria-label") ?? e.innerText ?? "").trim() || e.id || e.name, ring: getComputedStyle(e).outlineStyle };
    });
    if (name !== "") assert.notEqual(ring, "none", `${name} does not show that it has the focus`);
    if (wanted.test(name)) return;
  }
  assert.fail(`Tab never comes to ${wanted}`);
}

test("all of it can be done without a mouse", needsBrowser, async () => {
  const { page, close } = await open(browser, `${server.url}/`);
  await page.locator("[data-row]").first().waitFor();
  await tabTo(page, /^Skip to the content$/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "main");
  await tabTo(page, /^hostile output$/);
  await page.keyboard.press("/");
  await page.keyboard.type("sleeps long");
  await page.keyboard.press("Enter");
  await page.keyboard.press("r"); // the row that has the focus
  await page.locator(".c-ran .busy").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "sleeps long" }).waitFor();
  await tabTo(page, /^(Queued|Running)/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/runs\/\w+$/);
  await page.getByRole("heading", { level: 1, name: /^(Queued|Running)/ }).waitFor();
  await tabTo(page, /^Cancel$/);
  await page.keyboard.press("Space");
  await page.getByRole("heading", { level: 1, name: /^Cancelled/ }).waitFor({ timeout: 20_000 });
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await page.getByText("counts as untrusted").waitFor();
  await tabTo(page, /^new-name$/);
  await page.keyboard.type("by hand");
  await tabTo(page, /^new-command$/);
  await page.keyboard.type("true");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/runs\/\w+$/);
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await page.getByRole("heading", { level: 1, name: "Activity" }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/runs\?batch|\/runs\/\w+$/);
  await close();
});
