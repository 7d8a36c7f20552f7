// Builds the dashboard into web/static: types from the API's description, a
// strict type check, scripts and a style sheet named by their content.
//
//   npm run build [-- openapi.json]      or: OPENAPI=openapi.json npm run build
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { makeClient } from "./client.mjs";
import { leanPlot } from "./lean-plot.mjs";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(web, "static");
const mostScript = 60_000; // bytes of all scripts, gzipped

await makeClient(process.argv[2] ?? process.env.OPENAPI);
execFileSync(process.execPath, [join(web, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", web], { stdio: "inherit" });

const bundled = await build({
  entryPoints: { app: join(web, "src/main.tsx") },
  outdir: join(out, "assets"),
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  write: false,
  metafile: true,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
  plugins: [leanPlot],
});

// README.md is part of the source; everything else here was built.
for (const name of readdirSync(out)) {
  if (name !== "README.md") rmSync(join(out, name), { recursive: true });
}
mkdirSync(join(out, "assets"));

let scripts = 0;
for (const file of bundled.outputFiles) {
  writeFileSync(file.path, file.contents);
  const packed = gzipSync(file.contents, { level: 9 });
  writeFileSync(`${file.path}.gz`, packed);
  const size = packed.length;
  if (file.path.endsWith(".js")) scripts += size;
  console.log(`${basename(file.path).padEnd(24)} ${file.contents.length} bytes, ${size} gzipped`);
}
console.log(`scripts together: ${scripts} bytes gzipped`);
if (scripts > mostScript) throw new Error(`the scripts have ${scripts} bytes gzipped: at most ${mostScript}`);

const [entry] = Object.entries(bundled.metafile.outputs).filter(([, o]) => o.entryPoint?.endsWith("src/main.tsx"));
const icon = readFileSync(join(web, "src/icon.svg"));
const iconName = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8)}.svg`;
writeFileSync(join(out, "assets", iconName), icon);

const names = { SCRIPT: basename(entry[0]), STYLE: basename(entry[1].cssBundle), ICON: iconName };
const page = readFileSync(join(web, "src/index.html"), "utf8").replace(/@(ICON|STYLE|SCRIPT)@/g, (_, name) => `/assets/${names[name]}`);
writeFileSync(join(out, "index.html"), page);
