import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hasErrno } from "../../errors.js";
import { removeOwnFile } from "../../owned-file.js";
import { isThere, type SetUpFolders, textOf, writeSetUpFile } from "../set-up-files.js";
import { isAppInstalled, isOfThisRecipe } from "./app-bundle.js";
import { appPath } from "./app-identity.js";
import { ALLOWED_FILE, mailboxFolder } from "./mailbox.js";

/** What there is of Rollcall.app, as far as files tell. */
export type AppState =
  | "absent"
  /** An app of that name that no set-up made. */
  | "of-somebody-else"
  /** Made by an earlier Rollcall. */
  | "earlier"
  /** macOS was not seen to allow this build anything yet. */
  | "not-allowed-yet"
  /** Not the build that macOS allowed: System Settings shows it as allowed, and macOS refuses it. */
  | "changed"
  | "allowed";

/** Looks, and starts nothing. */
export function appState(folders: SetUpFolders): AppState {
  if (!isThere(appPath(folders))) return "absent";
  if (!isAppInstalled(folders)) return "of-somebody-else";
  if (!isOfThisRecipe(folders)) return "earlier";
  const allowed = allowedSeal(folders);
  if (allowed === null) return "not-allowed-yet";
  return allowed === sealOf(folders) ? "allowed" : "changed";
}

/**
 * Tells one build of the app from another, as macOS does: it remembers an app without a signer by the hash of its code
 * directory, which covers these three files. (That it is these is unverified on macOS.)
 * @returns null where they cannot be read
 */
export function sealOf(folders: SetUpFolders): string | null {
  const hash = createHash("sha256");
  try {
    for (const name of ["Info.plist", "_CodeSignature/CodeResources", "MacOS/applet"])
      hash.update(contentOf(join(appPath(folders), "Contents", name))).update("\0");
    return hash.digest("hex");
  } catch {
    return null;
  }
}

function contentOf(path: string): Buffer | string {
  try {
    return readFileSync(path);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return "absent";
    throw error;
  }
}

/** Of the build that macOS was seen to let control Photos; null where none was. */
export function allowedSeal(folders: SetUpFolders): string | null {
  return textOf(allowedPath(folders))?.trim() || null;
}

/** @param seal null: none is allowed any more */
export function writeAllowedSeal(folders: SetUpFolders, seal: string | null): void {
  if (seal === null) removeOwnFile(allowedPath(folders));
  else writeSetUpFile({ path: allowedPath(folders), text: `${seal}\n` }, 0o600);
}

function allowedPath(folders: SetUpFolders): string {
  return join(mailboxFolder(folders), ALLOWED_FILE);
}
