import { closeSync, type Dirent, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../clock.js";
import { isPartialName, requireAbsent } from "../../owned-file.js";
import {
  adoptFolder,
  claimFolder,
  claimIfAbsent,
  isFolderOf,
  removeFrom,
  removeIfEmpty,
} from "../../owned-folder.js";
import { type ProgramEnd, type RunProgram, succeeded, whyNot } from "../run-program.js";
import { type PlannedFile, type SetUpFolders, writeSetUpFile } from "../set-up-files.js";
import { listedShortcuts, thoseListed } from "./listed-shortcuts.js";
import { SHORTCUT_NAMES, type ShortcutDefinition } from "./shortcut-definition.js";

/** What became of one shortcut. */
export interface InstalledShortcut {
  readonly name: string;
  /** The signed file; null where it could not be made. */
  readonly path: string | null;
  /** Shortcuts shows it and waits for "Add Shortcut". */
  readonly isOpen: boolean;
  /** Why it could not be made or opened, one sentence. */
  readonly trouble: string | null;
}

export interface InstallShortcutsDeps {
  readonly run: RunProgram;
  readonly clock: Clock;
  readonly folders: SetUpFolders;
  readonly signal?: AbortSignal | undefined;
}

const SIGNING_MS = 60_000;
const LISTING_MS = 20_000;
/**
 * `shortcuts sign` was seen to fail, or to write nothing, and to succeed a moment later; and to take a binary property
 * list where it had refused XML. So each form is tried twice, in turn.
 */
const TRIES = 4;
const BETWEEN_TRIES_MS = 1000;
/** The first bytes of an Apple Encrypted Archive, which a signed shortcut is. */
const SIGNED = "AEA1";

export function shortcutFiles(
  definitions: readonly ShortcutDefinition[],
  folders: SetUpFolders,
): PlannedFile[] {
  return definitions.map(({ name, text }) => ({
    path: join(signedFolder(folders), `${name}.shortcut`),
    text,
    what: "a shortcut, signed on this Mac before it is opened",
  }));
}

/**
 * Signs each shortcut on this Mac and opens it, so that the person can add it: there is no command that adds one.
 * Signing needs iCloud and the network, and is known to fail for reasons of its own; that is a value, not an error.
 */
export async function installShortcuts(
  definitions: readonly ShortcutDefinition[],
  parts: InstallShortcutsDeps,
): Promise<InstalledShortcut[]> {
  const installed: InstalledShortcut[] = [];
  let unable: string | null = null;
  for (const definition of definitions) {
    const { name } = definition;
    // What cannot be run at all is not asked again for the next one.
    const signed: Signed =
      unable === null ? await sign(definition, parts) : { path: null, trouble: unable, isUnable: true };
    if (signed.path === null) {
      if (signed.isUnable) unable = signed.trouble;
      installed.push({ name, path: null, isOpen: false, trouble: signed.trouble });
      continue;
    }
    const opened = await parts.run("open", [signed.path], { signal: parts.signal });
    const isOpen = succeeded(opened);
    installed.push({ name, path: signed.path, isOpen, trouble: isOpen ? null : whyNot("open", opened) });
  }
  removeIfEmpty(signedFolder(parts.folders));
  removeIfEmpty(parts.folders.data);
  return installed;
}

type Signed =
  | { readonly path: string }
  | { readonly path: null; readonly trouble: string; readonly isUnable: boolean };

async function sign(
  { name, text, bytes }: ShortcutDefinition,
  { run, clock, folders, signal }: InstallShortcutsDeps,
): Promise<Signed> {
  // The signer takes a file by its ending, and Shortcuts names the shortcut by the name of the signed one.
  const signed = signedFolder(folders);
  const unsignedFolder = join(signed, UNSIGNED);
  const input = join(unsignedFolder, `${name}.shortcut`);
  const output = join(signed, `${name}.shortcut`);
  const removeOutput = () => removeFrom(signed, (entry) => entry.name === `${name}.shortcut`);
  claimIfAbsent(folders.data);
  claimFolder(signed, isSignedEntry);
  claimFolder(unsignedFolder, isShortcutFile);
  let trouble = "";
  let isUnable = false;
  try {
    for (let tried = 1; tried <= TRIES; tried += 1) {
      writeSetUpFile({ path: input, text: tried % 2 === 1 ? text : bytes() }, 0o600);
      removeOutput(); // one of an earlier set-up must not pass for this one
      requireAbsent(output); // shortcuts would write over it, or through a link
      const args = ["sign", "--mode", "anyone", "--input", input, "--output", output];
      const end = await run("shortcuts", args, { deadlineMs: SIGNING_MS, signal });
      if (succeeded(end) && isSigned(output)) return { path: output };
      trouble = succeeded(end)
        ? "shortcuts said that it signed it, and wrote nothing."
        : whyNot("shortcuts", end);
      isUnable = cannotRun(end);
      if (isUnable) break;
      if (tried < TRIES) await clock.wait(BETWEEN_TRIES_MS, signal);
    }
  } finally {
    removeFrom(signed, isUnsignedFolder);
  }
  removeOutput();
  return { path: null, trouble, isUnable };
}

/** Absent, killed at the start (seen on one build of macOS 14), or without an answer: trying again changes nothing. */
function cannotRun({ kind }: ProgramEnd): boolean {
  return kind !== "ended";
}

function isSigned(path: string): boolean {
  let handle: number;
  try {
    handle = openSync(path, "r");
  } catch {
    return false;
  }
  try {
    const first = Buffer.alloc(SIGNED.length);
    readSync(handle, first, 0, first.length, 0);
    return first.toString("latin1") === SIGNED;
  } finally {
    closeSync(handle);
  }
}

/**
 * Removes the files. What was added to the Shortcuts app stays there: macOS has no command that deletes a shortcut.
 * @returns which of them are still in the app; null where that is not known
 */
export async function removeShortcuts(
  names: readonly string[],
  { run, folders, signal }: Omit<InstallShortcutsDeps, "clock">,
): Promise<{ removed: string[]; stillInApp: string[] | null }> {
  const folder = signedFolder(folders);
  adoptFolder(folder, isSignedEntry);
  adoptFolder(join(folder, UNSIGNED), isShortcutFile);
  const ofFolder = removeFrom(folder, isSignedEntry);
  const removed = removeIfEmpty(folder) ? [folder] : ofFolder;
  removeIfEmpty(folders.data);
  const listed = await listedShortcuts(run, { deadlineMs: LISTING_MS, signal });
  const stillInApp = "names" in listed ? thoseListed(names, listed.names) : null;
  return { removed, stillInApp };
}

const UNSIGNED = "unsigned";
const FILE_NAMES: readonly string[] = SHORTCUT_NAMES.map((name) => `${name}.shortcut`);

/** Whether Rollcall gives this name in that folder. */
export function isSignedEntry(entry: Dirent): boolean {
  if (entry.isDirectory()) return isUnsignedFolder(entry);
  return isShortcutFile(entry);
}

function isUnsignedFolder(entry: Dirent): boolean {
  return entry.isDirectory() && entry.name === UNSIGNED && isFolderOf(entry, isShortcutFile);
}

function isShortcutFile(entry: Dirent): boolean {
  return (
    entry.isFile() && (FILE_NAMES.includes(entry.name.replace(/\.partial$/, "")) || isPartialName(entry.name))
  );
}

/** Where the signed ones lie. Empty folders are removed, so one that is there says that some were made. */
export function signedFolder({ data }: SetUpFolders): string {
  return join(data, "shortcuts");
}
