import { type ChildProcess, spawn } from "node:child_process";

/** A program that shows text by the screen: itself, or a line for the shell. */
export type Pager =
  | { readonly program: string; readonly args: readonly string[] }
  | { readonly shellLine: string };

/** What a shell ends with where it cannot start a program (POSIX). */
const CANNOT_START = [126, 127];

/**
 * `$PAGER`, else less, which ends at once where all is on one screen. Null where there is nobody to turn pages: no
 * terminal, one that can do nothing, or an empty `$PAGER`, which git takes for none, too.
 */
export function pagerFor(
  { PAGER, TERM }: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean | undefined,
): Pager | null {
  if (isTerminal !== true || TERM === undefined || TERM === "" || TERM === "dumb") return null;
  if (PAGER === undefined) return { program: "less", args: ["-FRX"] };
  return PAGER.trim() === "" ? null : { shellLine: PAGER };
}

/**
 * Shows text that was made harmless, and settles when the pager has ended, however it did: one may be left early.
 * @returns false where it could not be started
 */
export async function showIn(pager: Pager, text: string): Promise<boolean> {
  const stdio: ["pipe", "inherit", "inherit"] = ["pipe", "inherit", "inherit"];
  const child =
    "program" in pager
      ? spawn(pager.program, pager.args, { stdio })
      : spawn("/bin/sh", ["-c", pager.shellLine], { stdio });
  using _left = leaveCtrlCTo(child);
  const ended = new Promise<boolean>((resolve) => {
    child.once("error", () => resolve(false));
    child.once("close", (status) => resolve(!CANNOT_START.includes(status ?? 0)));
  });
  // It is left before all was read: there is nothing more to tell it.
  child.stdin!.on("error", () => {});
  child.stdin!.end(text);
  return await ended;
}

/** The terminal sends Ctrl-C to both, and it means the pager; what ends this process ends that, too. */
function leaveCtrlCTo(child: ChildProcess): Disposable {
  const ours = process.listeners("SIGINT");
  const nothing = () => {};
  const endIt = () => void child.kill();
  process.removeAllListeners("SIGINT");
  process.on("SIGINT", nothing);
  process.on("SIGTERM", endIt);
  return {
    [Symbol.dispose]: () => {
      process.off("SIGTERM", endIt);
      process.off("SIGINT", nothing);
      for (const listener of ours) process.on("SIGINT", listener as NodeJS.SignalsListener);
    },
  };
}
