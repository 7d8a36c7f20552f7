// Makes the types of the API, src/client/schema.d.ts, from its OpenAPI
// description, so that a renamed field fails the build of the dashboard.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The description: from a file if one is named, else from the Go sources. */
function describe(file) {
  if (file) return readFileSync(file, "utf8");
  return execFileSync("go", ["run", "./cmd/orchestrator", "openapi"], {
    cwd: join(web, ".."),
    encoding: "utf8",
    maxBuffer: 64 << 20,
    env: { ...process.env, CGO_ENABLED: "0" },
  });
}

export const describeAPI = (file) => JSON.parse(describe(file));

/** Writes the types of a description into a folder of sources. */
export async function writeClient(description, sources) {
  const types = astToString(await openapiTS(description));
  const folder = join(sources, "client");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "schema.d.ts"), `// Generated from the OpenAPI description: do not edit.\n${types}`);
}

export const makeClient = (file) => writeClient(describeAPI(file), join(web, "src"));
