// A configuration of programs that end badly, take long or print what nobody
// should have to read.

/** As a TOML string, whatever is in it. */
const toml = (text) => JSON.stringify(text).replace(/[\x7f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

const benchmark = (name, script, more = "") => `
[[benchmarks]]
name = ${toml(name)}
category = "troubles"
kind = "command"
command = ["sh", "-c", ${toml(script)}]
warmup = 0
${more}`;

export const markup = `<img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script>`;

const hostile = [
  `printf '%s\\n' ${"'" + markup.replaceAll("'", "'\\''") + "'"}`,
  String.raw`printf '\033[1;31mred and bold\033[0m, \033[38;2;0;90;255mblue\033[m, \033[30;40mblack on black\033[0m\n'`,
  String.raw`printf '\033]0;pwned\007title \033]8;;https://example.org/\033\\link\033]8;;\033\\ \033[2J\033[1;1Hcleared \033c\n'`,
  String.raw`printf 'access \342\200\256txt.exe\342\200\254 zero\342\200\213width bell\007 back\010\010 \000 \233 nul\n'`,
  String.raw`printf 'progress 10%%\rprogress 20%%\n'`,
  `head -c 10000 /dev/zero | tr '\\0' x`,
  String.raw`printf '\nopen \033]0;never closed'`,
].join("; ");

export const troubles = [
  benchmark("hostile output", hostile, "iterations = 1"),
  benchmark("a megabyte of output", `i=0; while [ $i -lt 16000 ]; do echo "line $i $(printf '\\033[3%dm' $((i % 8)))coloured text that goes on for a while\\033[0m"; i=$((i + 1)); done; head -c 400000 /dev/zero | tr '\\0' y`, 'iterations = 1\ntimeout = "60s"'),
  benchmark("steps", `echo "step one"; echo "a warning" >&2; sleep 0.25; echo "step two"; sleep 0.05`, "iterations = 8\ntarget_ms = 900.0"),
  benchmark("too slow", `sleep 0.02`, "iterations = 8\ntarget_ms = 8.0"),
  benchmark("will not stop", `trap "" TERM; echo "I stay"; sleep 60`, 'iterations = 1\ntimeout = "300ms"\ngrace = "200ms"'),
  benchmark("exits with three", `echo "no such table" >&2; exit 3`, "iterations = 5"),
  benchmark("sleeps long", `echo "here I am"; sleep 30`, 'iterations = 3\ntimeout = "60s"'),
  benchmark("n".repeat(190), `exit 4`),
  benchmark("few samples", `true`, "iterations = 3\ntarget_ms = 1.0"),
  benchmark("held by p95", `true`, 'iterations = 80\ntarget_ms = 0.01\ntarget_on = "p95"\nlabels = { size = "10", team = "<b>storage</b>" }').replace("warmup = 0", "warmup = 3"),
  benchmark("held by memory", `true`, 'iterations = 8\ntarget_memory = "512MiB"'),
].join("\n");
