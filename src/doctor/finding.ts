import type { Action, Remedy } from "../remedy.js";
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
  /** What can be done about something that need not be; null where there is nothing. */
  readonly offers: Action | null;
  /** Null where nothing is in the way. */
  readonly blocks: Blocks | null;
}

export function ok(finding: string, offers: Action | null = null): Finding {
  return { status: "ok", finding, remedy: null, settings: null, offers, blocks: null };
}

export function note(
  finding: string,
  remedy: Remedy | null = null,
  settings: SettingsPane | null = null,
): Finding {
  return { status: "note", finding, remedy, settings, offers: null, blocks: null };
}

export function trouble(
  blocks: Blocks,
  finding: string,
  remedy: Remedy,
  settings: SettingsPane | null = null,
): Finding {
  return { status: "trouble", finding, remedy, settings, offers: null, blocks };
}
