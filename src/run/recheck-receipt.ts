import { randomInt } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock.js";
import { bug, hasErrno, type Reason, RollcallError } from "../errors.js";
import { comparableName } from "../import/match-imported.js";
import { notSeenByItself } from "../import/not-seen-by-itself.js";
import type { StoredAnswer } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { isLibraryTrouble, type LibraryPackage, type LibraryTrouble } from "../photos/library-package.js";
import type { PhotosItem } from "../photos/photos-item.js";
import type { PhotosLibrary } from "../photos/photos-library.js";
import type { Answer } from "../receipt/answer.js";
import { type Receipt, TotalsCounter } from "../receipt/receipt.js";
import { advise, COPY, IMPORT_RETRY, sentences } from "../remedy.js";
import { lastName } from "../text/last-name.js";
import { hashOf } from "../transfer/disk.js";
import { safeRelativePath } from "../transfer/safe-file-name.js";
import {
  type CheckedItem,
  checkInLibrary,
  findUnresolved,
  type HashedItem,
  reasonToday,
} from "./check-in-library.js";
import { EvidenceCounter } from "./receipt-evidence.js";

const ANSWERS_A_COMMIT = 200;

interface RecheckDeps {
  /** Asked by script about what the package says nothing of; or why it cannot be asked, which is thrown then. */
  readonly photos: PhotosLibrary | RollcallError;
  readonly clock: Clock;
  /** The package that holds the receipt's photos; or why it cannot be read: then Photos is asked by script. */
  readonly library: LibraryPackage | LibraryTrouble;
  /** Knows where copies lie, and is told what was found; null where this receipt is nobody's here. */
  readonly ledger: PhoneLedger | null;
  readonly signal?: AbortSignal | undefined;
}

/** Which photos of a receipt are looked for; all unless said. */
export interface RecheckChoice {
  /** Only photos with a file changed since then. */
  readonly since?: Date | undefined;
  /** So much of them, from 0 to 1, chosen at random; one at least. */
  readonly share?: number | undefined;
}

/** An old receipt as it stands today. */
export interface Recheck {
  readonly receipt: Receipt;
  /** What was looked for today, file by file. Of the others the receipt repeats what was found before. */
  readonly lookedAt: readonly Answer[];
  /** Photos that were looked for, and how many there were to look for. */
  readonly looked: { readonly items: number; readonly of: number };
}

/**
 * An old receipt, verified again today: every file that had reached its destination is looked for there.
 * A copy is read back byte for byte, and so is what a Photos library keeps, together with its database, without an
 * event. Where that cannot be read Photos is asked by script, which can say that an item is listed and cannot say
 * that it was deleted: then the answer is `unknown`. What was sent and never settled has no id; only bytes find it.
 * @returns the receipt with today's answers; the other files keep theirs
 */
export async function recheckReceipt(
  receipt: Receipt,
  parts: RecheckDeps,
  choice: RecheckChoice = {},
): Promise<Recheck> {
  const { destination } = receipt;
  const all = itemsToCheck(receipt);
  const chosen = choose(all, choice);
  const subject = chosen.flat();
  const paths = new Set(subject.map(({ path }) => path));
  const isToCheck = ({ path }: Answer) => paths.has(path);
  const { check, unread } =
    destination.kind === "folder"
      ? { check: (answer: Answer) => checkCopy(answer, destination.path, parts), unread: null }
      : await checkInPhotos(receipt, chosen, parts);

  const counter = new TotalsCounter();
  const evidence = new EvidenceCounter();
  const answers: Answer[] = [];
  const lookedAt: Answer[] = [];
  const fresh: CheckedAgain[] = [];
  for (const answer of receipt.answers) {
    parts.signal?.throwIfAborted();
    const isSubject = isToCheck(answer);
    const today = isSubject ? await check(answer) : heardSince(answer, parts.ledger);
    if (isSubject) lookedAt.push(today);
    if (isSubject && today !== answer) fresh.push({ today, photosId: answer.photosId });
    if (fresh.length >= ANSWERS_A_COMMIT) record(fresh.splice(0), parts.ledger);
    counter.add(today);
    evidence.add(today);
    answers.push(today);
  }
  record(fresh, parts.ledger);
  // What belongs to a photo does not change by looking: those counts stay.
  const { items, thisRun } = receipt.totals;
  const totals = { ...counter.totals(), items, thisRun };
  if (totals.files !== receipt.totals.files)
    throw bug(`the receipt says ${receipt.totals.files} files and holds ${totals.files}`);
  const liftedBy = unread === null ? null : sentences(unread.message, unread.remedy);
  return {
    receipt: {
      ...receipt,
      finishedAt: parts.clock.now().toISOString(),
      totals,
      evidence: evidence.evidence(destination.kind, liftedBy),
      answers,
    },
    lookedAt,
    looked: { items: chosen.length, of: all.length },
  };
}

/** Whatever had reached its destination, or may have, photo by photo. */
function itemsToCheck({ answers, destination }: Receipt): Answer[][] {
  const items = new Map<string, Answer[]>();
  for (const answer of answers) {
    const hasArrived = destination.kind === "folder" || answer.photosId !== null;
    if (answer.sha256 === null || (!hasArrived && answer.answer !== "unknown")) continue;
    const files = items.get(answer.item);
    if (files === undefined) items.set(answer.item, [answer]);
    else files.push(answer);
  }
  return [...items.values()];
}

function choose(items: readonly Answer[][], { since, share }: RecheckChoice): readonly Answer[][] {
  const isRecent = ({ modifiedAt }: Answer) => modifiedAt !== null && new Date(modifiedAt) >= since!;
  const recent = since === undefined ? [...items] : items.filter((files) => files.some(isRecent));
  if (share === undefined) return recent;
  const count = Math.min(recent.length, Math.max(1, Math.ceil(recent.length * share)));
  for (let at = 0; at < count; at += 1) {
    const other = randomInt(at, recent.length);
    [recent[at], recent[other]] = [recent[other]!, recent[at]!];
  }
  return recent.slice(0, count);
}

/** The library first; Photos itself is asked only about what the package says nothing of. */
async function checkInPhotos(
  receipt: Receipt,
  items: readonly Answer[][],
  parts: RecheckDeps,
): Promise<CheckInPhotos> {
  const { library, ledger, clock, signal } = parts;
  const named = receipt.destination.kind === "photos" ? receipt.destination.library : null;
  const hasId = (files: readonly Answer[]) => files.every(({ photosId }) => photosId !== null);
  const found = new Map<string, Answer>();
  let unread: Pick<Reason, "message" | "remedy"> | null = "code" in library ? library : null;
  if (!("code" in library)) {
    const sources = { library, ledger, signal, now: clock.now(), isItsLibrary: named === library.path };
    try {
      const known = items.filter(hasId) as readonly CheckedItem[];
      const checked = await checkInLibrary(known, sources);
      unread = checked.unread;
      for (const [path, answer] of checked.today) found.set(path, answer);
      const unsettled = items.filter((files) => !hasId(files)) as readonly HashedItem[];
      for (const [path, answer] of await findUnresolved(unsettled, sources)) found.set(path, answer);
    } catch (error) {
      if (!isLibraryTrouble(error)) throw error;
      unread = { message: error.message, remedy: error.remedy };
    }
  }
  const rest = items.flat().filter(({ path, photosId }) => photosId !== null && !found.has(path));
  const ask = checkListed(rest, await listedInPhotos(receipt, rest, parts), clock.now());
  const check = async (answer: Answer) =>
    found.get(answer.path) ?? (answer.photosId === null ? answer : await ask(answer));
  return { check, unread };
}

interface CheckInPhotos {
  readonly check: (answer: Answer) => Promise<Answer>;
  /** Why the package or its database could not be read, which would say more than Photos does. */
  readonly unread: Pick<Reason, "message" | "remedy"> | null;
}

/** What a later check found of a file that is not looked for today: it stays until something finds it again. */
function heardSince(answer: Answer, ledger: PhoneLedger | null): Answer {
  const { path, sha256, photosId, checkedAt } = answer;
  const known = sha256 === null ? undefined : ledger?.items.importedFile({ path, sha256, photosId });
  if (known?.checkedAt == null || known.answer === null) return answer;
  if (checkedAt !== null && known.checkedAt.getTime() < new Date(checkedAt).getTime()) return answer;
  const { answer: word, evidence, reason } = known;
  return {
    ...answer,
    answer: word,
    evidence,
    reason: reasonToday(answer, reason),
    photosId: known.photosId,
    checkedAt: known.checkedAt.toISOString(),
  };
}

/** Today's answer, and the id under which the photo was known until now. */
interface CheckedAgain {
  readonly today: Answer;
  readonly photosId: string | null;
}

/** The next run should know what was found today. */
function record(checked: readonly CheckedAgain[], ledger: PhoneLedger | null): void {
  ledger?.findings.recordLater(
    checked.flatMap(({ today, photosId: knownBy }) => {
      const { path, sha256, photosId, answer, evidence, reason, checkedAt } = today;
      if (sha256 === null || checkedAt === null) return [];
      const word = answer as StoredAnswer; // a file that was checked has one of these
      const finding = { path, photosId, answer: word, evidence, reason, checkedAt: new Date(checkedAt) };
      return [{ sha256, photosId: knownBy, finding }];
    }),
  );
}

async function checkCopy(answer: Answer, folder: string, { clock, ledger }: RecheckDeps): Promise<Answer> {
  const path = ledger?.items.copyOf(answer.path)?.copyPath ?? join(folder, safeRelativePath(answer.path));
  const checkedAt = clock.now().toISOString();
  const remedy = advise`If the phone still has it, ${COPY} copies it again.`;
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
  { photos, ledger, signal }: RecheckDeps,
): Promise<Map<string, PhotosItem>> {
  const listed = new Map<string, PhotosItem>();
  if (subject.length === 0) return listed;
  if (photos instanceof RollcallError) throw photos;
  await photos.makeReady(signal);
  const album = receipt.destination.kind === "photos" ? receipt.destination.album : null;
  for (const id of new Set([
    ...(album === null ? [] : [album.id]),
    ...(ledger?.albums.ourAlbumIds() ?? []),
  ])) {
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
    names.add(comparableName(lastName(path)));
    namesById.set(photosId!, names);
  }
  return async (answer) => {
    const photo = listed.get(answer.photosId!);
    const checkedAt = now.toISOString();
    if (photo === undefined) {
      const reason: Reason = {
        code: "NOT_LISTED",
        message:
          "Photos does not know its id any more; whether it was deleted or given another id, a script cannot tell",
        remedy: advise`Look for it in Photos by its name, in Recently Deleted too. If you deleted it and want it back: ${IMPORT_RETRY}.`,
      };
      return { ...answer, answer: "unknown", evidence: [], reason, checkedAt };
    }
    const name = comparableName(photo.filename);
    if (namesById.get(photo.id)?.has(name) !== true) {
      const message = `Photos lists another name under its id: ${JSON.stringify(photo.filename)}`;
      const reason: Reason = { code: "NOT_LISTED", message, remedy: "Look for it in Photos by its name." };
      return { ...answer, answer: "unknown", evidence: [], reason, checkedAt };
    }
    if (!comparableName(answer.path).endsWith(`/${name}`)) {
      const reason = notSeenByItself(photo.filename);
      return { ...answer, answer: "present", evidence: ["id"], reason, checkedAt };
    }
    const evidence = ["id", "name", ...(photo.sizeBytes === answer.sizeBytes ? ["size"] : [])];
    return { ...answer, answer: "present", evidence, reason: null, checkedAt };
  };
}
