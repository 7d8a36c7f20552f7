// A server and a browser for all tests of a file.
import { after, before } from "node:test";
import { launch, needsBrowser } from "./browser.mjs";
import { serve } from "./server.mjs";

/** Starts both before the tests, hands them to `ready`, and ends them after the last. `options` are those of serve. */
export function withServer(options, ready) {
  let server;
  let browser;
  before(async () => {
    if (needsBrowser.skip) return;
    [server, browser] = await Promise.all([serve(options), launch()]);
    ready(server, browser);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
}
