// A field that the API renames must fail the build of the dashboard, not the page
// of whoever opens it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { describeAPI, writeClient } from "../../scripts/client.mjs";

const web = join(dirname(fileURLToPath(import.meta.url)), "../..");
const built = join(web, "openapi.json"); // by 'make dashboard'

let folder; // within web, so that the compiler finds what is imported
let description;

before(() => {
  folder = mkdtempSync(join(web, ".renamed-"));
  cpSync(join(web, "src"), join(folder, "src"), { recursive: true });
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../tsconfig.json", include: ["src"] }));
  description = describeAPI(process.env.OPENAPI ?? (existsSync(built) ? built : undefined));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of the dashboard under a description. */
async function check(api) {
  await writeClient(api, join(folder, "src"));
  const done = spawnSync(process.execPath, [join(web, "node_modules/typescript/bin/tsc"), "-p", folder], { encoding: "utf8" });
  return { status: done.status, said: done.stdout };
}

/** The description with a field of a schema under another name. */
function renamed(schema, field) {
  const api = structuredClone(description);
  const { properties, required } = api.components.schemas[schema];
  properties[`${field}Renamed`] = properties[field];
  delete properties[field];
  required[required.indexOf(field)] = `${field}Renamed`;
  return api;
}

test("the dashboard compiles as the API is", async () => {
  const { status, said } = await check(description);
  assert.deepEqual([status, said], [0, ""]);
});

for (const [schema, field] of [["Time", "median"], ["Receipt", "mechanism"]]) {
  test(`it does not once ${field} of ${schema} has another name`, async () => {
    const { status, said } = await check(renamed(schema, field));
    assert.notEqual(status, 0);
    assert.match(said, new RegExp(`error TS\\d+: .*'${field}'`));
  });
}
