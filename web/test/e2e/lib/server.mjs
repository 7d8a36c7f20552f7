// The built binary, serving on a port and a data folder of its own.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../../..");
const binary = process.env.ORCHESTRATOR ?? join(root, "bin/orchestrator");
const patience = 20_000; // ms to start

/** Ours must not leak in: a developer may have settings of their own. */
function environment(containers) {
  const own = Object.entries(process.env).filter(([name]) => !/^(BENCHCELL_|BENCHMARK_)/.test(name));
  return { ...Object.fromEntries(own), ...(containers ? {} : { DOCKER_HOST: "unix:///no/engine/here" }) };
}

/**
 * Starts a server. `config` is the text of a configuration; without one it is
 * the built-in one. No container engine is found unless `containers` lets it be
 * looked for, so that tests see the same everywhere. `again` starts the server
 * once more at the same address, perhaps with something changed. `token` is what the API is asked with.
 */
export async function serve({ config, containers = false, listen = "127.0.0.1:0", folder, token } = {}) {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run 'make build' first`);
  const home = folder ?? mkdtempSync(join(tmpdir(), "benchcell-e2e-"));
  const args = ["serve", "--listen", listen, "--data", join(home, "data")];
  if (config !== undefined) {
    writeFileSync(join(home, "config.toml"), config);
    args.push("--config", join(home, "config.toml"));
  }
  const child = spawn(binary, args, { cwd: home, env: environment(containers), stdio: ["ignore", "pipe", "pipe"] });
  const url = await started(child);
  const halt = () => ended(child, "SIGTERM");
  return {
    url,
    api: apiOf(url, token),
    socket: join(home, "data", "operator.sock"),
    halt,
    again: async (changed = {}) => {
      await halt();
      return serve({ config, containers, listen: new URL(url).host, folder: home, token, ...changed });
    },
    stop: async () => {
      await halt();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function started(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`the server did not start: ${said}`)), patience);
    child.stderr.on("data", (chunk) => (said += chunk));
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const found = /serves on (\S+)/.exec(said);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1]);
    });
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
}

function ended(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", resolve);
    child.kill(signal);
  });
}

/** The API, for what a test needs done before it looks. */
function apiOf(url, token) {
  const call = async (path, body) => {
    const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const init = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}/api/v1${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    get: (path) => call(path),
    post: (path, body) => call(path, body),
    run: (slug, more = {}) => call("/runs?wait=60", { benchmark: slug, ...more }),
  };
}
