import { join } from "node:path";
import { type SetUpFolders, textOf, writeSetUpFile } from "../set-up-files.js";
import { sealOf } from "./app-state.js";
import { mailboxFolder, NOTICE_SEEN_FILE } from "./mailbox.js";

/** What a person said when Rollcall.app had shown a notification: no program can see whether one appears. */
export interface NoticeSeen {
  readonly isSeen: boolean;
  readonly askedAt: Date;
}

/** @returns null where nobody was asked about the app as it is now */
export function readNoticeSeen(folders: SetUpFolders): NoticeSeen | null {
  try {
    const { seen, askedAt, app } = JSON.parse(textOf(pathOf(folders)) ?? "null") ?? {};
    const at = new Date(askedAt);
    // Another build is another app, which may be allowed other things.
    if (typeof seen !== "boolean" || Number.isNaN(at.getTime()) || app !== sealOf(folders)) return null;
    return { isSeen: seen, askedAt: at };
  } catch {
    return null;
  }
}

/** @throws the system's error */
export function writeNoticeSeen(folders: SetUpFolders, { isSeen, askedAt }: NoticeSeen): void {
  const text = JSON.stringify({ seen: isSeen, askedAt: askedAt.toISOString(), app: sealOf(folders) });
  writeSetUpFile({ path: pathOf(folders), text: `${text}\n` }, 0o600);
}

function pathOf(folders: SetUpFolders): string {
  return join(mailboxFolder(folders), NOTICE_SEEN_FILE);
}
