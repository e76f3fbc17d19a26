import type { Reason } from "../errors.js";
import type { StayingCode } from "../reason-codes.js";
import { advise, IMPORT, VERIFY } from "../remedy.js";
import type { Answer } from "./answer.js";
import { canHold, Holds } from "./holds.js";
import { counted } from "./html/in-words.js";
import type { ReceiptHead } from "./receipt.js";
import {
  isWhollyProved,
  type PhoneCloud,
  type PhotoFiles,
  phoneCloud,
  reasonOf,
  type StayingReason,
  type WhyItStays,
  whyInCloud,
  whyUnproved,
} from "./why-it-stays.js";

/** Answers that come one after the other and belong to one photo, put together. */
export function* byItem(answers: Iterable<Answer>): Generator<PhotoFiles> {
  let files: [Answer, ...Answer[]] | null = null;
  for (const answer of answers) {
    if (files !== null && files[0].item === answer.item) {
      files.push(answer);
      continue;
    }
    if (files !== null) yield files;
    files = [answer];
  }
  if (files !== null) yield files;
}

/** What is known today besides the answers of a receipt that was checked again. */
export interface KnownToday {
  /** An answer that was last checked before this was not read again: it holds for then, not for today. */
  readonly checkedFrom: Date;
  /** False where the phone was since seen to hold something else under this path. */
  readonly isAsLastSeen: (answer: Answer) => boolean;
  /** Answers of later receipts of the same phone. */
  readonly later: Iterable<Answer>;
  /** By the heads of the receipt and of the later ones. */
  readonly cloud: PhoneCloud;
}

/**
 * Which photos may leave the phone, and why the others stay. Every photo of the receipt is in one of the two, and every
 * file of no photo in the third.
 */
export interface Removal {
  readonly safe: readonly PhotoFiles[];
  readonly staying: readonly Staying[];
  readonly others: readonly Answer[];
}

export interface Staying extends WhyItStays {
  readonly files: PhotoFiles;
}

/**
 * A photo may leave the phone when every one of its files is proved, was read again today, is listed by the library's
 * database, is what the phone was last seen to hold, and no later receipt knows anything of it that is not proved: an edit, another file, a doubt; when
 * nothing that may belong to it is left behind, nor a frame of its burst; and when the phone does not keep it in iCloud.
 * @param answers of a receipt about Photos that was checked again just now
 */
export function safeToRemove(answers: Iterable<Answer>, known: KnownToday): Removal {
  const { photos, others } = apart(answers);
  const later = fromLater(known.later, photos);
  const holds = new Holds();
  const own = new Map<PhotoFiles, WhyItStays>();
  for (const answer of [...others, ...later.strangers]) holds.addFile(answer);
  for (const files of photos.values()) {
    const [{ item }] = files;
    const cloud = whyInCloud([...files, ...(later.clouds.get(item) ?? [])], known.cloud);
    const why = whyToday(files, known) ?? later.doubts.get(item) ?? (cloud && { reason: cloud, part: null });
    if (why !== null) own.set(files, why);
    holds.addPhoto(files, why === null ? null : (files.find(({ path }) => path === why.part) ?? files[0]));
  }
  holds.settle();
  const safe: PhotoFiles[] = [];
  const staying: Staying[] = [];
  for (const files of photos.values()) {
    const why = own.get(files) ?? holds.whyHeld(files);
    if (why === null) safe.push(files);
    else staying.push({ files, ...why });
  }
  return { safe, staying, others };
}

/**
 * What may leave by a receipt alone, as far as it knows: the same rule without a look at today.
 * @param answers gone through once; the files of one photo come together
 */
export function mayLeave(
  head: Pick<ReceiptHead, "phoneLibrary">,
  answers: Iterable<Answer>,
): (files: PhotoFiles) => boolean {
  const cloud = phoneCloud([head]);
  const stays = (files: PhotoFiles) => !isWhollyProved(files) || whyInCloud(files, cloud) !== null;
  const holds = new Holds();
  for (const files of byItem(answers)) {
    if (isNoPhoto(files)) for (const file of files) holds.addFile(file);
    else holds.addPhoto(files, stays(files) ? files[0] : null);
  }
  holds.settle();
  return (files) => !stays(files) && holds.whyHeld(files) === null;
}

/** Photos that stay for one reason. */
interface StayingGroup {
  readonly reason: StayingReason;
  readonly photos: readonly Staying[];
  /** "3 photos stay because of a part" */
  readonly line: string;
}

/** The most of them first. */
export function groupByReason(staying: readonly Staying[]): StayingGroup[] {
  const groups = new Map<string, { reason: StayingReason; photos: Staying[]; isPart: boolean }>();
  for (const one of staying) {
    const isPart = one.part !== null && one.part !== one.files[0].path;
    const key = `${isPart} ${one.reason.code} ${one.reason.message}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { reason: one.reason, photos: [one], isPart });
    else group.photos.push(one);
  }
  return [...groups.values()]
    .sort((a, b) => b.photos.length - a.photos.length)
    .map(({ reason, photos, isPart }) => {
      const stay = `${counted(photos.length, "photo")} ${photos.length === 1 ? "stays" : "stay"}`;
      const ending = isPart ? " because of another file" : photos.length === 1 ? "" : ", each because";
      return { reason, photos, line: `${stay}${ending}` };
    });
}

export function sumOf(items: Iterable<readonly Answer[]>): {
  readonly files: number;
  readonly bytes: number;
} {
  const sum = { files: 0, bytes: 0 };
  for (const files of items) {
    sum.files += files.length;
    for (const { sizeBytes } of files) sum.bytes += sizeBytes ?? 0;
  }
  return sum;
}

/** Set aside, and of no photo: it counts as a file, as in the totals of a receipt. */
function isNoPhoto(files: readonly Answer[]): boolean {
  return files.every(({ answer }) => answer === "set-aside");
}

function apart(answers: Iterable<Answer>): { photos: ReadonlyMap<string, PhotoFiles>; others: Answer[] } {
  const photos = new Map<string, [Answer, ...Answer[]]>(); // wherever its files stand in the receipt
  for (const answer of answers) {
    const files = photos.get(answer.item);
    if (files === undefined) photos.set(answer.item, [answer]);
    else files.push(answer);
  }
  const others: Answer[] = [];
  for (const [item, files] of photos) {
    if (!isNoPhoto(files)) continue;
    for (const file of files) others.push(file);
    photos.delete(item);
  }
  return { photos, others };
}

/** What later receipts say of the photos of this one, and of files that may belong to them. */
function fromLater(later: Iterable<Answer>, photos: ReadonlyMap<string, PhotoFiles>) {
  const doubts = new Map<string, WhyItStays>();
  const clouds = new Map<string, Answer[]>();
  const strangers: Answer[] = [];
  for (const answer of later) {
    const { item, cloud } = answer;
    const files = photos.get(item);
    if (files === undefined) {
      strangers.push(answer);
      continue;
    }
    if (cloud !== undefined) clouds.set(item, [answer]);
    if (isDoubt(answer, files)) doubts.set(item, { reason: doubtOf(answer), part: answer.path });
  }
  return { doubts, clouds, strangers };
}

function isDoubt({ answer, path, sha256 }: Answer, files: PhotoFiles): boolean {
  return answer !== "proved" || !files.some((file) => path === file.path && sha256 === file.sha256);
}

/** The photos of a receipt, by their items. */
export function photosIn(answers: Iterable<Answer>): ReadonlyMap<string, PhotoFiles> {
  return apart(answers).photos;
}

/** Whether an answer of a later receipt can keep a photo of the earlier one on the phone: see {@link safeToRemove}. */
export function canKeep(later: Answer, photos: ReadonlyMap<string, PhotoFiles>): boolean {
  const files = photos.get(later.item);
  return files === undefined ? canHold(later) : later.cloud !== undefined || isDoubt(later, files);
}

function whyToday(files: PhotoFiles, { checkedFrom, isAsLastSeen }: KnownToday): WhyItStays | null {
  const unproved = whyUnproved(files);
  if (unproved !== null) return unproved;
  const old = files.find(({ checkedAt }) => checkedAt === null || new Date(checkedAt) < checkedFrom);
  if (old !== undefined) return { reason: NOT_READ_TODAY, part: old.path };
  // What lies in Recently Deleted keeps its bytes for some weeks: only the database tells it apart.
  const unlisted = files.find(({ evidence }) => !evidence.includes("database"));
  if (unlisted !== undefined) return { reason: NOT_SEEN_LISTED, part: unlisted.path };
  const changed = files.find((file) => !isAsLastSeen(file));
  return changed === undefined ? null : { reason: CHANGED_SINCE, part: changed.path };
}

const NOT_READ_TODAY: Reason<StayingCode> = {
  code: "NOT_READ_TODAY",
  message: "It was proved before, and could not be read again now.",
  remedy: advise`${VERIFY} says why.`,
};

const NOT_SEEN_LISTED: Reason<StayingCode> = {
  code: "NOT_SEEN_LISTED",
  message:
    "Its bytes are in the library, whose database did not say now that it is not in Recently Deleted there.",
  remedy: advise`${{ action: "check-library" }} says what hinders reading that database; then ask again.`,
};

const CHANGED_SINCE: Reason<StayingCode> = {
  code: "CHANGED_SINCE",
  message: "The phone was since seen to hold something else under that name.",
  remedy: advise`${IMPORT} imports what is new; then ask again.`,
};

function doubtOf(answer: Answer): Reason<StayingCode> {
  return {
    code: "LATER_RECEIPT",
    message: `A later receipt says: ${reasonOf(answer).message}`,
    remedy: "Ask again with the newest receipt (no name).",
  };
}
