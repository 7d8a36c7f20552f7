// A benchmark that takes as long as a file says, so that it can become slower.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** So many of them, all of which the file paces; `with` adds to the configuration of each. */
export function pacedBy(names, more = "") {
  const folder = mkdtempSync(join(tmpdir(), "benchcell-pace-"));
  const file = join(folder, "pace");
  const config = names.map((name) => `
[[benchmarks]]
name = "${name}"
category = "built in"
kind = "command"
command = ["sh", "-c", "sleep $(cat ${file})"]
iterations = 6
${more}`).join("");
  return { config, pace: (seconds) => writeFileSync(file, String(seconds)), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Waits for an alert that a second run has confirmed. */
export async function confirmed(api, benchmark) {
  for (;;) {
    const { alerts } = await api.get("/alerts?state=confirmed");
    const found = alerts.find((a) => a.benchmark === benchmark);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
