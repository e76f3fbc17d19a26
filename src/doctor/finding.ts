import type { Remedy } from "../remedy.js";
import type { SettingsPane } from "./settings-panes.js";

/** What a trouble stands in the way of. */
export type Blocks = "photos" | "permission" | "this computer" | "space" | "phone";

/** What one check found. A note costs something, or is not known; a trouble has to be mended. */
export interface Finding {
  readonly status: "ok" | "note" | "trouble";
  /** What was found, in a few words. */
  readonly finding: string;
  /** What the person can do; null where there is nothing to do. */
  readonly remedy: Remedy | null;
  /** Where in System Settings that is done; null where it is not done there. */
  readonly settings: SettingsPane | null;
  /** Null where nothing is in the way. */
  readonly blocks: Blocks | null;
}

export function ok(finding: string): Finding {
  return { status: "ok", finding, remedy: null, settings: null, blocks: null };
}

export function note(
  finding: string,
  remedy: Remedy | null = null,
  settings: SettingsPane | null = null,
): Finding {
  return { status: "note", finding, remedy, settings, blocks: null };
}

export function trouble(
  blocks: Blocks,
  finding: string,
  remedy: Remedy,
  settings: SettingsPane | null = null,
): Finding {
  return { status: "trouble", finding, remedy, settings, blocks };
}
