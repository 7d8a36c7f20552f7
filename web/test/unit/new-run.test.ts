import { expect, test } from "vitest";
import { Failure } from "../../src/api/failure";
import { applies, definitionOf } from "../../src/new-run/definition";
import { errorsOf } from "../../src/new-run/errors";
import { fileBytes, sentFile, withFiles } from "../../src/new-run/files";
import { commandLine } from "../../src/text/shell";
import { split } from "../../src/text/split";

const plain = (text: string | undefined): string => (text ?? "").replaceAll("\u00a0", " ");
const argv = (line: string): string[] | string => {
  const found = split(line);
  return "argv" in found ? found.argv : found.error;
};

test("a command line becomes arguments, quotes honoured", () => {
  expect(argv("")).toEqual([]);
  expect(argv("  sort   -n\tlines.txt ")).toEqual(["sort", "-n", "lines.txt"]);
  expect(argv(`sh -c 'echo "hi" $x | cat' ''`)).toEqual(["sh", "-c", `echo "hi" $x | cat`, ""]);
  expect(argv(`a"b c"'d e'\\ f`)).toEqual(["ab cd e f"]);
  expect(argv(`"\\" \\\\ \\n \\$"`)).toEqual([`" \\ \\n $`]);
  expect(argv("ls *.go ~ #x {a,b}")).toEqual(["ls", "*.go", "~", "#x", "{a,b}"]);
});

test("what only a shell can do is refused", () => {
  for (const line of ["a | b", "a > b", "a; b", "a && b", "echo $HOME", 'echo "$HOME"', "echo `id`", 'echo "`id`"', "(a)", "a\nb"]) expect(argv(line), line).toMatch(/is for a shell/);
  expect(argv("echo 'open")).toMatch(/' is never closed/);
  expect(argv('echo "open\\"')).toMatch(/" is never closed/);
  expect(argv("echo \\")).toMatch(/backslash/);
});

// Random, but the same each time.
function random(seed: number): () => number {
  return () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

test("splitting never throws, and takes back what was quoted", () => {
  const next = random(7);
  const alphabet = [..."ab \\'\"$`|;*~#=é漢"];
  const text = (): string => Array.from({ length: Math.floor(next() * 8) }, () => alphabet[Math.floor(next() * alphabet.length)]).join("");
  for (let i = 0; i < 5_000; i++) {
    const words = Array.from({ length: Math.floor(next() * 4) }, text);
    expect(argv(commandLine(words))).toEqual(words);
    const found = split(text() + text());
    expect("argv" in found || found.error.length > 0).toBe(true);
  }
});

const good = { name: "x", command: "sort -n" };

test("a definition in the units of the API, without what was left empty", () => {
  const texts = { ...good, image: " ", iterations: "20", precision: "1", timeout: "1.5", "limits.memory": "64", "limits.cpus": "0.5", "limits.output": "0.5", warmup: "0" };
  expect(definitionOf({ texts, sampling: "fixed", files: [] })).toEqual({
    definition: { name: "x", command: ["sort", "-n"], iterations: 20, warmup: 0, timeout: 1500, limits: { memory: 64 << 20, cpus: 0.5, output: 512 } },
  });
  expect(definitionOf({ texts: { ...good, iterations: "20", precision: "1" }, sampling: "precise", files: [] })).toEqual({ definition: { name: "x", command: ["sort", "-n"], precision: 0.01 } });
  expect(definitionOf({ texts: { ...good, iterations: "20", max: "9" }, sampling: "enough", files: [] })).toEqual({ definition: { name: "x", command: ["sort", "-n"] } });
  expect([applies("iterations", "precise"), applies("max", "precise"), applies("timeout", "fixed")]).toEqual([false, true, true]);
});

test("what is wrong is known before anything is sent", () => {
  const of = (texts: object, sampling: "enough" | "fixed" = "enough") => definitionOf({ texts, sampling, files: [] });
  expect(of({})).toEqual({ errors: { name: "Give it a name.", command: "Say which program to run." } });
  expect(of({ ...good, timeout: "soon", "limits.pids": "1e999" })).toEqual({ errors: { timeout: "This must be a number.", "limits.pids": "This must be a number." } });
  expect(of(good, "fixed")).toEqual({ errors: { iterations: "Say how many, or choose another way." } });
});

test("the server's errors are told at their field, in its unit", () => {
  const places = [
    { location: "body.definition.limits.memory", message: "expected number >= 8.388608e+06" },
    { location: "body.definition.timeout", message: "expected number <= 8.64e+07" },
    { location: "body.definition.iterations", message: "expected integer" },
    { location: "body.definition.env", message: "expected object" },
  ];
  const errors = errorsOf(new Failure("validation failed", "invalid", 422, "", places));
  expect(plain(errors["limits.memory"])).toBe("It must be at least 8 MiB.");
  expect(plain(errors.timeout)).toBe("It must be at most 24 h.");
  expect(errors.iterations).toBe("Expected integer.");
  expect(errors.form).toBe("body.definition.env expected object");
  const said = (message: string, hint = "") => errorsOf(new Failure(message, "invalid", 422, hint));
  expect(said("limits.pids is 1000: it must be at most 128", "raise limits.pids in the configuration")).toEqual({
    "limits.pids": "Limits.pids is 1000: it must be at most 128. Raise limits.pids in the configuration.",
  });
  expect(plain(said("limits.memory is 1099511627776: it must be at most 536870912")["limits.memory"])).toBe("Limits.memory is 1,024 GiB: it must be at most 512 MiB.");
  expect(Object.keys(said('files[0]: path "../x" must be relative'))).toEqual(["files"]);
  expect(Object.keys(said("command is empty"))).toEqual(["command"]);
  expect(said("the queue is full", "try again")).toEqual({ form: "the queue is full Try again." });
});

test("files are sent as text where they are text", () => {
  const bytes = (...b: number[]): Uint8Array => new Uint8Array(b);
  expect(sentFile("a", new TextEncoder().encode("#!/bin/sh\n"))).toEqual({ path: "a", content: "#!/bin/sh\n", encoding: "utf8", executable: true });
  expect(sentFile("b", bytes(0xff, 0, 1))).toEqual({ path: "b", content: "/wAB", encoding: "base64", executable: false });
  expect(sentFile("c", bytes(0xef, 0xbb, 0xbf, 0x61)).content).toBe("\ufeffa"); // comes back as it was
  expect(sentFile("d", bytes(0x7f, 0x45, 0x4c, 0x46, 0xff)).executable).toBe(true);
  expect(sentFile("e", new Uint8Array(200_000).fill(0xff)).content.length).toBe(Math.ceil(200_000 / 3) * 4);
  for (const n of [0, 1, 2, 3, 4]) expect(fileBytes(sentFile("f", new Uint8Array(n).fill(0xff)))).toBe(n);
  expect(fileBytes(sentFile("g", new TextEncoder().encode("é")))).toBe(2);
  const [a, b] = [sentFile("a", bytes(0x61)), sentFile("b", bytes(0x62))];
  expect(withFiles([a, b], [sentFile("a", bytes(0x63))]).map((f) => f.path + f.content)).toEqual(["bb", "ac"]);
});
