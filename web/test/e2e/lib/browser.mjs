// Chromium, and pages that remember all that went wrong in them.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";

/** Whether what a test needs must be there, rather than the test be skipped. */
export const required = (what) => (process.env.BENCHCELL_REQUIRE ?? "").split(/[\s,]+/).some((word) => word === what || word === "all");

/** Options for a test that needs the browser: skipped with the reason, or failing where it is required. */
export const needsBrowser = (() => {
  if (existsSync(executablePath)) return {};
  const reason = `${executablePath} is missing: apt-get install chromium, or set CHROMIUM`;
  if (required("browser")) throw new Error(reason);
  return { skip: reason };
})();

const flags = [
  "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-domain-reliability",
  "--disable-sync", "--metrics-recording-only", "--no-default-browser-check", "--no-first-run", "--no-pings",
];

export function launch() {
  const root = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: root ? [...flags, "--no-sandbox"] : flags, chromiumSandbox: !root });
}

/** A page; `expected` are messages of the console that the test causes on purpose. */
export async function open(browser, url, { scheme = "light", width = 1440, height = 900, scale = 1, motion = "reduce", expected = [], axe } = {}) {
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height }, deviceScaleFactor: scale, reducedMotion: motion });
  const page = await context.newPage();
  const faults = [];
  const note = (fault) => expected.some((pattern) => pattern.test(fault)) || faults.push(`${page.url()}: ${fault}`);
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && note(`console: ${message.text()}`));
  page.on("pageerror", (error) => note(`uncaught: ${error.message}`));
  page.on("request", (request) => !request.url().startsWith(new URL(url).origin) && !request.url().startsWith("data:") && note(`left the server: ${request.url()}`));
  await page.exposeFunction("noteViolation", (text) => note(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (e) => window.noteViolation(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber} ${e.sample}`));
  });
  if (axe) await page.addInitScript({ path: axe }); // the page's policy lets no script in later
  await page.goto(url);
  return {
    page,
    /** Ends the page and says what went wrong in it. */
    close: async () => {
      await context.close();
      assert.deepEqual(faults, []);
    },
  };
}
