import { type RunProgram, whyNot } from "../run-program.js";
import { AGENT_LABEL } from "./agent-plist.js";

/** What launchd knows of the agent. A field is null where launchd did not say so in words that are understood. */
export type AgentState =
  | { readonly kind: "not-loaded" }
  /** One sentence. */
  | { readonly kind: "not-known"; readonly why: string }
  | {
      readonly kind: "loaded";
      /** The file that it was loaded from. */
      readonly path: string | null;
      /** Program and arguments, as they were when it was loaded. */
      readonly command: readonly string[] | null;
      /** The process that runs now; null also where none does. */
      readonly pid: number | null;
      /** How it ended last; null where it has not ended yet. */
      readonly lastStatus: number | null;
    };

const ASKING_MS = 5_000;
/** launchctl: "Could not find service". */
const NO_SUCH_SERVICE = 113;

/**
 * Asks launchd about the agent of the person who is logged in on the screen. It changes nothing.
 * What `launchctl print` writes is no stable format (launchctl(1) says so), so only four lines of it are looked for,
 * as they were seen on many Macs: unverified on macOS by us, and none of them has to be there.
 */
export async function agentState(run: RunProgram, uid: number, signal?: AbortSignal): Promise<AgentState> {
  const end = await run("launchctl", ["print", `gui/${uid}/${AGENT_LABEL}`], {
    deadlineMs: ASKING_MS,
    signal,
  });
  if (end.kind === "ended" && end.status === NO_SUCH_SERVICE) return { kind: "not-loaded" };
  if (end.kind !== "ended" || end.status !== 0) return { kind: "not-known", why: whyNot("launchctl", end) };
  const { stdout } = end;
  if (!stdout.includes(AGENT_LABEL)) return { kind: "not-known", why: "launchctl said nothing about it." };
  const lines = stdout.split("\n").map((line) => line.trim());
  // Blocks below it (endpoints, spawn) have lines of the same names: the first of each is the agent's own.
  const valueOfLine = (name: string) => {
    const line = lines.find((one) => one.startsWith(`${name} = `));
    return line?.slice(name.length + 3).trim() ?? null;
  };
  return {
    kind: "loaded",
    path: valueOfLine("path"),
    command: argumentsIn(lines),
    pid: wholeNumber(valueOfLine("pid")),
    lastStatus: wholeNumber(valueOfLine("last exit code")),
  };
}

/** Those between `arguments = {` and `}`, a line each. */
function argumentsIn(lines: readonly string[]): string[] | null {
  const first = lines.indexOf("arguments = {") + 1;
  const end = first === 0 ? -1 : lines.indexOf("}", first);
  return end < 0 ? null : lines.slice(first, end).filter((line) => line !== "");
}

/** "0", "78: EX_CONFIG"; "(never exited)" is none. */
function wholeNumber(text: string | null): number | null {
  const [digits] = /^\d+/.exec(text ?? "") ?? [];
  return digits === undefined ? null : Number(digits);
}
