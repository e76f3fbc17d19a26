import { spawn, spawnSync } from "node:child_process";
import { expect } from "vitest";
import { main } from "./command-harness.js";

/** It gives the command a terminal of its own; the one of macOS takes other flags. */
export const hasTerminal = /util-linux/.test(String(spawnSync("script", ["--version"]).stdout));
/**
 * A person at a terminal.
 * @param keys what is typed, each once what stands before it is on the screen
 */
export async function atTerminal(
  table: { readonly environment: Readonly<Record<string, string>> },
  command: readonly string[],
  keys: readonly (readonly [seen: string, typed: string])[],
  { columns = 100, environment = {} }: { columns?: number; environment?: Record<string, string> } = {},
): Promise<{ screen: string; status: number | null }> {
  const words = [process.execPath, main, ...command].join("' '");
  const child = spawn("script", ["-qefc", `stty cols ${columns} rows 40; exec '${words}'`, "/dev/null"], {
    env: { ...table.environment, TERM: "xterm", SHELL: "/bin/sh", PAGER: "cat", ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const left = [...keys];
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    while (left.length > 0 && screen.includes(left[0]![0])) child.stdin.write(left.shift()![1]);
  });
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  expect(left).toEqual([]);
  return { screen, status };
}
