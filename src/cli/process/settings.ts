import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { RollcallError } from "../../errors.js";
import { STARTED_FROM_VARIABLE, type StartedFrom, startedFrom } from "../../integrations/started-from.js";
import { typedPath } from "./typed-path.js";

/** What the environment says, read once. */
export interface Settings {
  /** Absolute: ledger, receipts, work; private to the user. */
  readonly dataFolder: string;
  /** Absolute. Photos may go on reading from it, so it is never a temporary folder. */
  readonly stagingFolder: string;
  /** As written; undefined: the system's usbmuxd. */
  readonly usbmuxdAddress: string | undefined;
  /** Another osascript than the system's. */
  readonly osascript: string | undefined;
  /** The library package that is open in Photos, as the person says. Absolute. */
  readonly photosLibrary: string | undefined;
  /** A folder with other programs in place of macOS's own (`shortcuts`, `osacompile`, ...). Absolute. */
  readonly macPrograms: string | undefined;
  /** From where it was started, if not from a terminal: what `rollcall setup` wrote says so. */
  readonly startedFrom: StartedFrom | null;
  /** What the environment sets of all these, as a Rollcall that is started elsewhere has to be told. */
  readonly carried: Readonly<Record<string, string>>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * An empty variable counts as one that is not set.
 * @throws RollcallError BAD_USAGE for a path that begins with ~, and where home is no absolute path
 */
export async function readSettings(env: Environment): Promise<Settings> {
  const given = (name: string) => (env[name]?.trim() ? env[name] : undefined);
  const givenPath = (name: string) => {
    const path = given(name);
    return path === undefined ? undefined : typedPath(name, path);
  };
  const home = givenPath("ROLLCALL_HOME");
  const staging = givenPath("ROLLCALL_STAGING");
  const library = givenPath("ROLLCALL_PHOTOS_LIBRARY");
  const osascript = given("ROLLCALL_OSASCRIPT");
  const macPrograms = givenPath("ROLLCALL_MAC_PROGRAMS");
  const dataFolder = home ?? (await usualDataFolder());
  const usualStaging =
    home === undefined ? join(homedir(), "Pictures", "Rollcall") : join(dataFolder, "staging");
  return {
    dataFolder,
    stagingFolder: staging ?? usualStaging,
    usbmuxdAddress: given("USBMUXD_SOCKET_ADDRESS"),
    osascript,
    photosLibrary: library,
    macPrograms,
    startedFrom: startedFrom(env[STARTED_FROM_VARIABLE]),
    carried: defined({
      ROLLCALL_HOME: home,
      ROLLCALL_STAGING: staging,
      ROLLCALL_PHOTOS_LIBRARY: library,
      ROLLCALL_OSASCRIPT: osascript?.includes("/") ? resolve(osascript) : osascript,
      USBMUXD_SOCKET_ADDRESS: given("USBMUXD_SOCKET_ADDRESS"),
    }),
  };
}

function defined(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

async function usualDataFolder(): Promise<string> {
  const { default: envPaths } = await import("env-paths");
  const usual = envPaths("Rollcall", { suffix: "" }).data;
  // One below the folder of the moment would be another at each place, and import everything again.
  if (isAbsolute(usual) && isAbsolute(homedir())) return usual;
  throw new RollcallError("BAD_USAGE", {
    message: "Rollcall's data folder is not known: HOME, or XDG_DATA_HOME, is not a full path.",
    remedy: "Set it, or name a folder with ROLLCALL_HOME.",
  });
}
