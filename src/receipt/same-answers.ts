import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, dirname, join } from "node:path";
import { sameUdid } from "../phone/phone.js";
import { type ActionWords, remedyText } from "../remedy.js";
import { type Answer, asOfEarlier } from "./answer.js";
import { answerLine, readAnswerLines } from "./answer-lines.js";
import { readReceiptHead } from "./read-receipt-head.js";
import type { PreviousReceipt, ReceiptHead } from "./receipt.js";

/*
 * A run that finds nothing new and nothing changed would write every answer once more: 22 MB a day for 20,000 files.
 * Its receipt names the one that holds these answers instead, by file name and SHA-256. It always names one that holds
 * answers itself, so one step leads to them; where any answer differs, all are written.
 */

/**
 * The receipt whose answers hold for this run too: of the same phone and place, the newest, unchanged, with the same
 * answer to every file. That it was the earlier run which imported a file is no difference.
 * @param paths of all receipts, oldest first
 * @returns null where there is none, or it cannot be read: then the run writes its own answers
 */
export async function findSameAnswers(
  paths: readonly string[],
  {
    head,
    answers,
    words,
  }: {
    readonly head: Pick<ReceiptHead, "id" | "phone" | "destination">;
    readonly answers: Iterable<Answer>;
    /** An older receipt says what to do in words alone: it is compared by them. */
    readonly words: ActionWords;
  },
): Promise<PreviousReceipt | null> {
  const path = await newestOfSame(paths, head);
  if (path === null) return null;
  try {
    const found = await readReceiptHead(path);
    const { sameAnswersAs } = found;
    const holder = answersPath(path, found);
    const sha256 = await sha256Of(holder);
    if (sameAnswersAs !== undefined && sameAnswersAs.sha256 !== sha256) return null;
    return areSame(readAnswerLines(holder), answers, words) ? { file: basename(holder), sha256 } : null;
  } catch {
    return null; // whatever is wrong with an old receipt, a new one can be written
  }
}

/** The answers of a receipt that was kept; one is held at a time. */
export function* storedAnswers(path: string, head: ReceiptHead): Generator<Answer> {
  const isOwn = head.sameAnswersAs === undefined;
  for (const answer of readAnswerLines(answersPath(path, head))) yield isOwn ? answer : asOfEarlier(answer);
}

/** Where the answers of a receipt stand: in itself, or in the one that it names. */
export function answersPath(path: string, { sameAnswersAs }: Pick<ReceiptHead, "sameAnswersAs">): string {
  return sameAnswersAs === undefined ? path : join(dirname(path), sameAnswersAs.file);
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function newestOfSame(
  paths: readonly string[],
  { id, phone, destination }: Pick<ReceiptHead, "id" | "phone" | "destination">,
): Promise<string | null> {
  for (const path of [...paths].reverse()) {
    const head = await readReceiptHead(path).catch(() => null);
    if (head === null || head.id === id || !sameUdid(head.phone.udid, phone.udid)) continue;
    if (placeOf(head.destination) === placeOf(destination)) return path;
  }
  return null;
}

/** Says the library or the folder, so that two phones or libraries are never taken for one. */
export function placeOf(destination: ReceiptHead["destination"]): string {
  return JSON.stringify(
    destination.kind === "photos" ? ["photos", destination.library] : ["folder", destination.path],
  );
}

function areSame(before: Iterable<Answer>, now: Iterable<Answer>, words: ActionWords): boolean {
  const lineOf = (answer: Answer) => answerLine(inWords(answer, words));
  const earlier = before[Symbol.iterator]();
  for (const answer of now) {
    const { done, value } = earlier.next();
    if (done === true || answer.thisRun || lineOf(asOfEarlier(value)) !== lineOf(answer)) return false;
  }
  return earlier.next().done === true;
}

function inWords(answer: Answer, words: ActionWords): Answer {
  const { reason } = answer;
  return reason === null
    ? answer
    : { ...answer, reason: { ...reason, remedy: remedyText(reason.remedy, words) } };
}
