import { realpathSync } from "node:fs";

/**
 * How Rollcall is started from where nothing is known of it: Shortcuts, Automator and launchd give a bare
 * environment and a short PATH, so a `#!/usr/bin/env node` would not find node.
 */
export interface HowToStart {
  /** Absolute path of node. */
  readonly node: string;
  /** Absolute path of the program, `dist/main.js`. */
  readonly program: string;
  /** The settings in force: without them it would keep another ledger, and bring everything again. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The path under which a file of Homebrew stays where it is: a Cellar path names one version and is gone after the
 * next upgrade, the path below `opt` follows it. Any other path is returned as it is.
 */
export function lastingPath(path: string, realPathOf: (path: string) => string = realpathSync): string {
  const [, prefix, name, rest] = /^(.*)\/Cellar\/([^/]+)\/[^/]+\/(.+)$/.exec(path) ?? [];
  if (prefix === undefined) return path;
  const lasting = `${prefix}/opt/${name}/${rest}`;
  try {
    return realPathOf(lasting) === realPathOf(path) ? lasting : path;
  } catch {
    return path;
  }
}

/** One word for a POSIX shell, whatever is in it. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * A script for /bin/sh (which, unlike zsh, reads no file of the person's own that could print something) that
 * becomes Rollcall with these arguments.
 * @param ifMoved lines to run, at least one, instead where node or the program is no longer where it was
 */
export function startScript(
  { node, program, environment }: HowToStart,
  args: readonly string[],
  ifMoved: readonly [string, ...string[]],
): string {
  const settings = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
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
