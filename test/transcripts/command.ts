import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** The transcripts are about the command as it is installed: `npm test` builds it first. */
export const isBuilt = existsSync(main);

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Signals to send, one each time that stderr has the next of these texts. */
export type Kills = readonly { readonly at: string; readonly signal: NodeJS.Signals }[];

/** Runs the built command without a terminal. Nobody sees a stack trace, whatever happens: that is checked here. */
export async function rollcall(
  args: readonly string[],
  env: Record<string, string>,
  kills: Kills = [],
): Promise<Ended> {
  const left = [...kills];
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, HOME: env.ROLLCALL_HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    while (left[0] !== undefined && stderr.includes(left[0].at)) child.kill(left.shift()!.signal);
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  expect(stderr + stdout).not.toMatch(/^\s+at .+:\d+:\d+\)?$|node:internal/m);
  return { status, stdout, stderr };
}
