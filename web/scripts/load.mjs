// One load of a page in a browser that knows nothing of it, in figures.

const quiet = 800; // ms without a request in flight or a long task, after which a load is over
const patience = 30_000; // ms

export const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** Counts what goes over the wire. A stream of events has no end, and is not waited for. */
function watchWire(cdp) {
  const kinds = new Map(); // of requests by id
  const wire = { requests: 0, files: 0, answers: 0, flying: new Set() };
  cdp.on("Network.requestWillBeSent", ({ requestId, type, request }) => {
    if (!request.url.startsWith("http")) return;
    wire.requests++;
    kinds.set(requestId, type);
    if (type !== "EventSource") wire.flying.add(requestId);
  });
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (!wire.flying.delete(requestId)) return;
    wire[kinds.get(requestId) === "Fetch" ? "answers" : "files"] += encodedDataLength / 1e3;
  });
  cdp.on("Network.loadingFailed", ({ requestId }) => wire.flying.delete(requestId));
  return wire;
}

/**
 * What a load costs: requests; kilobytes of files and of answers of the API, as
 * they come over the wire, heads included; ms from the beginning to the first
 * paint of content and to when the page can be used, which is when its last long
 * task and its last request have ended; long tasks (over 50 ms), and the longest.
 */
export async function loadFigures(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((e) => ({ start: e.startTime, took: e.duration })))).observe({ type: "longtask", buffered: true });
  });
  const cdp = await context.newCDPSession(page);
  await cdp.send("Network.enable");
  const wire = watchWire(cdp);
  await page.goto(url);
  const begun = Date.now();
  for (let rested = Date.now(); Date.now() - rested < quiet; ) {
    if (Date.now() - begun > patience) throw new Error(`${url} never comes to rest`);
    await page.waitForTimeout(50);
    const since = await page.evaluate(() => performance.now() - Math.max(0, ...window.longTasks.map((t) => t.start + t.took)));
    if (wire.flying.size > 0) rested = Date.now();
    else rested = Math.max(rested, Date.now() - since);
  }
  const seen = await page.evaluate(() => ({
    painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    requestsEnd: Math.max(0, ...performance.getEntriesByType("resource").map((e) => e.responseEnd)),
    longTasks: window.longTasks,
  }));
  await context.close();
  const ends = seen.longTasks.map((t) => t.start + t.took);
  return {
    requests: wire.requests, files: wire.files, answers: wire.answers, painted: seen.painted,
    usable: Math.max(seen.painted, seen.requestsEnd, ...ends),
    longTasks: seen.longTasks.length, longest: Math.max(0, ...seen.longTasks.map((t) => t.took)),
  };
}
