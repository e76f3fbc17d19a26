import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock.js";
import { bug, hasErrno } from "../errors.js";
import { comparableName } from "../import/match-imported.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { KeptAnswer } from "../ledger/ledger-entry.js";
import type { PhotosItem } from "../photos/photos-item.js";
import type { PhotosLibrary } from "../photos/photos-library.js";
import type { Answer } from "../receipt/answer.js";
import { type Receipt, TotalsCounter } from "../receipt/receipt.js";
import { hashOf } from "../transfer/copy-items.js";
import { safeRelativePath } from "../transfer/safe-file-name.js";
import { EvidenceCounter } from "./receipt-evidence.js";

export interface RecheckParts {
  readonly photos: PhotosLibrary;
  readonly clock: Clock;
  /** Knows where copies lie, and is told what was found; null where this receipt is nobody's here. */
  readonly between: LedgerBetween | null;
  readonly signal?: AbortSignal | undefined;
}

/**
 * An old receipt, verified again today: every file that had reached its destination is looked for there.
 * A copy is read back byte for byte. Photos is asked by script, which can say that an item is listed and
 * cannot say that it was deleted: then the answer is `unknown`.
 * @returns the receipt with today's answers; the other files keep theirs
 */
export async function recheckReceipt(receipt: Receipt, parts: RecheckParts): Promise<Receipt> {
  const { destination } = receipt;
  const isToCheck = ({ sha256, photosId }: Answer) =>
    sha256 !== null && (destination.kind === "folder" || photosId !== null);
  const subject = receipt.answers.filter(isToCheck);
  const check =
    destination.kind === "folder"
      ? (answer: Answer) => checkCopy(answer, destination.path, parts)
      : checkListed(subject, await listedInPhotos(receipt, subject, parts), parts.clock.now());

  const counter = new TotalsCounter();
  const evidence = new EvidenceCounter();
  const answers: Answer[] = [];
  for (const answer of receipt.answers) {
    parts.signal?.throwIfAborted();
    const today = isToCheck(answer) ? await check(answer) : answer;
    if (today !== answer) record(today, parts.between);
    counter.add(today);
    evidence.add(today);
    answers.push(today);
  }
  // What belongs to a photo does not change by looking: those counts stay.
  const { items, thisRun } = receipt.totals;
  const totals = { ...counter.totals(), items, thisRun };
  if (totals.files !== receipt.totals.files)
    throw bug(`the receipt says ${receipt.totals.files} files and holds ${totals.files}`);
  return {
    ...receipt,
    finishedAt: parts.clock.now().toISOString(),
    totals,
    evidence: evidence.evidence(destination.kind, null),
    answers,
  };
}

/** The next run should know what was found today. */
function record(
  { path, sha256, photosId, answer, evidence, reason, checkedAt }: Answer,
  between: LedgerBetween | null,
): void {
  if (between === null || sha256 === null || checkedAt === null) return;
  const word = answer as KeptAnswer; // a file that was checked has one of these
  between.recordFinding(sha256, {
    path,
    photosId,
    answer: word,
    evidence,
    reason,
    checkedAt: new Date(checkedAt),
  });
}

async function checkCopy(answer: Answer, folder: string, { clock, between }: RecheckParts): Promise<Answer> {
  const path = between?.copyOf(answer.path)?.copyPath ?? join(folder, safeRelativePath(answer.path));
  const checkedAt = clock.now().toISOString();
  const remedy = "If the phone still has it, rollcall copy brings it again.";
  try {
    const { size } = await stat(path);
    if (size === answer.sizeBytes && (await hashOf(path)) === answer.sha256)
      return { ...answer, answer: "proved", evidence: ["size", "sha256"], reason: null, checkedAt };
    const message = `${path} is not what was copied: its bytes changed`;
    return {
      ...answer,
      answer: "differs",
      evidence: [],
      reason: { code: "COPY_DIFFERS", message, remedy },
      checkedAt,
    };
  } catch (error) {
    if (!hasErrno(error, "ENOENT", "ENOTDIR")) {
      const message = `${path} could not be read: ${error instanceof Error ? error.message : String(error)}`;
      return {
        ...answer,
        answer: "unknown",
        evidence: [],
        reason: { code: "COPY_UNREADABLE", message, remedy: "Check the disk and your right to read it." },
        checkedAt,
      };
    }
    const message = `${path} is not there any more`;
    return {
      ...answer,
      answer: "missing",
      evidence: [],
      reason: { code: "COPY_MISSING", message, remedy },
      checkedAt,
    };
  }
}

/** Rollcall's albums in one go each; what is in none of them, one by one. */
async function listedInPhotos(
  receipt: Receipt,
  subject: readonly Answer[],
  { photos, between, signal }: RecheckParts,
): Promise<Map<string, PhotosItem>> {
  const listed = new Map<string, PhotosItem>();
  if (subject.length === 0) return listed;
  await photos.makeReady(signal);
  const album = receipt.destination.kind === "photos" ? receipt.destination.album : null;
  for (const id of new Set([...(album === null ? [] : [album.id]), ...(between?.ourAlbumIds() ?? [])])) {
    for (const item of (await photos.albumContents(id, signal)) ?? []) listed.set(item.id, item);
  }
  const others = new Set(subject.map(({ photosId }) => photosId!).filter((id) => !listed.has(id)));
  for (const [id, item] of await photos.describeItems([...others], signal)) listed.set(id, item);
  return listed;
}

function checkListed(
  subject: readonly Answer[],
  listed: ReadonlyMap<string, PhotosItem>,
  now: Date,
): (answer: Answer) => Promise<Answer> {
  const namesById = new Map<string, Set<string>>();
  for (const { photosId, path } of subject) {
    const names = namesById.get(photosId!) ?? new Set();
    names.add(comparableName(path.slice(path.lastIndexOf("/") + 1)));
    namesById.set(photosId!, names);
  }
  return async (answer) => {
    const photo = listed.get(answer.photosId!);
    const checkedAt = now.toISOString();
    if (photo === undefined) {
      const reason = {
        code: "NOT_LISTED",
        message:
          "Photos does not know its id any more; whether it was deleted or given another id, a script cannot tell",
        remedy:
          "Look for it in Photos by its name, in Recently Deleted too. If you deleted it and want it back: rollcall import --again.",
      };
      return { ...answer, answer: "unknown", evidence: [], reason, checkedAt };
    }
    const name = comparableName(photo.filename);
    if (namesById.get(photo.id)?.has(name) !== true) {
      const message = `Photos lists another name under its id: ${JSON.stringify(photo.filename)}`;
      const reason = { code: "NOT_LISTED", message, remedy: "Look for it in Photos by its name." };
      return { ...answer, answer: "unknown", evidence: [], reason, checkedAt };
    }
    const isSized = photo.sizeBytes === answer.sizeBytes && comparableName(answer.path).endsWith(`/${name}`);
    return {
      ...answer,
      answer: "present",
      evidence: isSized ? ["id", "name", "size"] : ["id", "name"],
      reason: null,
      checkedAt,
    };
  };
}
