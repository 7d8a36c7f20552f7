// Builds the dashboard into web/static: types from the API's description, a
// strict type check, scripts and a style sheet named by their content.
//
//   npm run build [-- openapi.json]      or: OPENAPI=openapi.json npm run build
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { makeClient } from "./client.mjs";
import { leanPlot } from "./lean-plot.mjs";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(web, "static");
// Bytes, gzipped: of what the first page needs, and of all that may ever be loaded.
const mostAtFirst = 60_000;
const mostScript = 100_000;

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

const sizes = new Map(); // of scripts by name, gzipped
for (const file of bundled.outputFiles) {
  writeFileSync(file.path, file.contents);
  const packed = gzipSync(file.contents, { level: 9 });
  writeFileSync(`${file.path}.gz`, packed);
  writeFileSync(`${file.path}.br`, brotliCompressSync(file.contents));
  if (file.path.endsWith(".js")) sizes.set(basename(file.path), packed.length);
  console.log(`${basename(file.path).padEnd(24)} ${file.contents.length} bytes, ${packed.length} gzipped`);
}

const [entry] = Object.entries(bundled.metafile.outputs).filter(([, o]) => o.entryPoint?.endsWith("src/main.tsx"));

/** The names of a script and of all that it imports before it begins. */
function withImports(path, found = new Set()) {
  if (found.has(basename(path))) return found;
  found.add(basename(path));
  for (const { kind, path: next } of bundled.metafile.outputs[path].imports) {
    if (kind === "import-statement") withImports(next, found);
  }
  return found;
}

function hold(what, names, most) {
  const sum = [...names].reduce((total, name) => total + sizes.get(name), 0);
  console.log(`${what}: ${sum} bytes gzipped of at most ${most}`);
  if (sum > most) throw new Error(`${what} have ${sum} bytes gzipped: at most ${most}`);
}

const first = withImports(entry[0]);
hold("scripts of the first load", first, mostAtFirst);
hold("all scripts", sizes.keys(), mostScript);

const icon = readFileSync(join(web, "src/icon.svg"));
const iconName = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8)}.svg`;
writeFileSync(join(out, "assets", iconName), icon);

const names = { SCRIPT: basename(entry[0]), STYLE: basename(entry[1].cssBundle), ICON: iconName };
const filled = readFileSync(join(web, "src/index.html"), "utf8").replace(/@(ICON|STYLE|SCRIPT)@/g, (_, name) => `/assets/${names[name]}`);
// All at once: a browser learns of an import only once it has read the script that has it.
const preloads = [...first].slice(1).map((name) => `<link rel="modulepreload" href="/assets/${name}">\n`);
const page = filled.replace("</head>", `${preloads.join("")}</head>`);
writeFileSync(join(out, "index.html"), page);
