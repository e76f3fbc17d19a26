import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { makeProgram } from "../../src/cli/program.js";
import { rollcallOnPath } from "../rollcall-on-path.js";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** The transcripts are about the command as it is installed: `npm test` builds it first. */
export const isBuilt = existsSync(main);

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Circumstances {
  /** Signals to send, one each time that stderr has the next of these texts. */
  readonly kills?: readonly { readonly at: string; readonly signal: NodeJS.Signals }[];
  /** Called with all of stdout so far, each time that more of it comes; `stop` presses Ctrl-C. */
  readonly onStdout?: (soFar: string, stop: () => void) => void;
  /** Who reads stdout: this test (unless given); it leaves at once, or after the first piece; nobody, it is a file. */
  readonly stdout?: "leaves" | "leaves after the first piece" | { readonly file: string };
  /** The number of another user who runs it: only root can have that. */
  readonly uid?: number;
}

/**
 * Runs the built command without a terminal. Nobody sees a stack trace, whatever happens, and a command ends with a
 * status that its help lists: both are checked here.
 */
export async function rollcall(
  args: readonly string[],
  env: Record<string, string>,
  { kills = [], stdout: reader, onStdout, uid }: Circumstances = {},
): Promise<Ended> {
  const left = [...kills];
  const file = typeof reader === "object" ? openSync(reader.file, "w") : null;
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: rollcallOnPath(), HOME: env.ROLLCALL_HOME, ...env },
    stdio: ["ignore", file ?? "pipe", "pipe"],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  if (file !== null) closeSync(file);
  let [stdout, stderr] = ["", ""];
  if (reader === "leaves") child.stdout?.destroy();
  else
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      onStdout?.(stdout, () => void child.kill("SIGINT"));
      if (reader === "leaves after the first piece") child.stdout?.destroy();
    });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    while (left[0] !== undefined && stderr.includes(left[0].at)) child.kill(left.shift()!.signal);
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  expect(stderr + stdout).not.toMatch(/^\s+at .+:\d+:\d+\)?$|node:internal/m);
  const listed = listedStatuses(args);
  if (status !== null && listed.length > 0) expect(listed, "the statuses in its help").toContain(status);
  return { status, stdout, stderr };
}

/** The exit statuses that a command's help lists; none for `rollcall` itself. */
export function listedStatuses(args: readonly string[]): number[] {
  let command = makeProgram(() => {});
  for (const arg of args) {
    const below = command.commands.find((one) => one.name() === arg);
    if (below === undefined) break;
    command = below;
  }
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const [, list = ""] = help.split("Exit status:\n");
  return [...list.matchAll(/^ {2}(\d+) +\S/gm)].map(([, status]) => Number(status));
}
