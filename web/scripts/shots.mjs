// Makes the pictures of the README from real runs: npm run shots. It needs the
// built binary and Chromium, and takes about two minutes.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, needsBrowser, open } from "../test/e2e/lib/browser.mjs";
import { serve } from "../test/e2e/lib/server.mjs";
import { gallery, measured } from "./gallery.mjs";

const docs = join(dirname(fileURLToPath(import.meta.url)), "../../docs");
const rounds = 24; // runs of each benchmark, for the trends
const size = { width: 1440, height: 900 };

/** What each benchmark takes on this machine, in ms by slug. */
async function calibrate() {
  const server = await serve({ config: gallery({}) });
  const medians = {};
  for (const slug of measured) {
    const three = [await server.api.run(slug), await server.api.run(slug), await server.api.run(slug)];
    medians[slug] = three.map((run) => run.time.median).sort((a, b) => a - b)[1];
  }
  await server.stop();
  return medians;
}

async function fill(server) {
  const { backends } = await server.api.get("/capabilities");
  const container = backends.find((b) => b.backend === "container")?.available ? { isolation: "container" } : {};
  const { benchmarks } = await server.api.get("/benchmarks");
  for (let round = 1; round <= rounds; round++) {
    for (const b of benchmarks) await server.api.run(b.slug, round === rounds && b.category === "contributors" ? container : {});
    process.stdout.write(`\rround ${round} of ${rounds}`);
  }
  process.stdout.write("\n");
}

/** The run with the fewest warnings of several: other work on the machine is no subject for a picture. */
async function calmest(server, slug) {
  const runs = [];
  for (let i = 0; i < 10; i++) runs.push(await server.api.run(slug, { iterations: 60 }));
  const trouble = (run) => run.warnings.length + (run.rating === "fast" ? 0 : 10);
  return runs.sort((a, b) => trouble(a) - trouble(b))[0];
}

async function shoot(browser, url, name, scheme) {
  const { page, close } = await open(browser, url, { scheme, ...size });
  await page.locator("h1").waitFor();
  await page.waitForFunction(() => !document.querySelector(".loading, .plot-place"));
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(docs, `${name}.png`) });
  console.log(`docs/${name}.png`);
  await close();
}

if (needsBrowser.skip) throw new Error(needsBrowser.skip);
const targets = await calibrate();
const server = await serve({ config: gallery(targets), containers: true });
const browser = await launch();
try {
  await fill(server);
  mkdirSync(docs, { recursive: true });
  await shoot(browser, server.url, "overview-light", "light");
  await shoot(browser, server.url, "overview-dark", "dark");
  const run = await calmest(server, "profile-query-batch");
  await shoot(browser, `${server.url}/runs/${run.id}`, "run-light", "light");
} finally {
  await browser.close();
  await server.stop();
}
