import { type RunProgram, succeeded } from "./run-program.js";

const ASKING_MS = 2_000;

/**
 * After how many minutes without use this Mac goes to sleep, as the power supply of this moment has it.
 * pmset prints it as " sleep   10", with a remark behind it while something keeps it awake; beside lines such as
 * " displaysleep" and " Sleep On Power Button". (unverified on macOS)
 * @returns 0: never by itself; null: not known
 */
export async function idleSleepMinutes(run: RunProgram, signal?: AbortSignal): Promise<number | null> {
  const end = await run("pmset", ["-g"], { deadlineMs: ASKING_MS, signal });
  if (end.kind !== "ended" || !succeeded(end)) return null;
  const [, minutes] = /^[ \t]*sleep[ \t]+(\d{1,6})\b/m.exec(end.stdout) ?? [];
  return minutes === undefined ? null : Number(minutes);
}
