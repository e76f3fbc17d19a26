import type { Reason } from "../errors.js";
import type { ReasonCode, StayingCode } from "../reason-codes.js";
import { advise, choose, IMPORT, VERIFY } from "../remedy.js";
import { lastName } from "../text/last-name.js";
import type { Answer, AnswerWord } from "./answer.js";
import { ANSWER_WORDS } from "./answer-words.js";
import type { ReceiptHead } from "./receipt.js";
import { sizeNotAsSaid } from "./size-not-as-said.js";

/** One photo: its files, the original first. */
export type PhotoFiles = readonly [Answer, ...Answer[]];

/** Why it stays on the phone: its answer's reason, or the answer itself where that has none, or what else keeps it. */
export type StayingReason = Reason<ReasonCode | StayingCode | CodeOf<AnswerWord>>;

/** `in-icloud-only` is `IN_ICLOUD_ONLY`. */
type CodeOf<Word extends string> = Word extends `${infer First}-${infer Rest}`
  ? `${Uppercase<First>}_${CodeOf<Rest>}`
  : Uppercase<Word>;

/** Why a photo stays on the phone, and the file because of which it does; null where it is all of it. */
export interface WhyItStays {
  readonly reason: StayingReason;
  readonly part: string | null;
}

/** What a run knew of iCloud Photos on the phone: no photo in it, some, or nobody could tell. */
export type PhoneCloud = "unused" | "used" | "not-said" | "not-read" | "older-receipt";

/** By several receipts of one phone: the worst that one of them says. */
export function phoneCloud(heads: Iterable<Pick<ReceiptHead, "phoneLibrary">>): PhoneCloud {
  const found = new Set<PhoneCloud>();
  for (const { phoneLibrary } of heads) {
    if (phoneLibrary === undefined) found.add("older-receipt");
    else if (phoneLibrary === null) found.add("not-read");
    else if (phoneLibrary.usesICloudPhotos === null) found.add("not-said");
    else found.add(phoneLibrary.usesICloudPhotos ? "used" : "unused");
  }
  const order = ["used", "not-read", "not-said", "older-receipt"] as const;
  return order.find((one) => found.has(one)) ?? "unused";
}

/**
 * True where every file of a photo is proved: the bytes kept equal the bytes from the phone. An edit that was made later,
 * a half that is only listed, or one that nobody could read keeps the whole photo on the phone.
 */
export function isWhollyProved(files: readonly Answer[]): boolean {
  return files.every(isWhole);
}

/** A file of another size than the phone's library gives the photo may not be the photo: its bytes may be in iCloud alone. */
function isWhole({ answer, sha256, sizeSaidBytes }: Answer): boolean {
  return answer === "proved" && sha256 !== null && sizeSaidBytes === undefined;
}

/** Of a photo whose bytes are not all proved: the first file that is not; null where all are. */
export function whyUnproved(files: PhotoFiles): WhyItStays | null {
  const weak = files.filter((file) => !isWhole(file));
  const [first] = weak;
  if (first === undefined) return null;
  if (first.answer === "in-icloud") return { reason: CLOUD_REASONS.deletesEverywhere, part: null };
  const isOtherSize = first.answer === "proved" && first.sizeSaidBytes !== undefined;
  const reason = isOtherSize ? sizeNotAsSaid(first.sizeSaidBytes) : first.reason;
  return { reason: reasonOf({ ...first, reason }), part: weak.length === files.length ? null : first.path };
}

/** Where the phone keeps a photo in iCloud Photos, or may: deleting it there deletes more than the phone's copy. */
export function whyInCloud(files: readonly Answer[], phone: PhoneCloud): StayingReason | null {
  const words = new Set(files.flatMap(({ cloud }) => cloud ?? []));
  if (words.has("shared-library")) return CLOUD_REASONS.sharedLibrary;
  if (words.has("synced")) return CLOUD_REASONS.secondCopy;
  if (phone === "used") return CLOUD_REASONS.notUploaded;
  if (phone === "not-read") return CLOUD_REASONS.notRead;
  if (phone === "older-receipt") return CLOUD_REASONS.olderReceipt;
  return words.has("unknown") || phone === "not-said" ? CLOUD_REASONS.notDeclared : null;
}

/** What is said of one file that is not proved, in words that need no list of answers. */
export function reasonOf({ answer, reason }: Pick<Answer, "answer" | "reason">): StayingReason {
  return {
    code: reason?.code ?? (answer === "present" ? "NOT_READ" : codeOf(answer)),
    message: sentence(reason?.message ?? ANSWER_WORDS[answer].ofOne),
    remedy: reason?.remedy ?? advise`${VERIFY} says what would prove it.`,
  };
}

function codeOf(answer: AnswerWord): CodeOf<AnswerWord> {
  return answer.toUpperCase().replaceAll("-", "_") as CodeOf<AnswerWord>;
}

/** As a sentence of its own, however the reason was written. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

const LEAVE_IT_TO_THE_PHONE =
  "Keep it on the phone. To free space there: Settings > your name > iCloud > Photos > Optimise iPhone Storage.";
const KEPT = "The phone keeps it in iCloud Photos; deleting there deletes everywhere";
const NOT_KNOWN = "Whether the phone keeps it in iCloud Photos is not known:";

const CLOUD_REASONS = {
  deletesEverywhere: {
    code: "ICLOUD_DELETES_EVERYWHERE",
    message: `${KEPT}.`,
    remedy: LEAVE_IT_TO_THE_PHONE,
  },
  secondCopy: {
    code: "ICLOUD_AND_A_SECOND_COPY",
    message: `${KEPT}: iCloud and your other devices lose theirs, and what Rollcall imported is a second copy.`,
    remedy: LEAVE_IT_TO_THE_PHONE,
  },
  notUploaded: {
    code: "ICLOUD_NOT_UPLOADED",
    message:
      "The phone uses iCloud Photos, and had not uploaded it when the receipt was written; once it is there, deleting on the phone deletes everywhere.",
    remedy: LEAVE_IT_TO_THE_PHONE,
  },
  sharedLibrary: {
    code: "IN_SHARED_LIBRARY",
    message: "An iCloud Shared Photo Library has it; deleting there deletes for everybody in that library.",
    remedy: "Keep it on the phone.",
  },
  notDeclared: {
    code: "ICLOUD_NOT_KNOWN",
    message: `${NOT_KNOWN} its library does not say.`,
    remedy: "Keep it on the phone: if it is there, deleting on the phone deletes everywhere.",
  },
  notRead: {
    code: "ICLOUD_NOT_KNOWN",
    message: `${NOT_KNOWN} its library was not read.`,
    remedy: advise`${IMPORT} without ${choose("without-phone-library")} reads that library; then ask again. Where it cannot be read, keep what is on the phone: deleting there may delete everywhere.`,
  },
  olderReceipt: {
    code: "ICLOUD_NOT_KNOWN",
    message: `${NOT_KNOWN} an older Rollcall wrote the receipt, and did not write that down.`,
    remedy: advise`${IMPORT} writes a new receipt; then ask again.`,
  },
} as const satisfies Record<string, Reason<StayingCode>>;

/** Of a file of no photo: "IMG_0012.TXT stays: it is not a photo or video." */
export function lineOfOther({ path, answer, reason }: Answer): string {
  const why =
    reason?.code === "UNKNOWN_KIND"
      ? "it is not a photo or video"
      : (reason?.message ?? ANSWER_WORDS[answer].ofOne);
  return sentence(`${lastName(path)} stays: ${why.charAt(0).toLowerCase()}${why.slice(1)}`);
}
