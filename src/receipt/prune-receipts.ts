import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { isOwnFile, removeOwnFile } from "../owned-file.js";
import { html } from "./html/markup.js";
import { removePictures } from "./page-pictures.js";
import { type PrunedReceipt, prunedIn, writePruned } from "./pruned-receipts.js";
import type { ReceiptHead } from "./receipt.js";
import { runLineStart } from "./receipt-text.js";
import { sha256Of } from "./same-answers.js";

/** A receipt that is to go. */
interface PrunableReceipt {
  readonly path: string;
  readonly head: Pick<ReceiptHead, "id" | "startedAt" | "finishedAt" | "phone">;
}

/**
 * Removes receipts with their texts, pages and pictures. First is written down, at once for all, that they are pruned: from
 * then on they are no receipts, also where a kill leaves files of them, which {@link finishPruning} removes. So there is no
 * moment at which some are gone and others speak as if they were there.
 * @throws RollcallError FOLDER_NOT_OURS; the system's error
 */
export async function pruneReceipts(
  folder: string,
  receipts: readonly PrunableReceipt[],
  now: Date,
): Promise<void> {
  const going: PrunedReceipt[] = [];
  for (const { path, head } of receipts) {
    const { id, startedAt, finishedAt, phone } = head;
    const what = { file: basename(path), sha256: await sha256Of(path) };
    going.push({
      ...what,
      id,
      udid: phone.udid,
      startedAt,
      finishedAt,
      prunedAt: now.toISOString(),
      isRemoved: false,
    });
  }
  const isGoing = new Set(going.map(({ sha256 }) => sha256));
  await writePruned(folder, [...prunedIn(folder).filter(({ sha256 }) => !isGoing.has(sha256)), ...going]);
  await finishPruning(folder);
}

/** Removes what a kill left of pruned receipts. @throws RollcallError FOLDER_NOT_OURS; the system's error */
export async function finishPruning(folder: string): Promise<void> {
  const pruned = prunedIn(folder);
  if (pruned.every(({ isRemoved }) => isRemoved)) return;
  for (const one of pruned) if (!one.isRemoved) await removeFiles(folder, one);
  await writePruned(
    folder,
    pruned.map((one) => ({ ...one, isRemoved: true })),
  );
}

/** Whether all files of a receipt are this user's and name its run, so that Rollcall made them. */
export function isOurs(path: string, { id }: Pick<ReceiptHead, "id">): boolean {
  if (!isOwnFile(path)) return false;
  const { text, page } = namesOf(path);
  return isAbsentOrSays(text, inText(id)) && isAbsentOrSays(page, inPage(id));
}

/** Of its JSON, text and page; the pictures beside the page are not counted. */
export function bytesOf(path: string): number {
  const { text, page } = namesOf(path);
  return [path, text, page].reduce(
    (sum, one) => sum + (statSync(one, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** The JSON last: while it is there, it says whose the others are. */
async function removeFiles(folder: string, { file, sha256, id }: PrunedReceipt): Promise<void> {
  const path = join(folder, file);
  if (!isOwnFile(path) || (await sha256Of(path)) !== sha256) return;
  const { text, page, pictures } = namesOf(path);
  if (isAbsentOrSays(page, inPage(id))) removeOwnFile(page);
  removePictures(pictures);
  if (isAbsentOrSays(text, inText(id))) removeOwnFile(text);
  removeOwnFile(path);
}

function namesOf(path: string) {
  const stem = path.replace(/\.json$/, "");
  return { text: `${stem}.txt`, page: `${stem}.html`, pictures: `${stem} pictures` };
}

function inText(id: string): string {
  return `\n${runLineStart(id)}`;
}

function inPage(id: string): string {
  return html`Run ${id}.`.text;
}

function isAbsentOrSays(path: string, words: string): boolean {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return true;
  return isOwnFile(path) && readFileSync(path, "utf8").includes(words);
}
