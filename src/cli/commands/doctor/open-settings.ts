import type { Examined } from "../../../doctor/examine.js";
import type { SettingsPane } from "../../../doctor/settings-panes.js";
import { succeeded } from "../../../integrations/run-program.js";
import { macPrograms } from "../../compose/mac-programs.js";
import type { Settings } from "../../process/settings.js";

/** Opens an address on the screen; whether that worked. */
type OpenAddress = (address: string) => Promise<boolean>;

/** The page that mends the first trouble, else the first note, that is mended in System Settings. */
export function firstSettings(all: readonly Examined[]): SettingsPane | null {
  const withPage = all.filter(({ settings }) => settings !== null);
  const first = withPage.find(({ status }) => status === "trouble") ?? withPage[0];
  return first?.settings ?? null;
}

/** @returns the address that was opened; null where neither spelling worked */
export async function openSettings(
  { url, olderUrl }: SettingsPane,
  open: OpenAddress,
): Promise<string | null> {
  for (const address of [url, olderUrl]) if (await open(address)) return address;
  return null;
}

const OPENING_MS = 10_000;

/** Null where there is no System Settings to open. */
export function openOnMac(settings: Settings): OpenAddress | null {
  const run = macPrograms(settings);
  return run && (async (address) => succeeded(await run("open", [address], { deadlineMs: OPENING_MS })));
}
