import { realpathSync } from "node:fs";
import { quoted } from "../shell-word.js";
import { STARTED_FROM_VARIABLE, type StartedFrom } from "./started-from.js";

/**
 * How Rollcall is started from where nothing is known of it: Shortcuts, Automator and launchd give a bare
 * environment and a short PATH, so a `#!/usr/bin/env node` would not find node.
 */
export interface HowToStart {
  /** Absolute path of node. */
  readonly node: string;
  /** Absolute path of the program, `dist/main.js`. */
  readonly program: string;
  /** The settings in force: without them it would keep another ledger, and import everything again. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The path under which a file stays where it is at an upgrade. A path in Homebrew's Cellar names one version and is gone
 * after the next upgrade, the path below `opt` follows it; so does `current` beside the `versions` that
 * scripts/install-mac.sh makes. Any other path is returned as it is.
 */
export function lastingPath(path: string, realPathOf: (path: string) => string = realpathSync): string {
  const lasting = inOpt(path) ?? inCurrent(path);
  if (lasting === null) return path;
  try {
    return realPathOf(lasting) === realPathOf(path) ? lasting : path;
  } catch {
    return path;
  }
}

function inOpt(path: string): string | null {
  const names = path.split("/");
  // Behind it stand the package, its version, and at least one name more.
  const at = names.length < 5 ? -1 : names.lastIndexOf("Cellar", names.length - 4);
  if (at < 1) return null;
  return [...names.slice(0, at), "opt", names[at + 1], ...names.slice(at + 3)].join("/");
}

function inCurrent(path: string): string | null {
  const names = path.split("/");
  // Behind it stand the version, and at least one name more.
  const at = names.lastIndexOf("versions", names.length - 3);
  if (at < 1 || names[at - 1] !== ".rollcall") return null;
  return [...names.slice(0, at), "current", ...names.slice(at + 2)].join("/");
}

/**
 * A script for /bin/sh (which, unlike zsh, reads no file of the person's own that could print something) that
 * becomes Rollcall with these arguments.
 * @param from the set-up that writes it: what is started by it leaves behind how that went
 * @param ifMoved lines to run, at least one, instead where node or the program is no longer where it was
 */
export function startScript(
  { node, program, environment }: HowToStart,
  from: StartedFrom,
  args: readonly string[],
  ifMoved: readonly [string, ...string[]],
): string {
  const set = { ...environment, [STARTED_FROM_VARIABLE]: from };
  const settings = Object.entries(set).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  return [
    `node=${quoted(node)}\n`,
    `program=${quoted(program)}\n`,
    ...settings,
    'if [ ! -x "$node" ] || [ ! -r "$program" ]; then\n',
    ...ifMoved.map((line) => `  ${line}\n`),
    "fi\n",
    `exec "$node" "$program" ${args.join(" ")}\n`,
  ].join("");
}

/** `name='value'` on a line of its own, as {@link startScript} writes it. */
const ASSIGNMENT = /^(?:export )?([A-Za-z_]\w*)=((?:'[^']*'|\\')+)$/gm;

/**
 * Reads back what a script of {@link startScript} starts.
 * @returns null where it is none of them, or somebody has changed it
 */
export function startOf(script: string): HowToStart | null {
  const set = new Map(
    [...script.matchAll(ASSIGNMENT)].map(([, name = "", word = ""]) => [name, unquoted(word)]),
  );
  const [node, program] = [set.get("node"), set.get("program")];
  if (node === undefined || program === undefined) return null;
  for (const name of ["node", "program", STARTED_FROM_VARIABLE]) set.delete(name);
  return { node, program, environment: Object.fromEntries(set) };
}

function unquoted(word: string): string {
  return word.replaceAll(/'([^']*)'|\\'/g, (piece, inside: string | undefined) => inside ?? piece.slice(1));
}
