// The benchmarks in the pictures: real work, with targets set around what this
// machine was measured to take, so that each rating can be seen.

// name, category, registered function, target as a multiple of its median
const builtins = [
  ["Profile Query (single)", "performance", "profile-query-single", 3.6],
  ["Profile Query (batch)", "performance", "profile-query-batch", 1.45],
  ["JSON encode 1 MB", "encoding", "json-encode", 1.3],
  ["JSON decode 1 MB", "encoding", "json-decode", 1.002],
  ["Gzip 2 MiB of text", "encoding", "gzip", 0.9],
  ["SHA-256 of 8 MiB", "cpu", "sha256", 1.6],
  ["Sort 200,000 integers", "cpu", "sort-ints", 1.35],
  ["Channel ping-pong", "concurrency", "channel-ping-pong", 2],
  ["Loopback HTTP round trip", "io", "http-loopback", 1.8],
];

const slugOf = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

/** The slugs that have a target. */
export const measured = builtins.map(([name]) => slugOf(name));

const greedy = "x = []\nwhile True: x.append(bytearray(1 << 20))";

const rest = `
[[benchmarks]]
name = "sort-variants (PR 412)"
category = "contributors"
kind = "command"
command = ["sort", "--parallel=1"]
stdin_lines = 20_000
target_ms = 60.0
iterations = 12

[[benchmarks]]
name = "matrix-mul (PR 415)"
category = "contributors"
kind = "command"
command = ["python3", "-c", ${JSON.stringify(greedy)}]
iterations = 3
warmup = 0
limits = { memory = "64MiB" }

[[benchmarks]]
name = "gzip gives back what it took"
category = "tests"
kind = "tests"
command = ["sh", "-c", "test \\"$(printf 'round trip' | gzip -c | gzip -dc)\\" = 'round trip'"]
`;

/** The configuration; without medians, no benchmark has a target of ours. */
export function gallery(medians) {
  const one = ([name, category, builtin, factor]) => {
    const median = medians[slugOf(name)];
    const target = median ? `\ntarget_ms = ${(median * factor).toPrecision(2).replace(/^(\d+)$/, "$1.0")}` : "";
    return `\n[[benchmarks]]\nname = ${JSON.stringify(name)}\ncategory = "${category}"\nkind = "builtin"\nbuiltin = "${builtin}"${target}\n`;
  };
  return builtins.map(one).join("") + rest;
}
