// Commands as a shell takes them.
import { hiddenClass, visible } from "./visible";

const harmless = /^[\w@%+=:,./-]+$/;

/** One argument, quoted where a shell would read it otherwise. */
export function quote(argument: string): string {
  if (harmless.test(argument)) return argument;
  // Nothing that can't be seen gets into a command that is pasted.
  if (visible(argument) !== argument) return `$'${[...argument].map(escaped).join("")}'`;
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

const unseen = new RegExp(`[\\x00-\\x1f\\x7f-\\x9f${hiddenClass}]`, "u");

function escaped(character: string): string {
  if (character === "'" || character === "\\") return `\\${character}`;
  if (!unseen.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

/** A command line of its arguments. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quote).join(" ");
}
