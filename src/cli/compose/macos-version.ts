import type { RunProgram } from "../../integrations/run-program.js";

const ASKING_MS = 2_000;
const VERSION = /^\d{1,3}(\.\d{1,3}){1,2}$/;
/** From macOS 26 on, whose Darwin is 25; before, macOS 15 had Darwin 24. */
const FIRST_YEAR = 26;

interface MacosVersionDeps {
  readonly run: RunProgram | null;
  /** What SystemVersion.plist says; null where it cannot be read. */
  versionFile(): Promise<string | null>;
  /** Of the kernel, `os.release()`: "25.1.0". */
  readonly darwin: string;
}

/**
 * Which macOS this is: as `sw_vers` says, else as the system's file does. To a program that was linked against an older
 * SDK, as many a node is, macOS 26 shows another file, with 16 in it; sw_vers can be told to read that, too
 * (`SYSTEM_VERSION_COMPAT`). There never was a macOS 16, so such an answer gives way to what the kernel says.
 * @returns "15.5"; "26" where only the kernel tells; null where nothing does
 */
export async function macosVersion({ run, versionFile, darwin }: MacosVersionDeps): Promise<string | null> {
  const end = await run?.("sw_vers", ["-productVersion"], { deadlineMs: ASKING_MS });
  const printed = end?.kind === "ended" && end.status === 0 ? end.stdout.trim() : "";
  if (VERSION.test(printed) && !isMadeUp(printed, darwin)) return printed;
  const inFile = await versionFile();
  if (inFile !== null && !isMadeUp(inFile, darwin)) return inFile;
  return ofKernel(darwin);
}

/** What macOS shows to programs that know no newer one: 10.16 for macOS 11 and later, 16 for 26 and later. */
function isMadeUp(version: string, darwin: string): boolean {
  const major = Number.parseInt(version, 10);
  return (major > 15 && major < FIRST_YEAR) || (major === 10 && ofKernel(darwin) !== null);
}

/** "26" for Darwin 25, "15" for Darwin 24; null for what is older than macOS 11, or no version. */
function ofKernel(darwin: string): string | null {
  const major = Number(/^(\d{1,3})\./.exec(darwin)?.[1] ?? Number.NaN);
  if (!(major >= 20)) return null;
  return String(major + 1 >= FIRST_YEAR ? major + 1 : major - 9);
}
