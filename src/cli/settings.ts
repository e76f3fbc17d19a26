import { homedir } from "node:os";
import { join, resolve } from "node:path";

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
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as one that is not set. */
export async function readSettings(env: Environment): Promise<Settings> {
  const said = (name: string) => (env[name]?.trim() ? env[name] : undefined);
  const home = said("ROLLCALL_HOME");
  const staging = said("ROLLCALL_STAGING");
  const library = said("ROLLCALL_PHOTOS_LIBRARY");
  const dataFolder = home === undefined ? await usualDataFolder() : resolve(home);
  const usualStaging =
    home === undefined ? join(homedir(), "Pictures", "Rollcall") : join(dataFolder, "staging");
  return {
    dataFolder,
    stagingFolder: staging === undefined ? usualStaging : resolve(staging),
    usbmuxdAddress: said("USBMUXD_SOCKET_ADDRESS"),
    osascript: said("ROLLCALL_OSASCRIPT"),
    photosLibrary: library === undefined ? undefined : resolve(library),
  };
}

async function usualDataFolder(): Promise<string> {
  const { default: envPaths } = await import("env-paths");
  return envPaths("Rollcall", { suffix: "" }).data;
}
