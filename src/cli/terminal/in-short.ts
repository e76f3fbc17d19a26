import type { StartedFrom } from "../../integrations/started-from.js";
import { calledPhone } from "../../phone/phone-models.js";
import type { LeftToICloud } from "../../plan/icloud-look.js";
import type { Answer } from "../../receipt/answer.js";
import { isAllSeen, leftOf, leftRemedy, leftSentence } from "../../receipt/left-to-icloud.js";
import { photosAndFiles } from "../../receipt/photos-and-files.js";
import { countOf } from "../../receipt/photos-by-answer.js";
import { notAsSentOf, type ReceiptHead } from "../../receipt/receipt.js";
import { nothingNew } from "../../receipt/sum-of-run.js";
import { replaceControls } from "../../text/escape-controls.js";
import { bytes, count, counted } from "../../words/wording.js";
import type { PlanTotals } from "../commands/plan/lines.js";
import { type CheckedAgain, countToday, PRESENT } from "../commands/verify/lines.js";
import { inCommandWords } from "./command-words.js";
import { lookThrough, type SeenAnswers } from "./summary-lines.js";

/**
 * How a command ended, for a notification or a voice. Stands in every document beside the status, for programs that
 * can do no more than show a line: a key is absent, not null, where there is nothing.
 */
export interface InShort {
  /** One line without a full stop at its end, or the sentence of an error. */
  readonly summary: string;
  /** What to do; only where something is wrong. */
  readonly remedy?: string;
  /** Where the receipt lies; after a run, the page for people. */
  readonly receiptPath?: string;
}

/**
 * "412 new photos, all proved, 3 in iCloud only"
 * @param from where it was started, if not in a terminal: nobody there can give a flag
 */
export function runInShort(
  head: ReceiptHead,
  answers: Iterable<Answer>,
  receiptPath: string | null,
  from: StartedFrom | null = null,
): InShort {
  const seen = lookThrough(answers);
  const { thisRun } = head.totals;
  const left = leftOf(head);
  const isLeft = left !== undefined && !isAllSeen(left);
  const parts =
    thisRun.items === 0
      ? isLeft
        ? []
        : [nothingNew(replaceControls(calledPhone(head.phone)), seen.leftOut).slice(0, -1)]
      : [counted(thisRun.items, "new photo"), proofOf(seen, thisRun.items)];
  const elsewhere = [
    ...(left === undefined ? [] : [leftSentence(left)]),
    ...onlyInICloud(countOf(head.totals, "in-icloud-only").items),
  ];
  const notAsSent = notAsSentOf(head);
  const unlike = notAsSent.map(({ message }) => replaceControls(message));
  const short = inShort(seen, [...parts, ...wrong(seen), ...unlike, ...elsewhere], receiptPath);
  const [first] = notAsSent;
  if (short.remedy === undefined && first !== undefined)
    return { ...short, remedy: inCommandWords(first.remedy) };
  const remedy = left === undefined ? null : remedyOfLeft(left, from);
  return short.remedy === undefined && remedy !== null ? { ...short, remedy } : short;
}

function proofOf({ newPresent }: SeenAnswers, items: number): string {
  const proof = newPresent === 0 ? "proved" : "read back";
  return items === 1 ? proof : `all ${proof}`;
}

const todayIn = (kind: ReceiptHead["destination"]["kind"]) =>
  [
    ["proved", "proved"],
    ["present", PRESENT[kind]],
    ["removed", "deleted in Photos"],
  ] as const;

/** "222 photos (283 files) proved, 1 photo not as it should be"; of a part "10 photos proved (looked at 10 of 222 photos)" */
export function recheckInShort(
  { answers, lookedAt, looked }: CheckedAgain,
  receiptPath: string,
  kind: ReceiptHead["destination"]["kind"] = "photos",
): InShort {
  const seen = lookThrough(answers);
  const today = countToday(lookedAt);
  const parts = todayIn(kind).flatMap(([word, words]) => {
    const number = today(word);
    return number.files === 0 ? [] : [`${photosAndFiles(number)} ${words}`];
  });
  if (looked.of === 0) parts.push("Nothing of this run could be checked");
  else if (looked.items === 0) parts.push("Nothing was looked at");
  if (looked.items > 0 && looked.items < looked.of) {
    const last = `${parts.pop() ?? "Nothing proved"} (looked at ${count(looked.items)} of ${counted(looked.of, "photo")})`;
    parts.push(last);
  }
  return inShort(seen, [...parts, ...wrong(seen)], receiptPath);
}

/** "283 files proved, 1 not as it should be": a folder, by its list of hashes. */
export function folderInShort({
  ok,
  ...wrongFiles
}: {
  readonly ok: number;
  readonly missing: number;
  readonly changed: number;
  readonly unreadable: number;
}): InShort {
  const wrongOnes = wrongFiles.missing + wrongFiles.changed + wrongFiles.unreadable;
  const proved = `${counted(ok, "file")} proved`;
  if (wrongOnes === 0) return { summary: proved };
  return {
    summary: `${proved}, ${count(wrongOnes)} not as ${wrongOnes === 1 ? "it" : "they"} should be`,
    remedy: "rollcall verify of the same folder names each of them.",
  };
}

/**
 * "215 new photos on Anna's iPhone, 750 kB, 1 in iCloud only"; with what to do about those that would be left to iCloud
 * Photos and may be nowhere else.
 * @param from where it was started, if not in a terminal: nobody there can give a flag
 */
export function planInShort(
  { toImport, retried, gone, wrong, notChosen, leftToICloud, inICloudOnly }: PlanTotals,
  phoneName: string,
  from: StartedFrom | null = null,
): InShort {
  const name = replaceControls(phoneName);
  const isLeft = leftToICloud !== undefined && !isAllSeen(leftToICloud);
  const parts =
    toImport.items === retried
      ? isLeft
        ? []
        : [nothingNew(name, notChosen).slice(0, -1)]
      : [`${counted(toImport.items - retried, "new photo")} on ${name}`, bytes(toImport.bytes)];
  const again =
    retried === 0 ? [] : [`${count(retried)} that ${retried === 1 ? "was" : "were"} refused before`];
  const lost = gone + wrong === 0 ? [] : [`${count(gone + wrong)} not in Photos any more`];
  const elsewhere = [
    ...again,
    ...lost,
    ...(leftToICloud === undefined ? [] : [plannedLeft(leftToICloud, name)]),
    ...onlyInICloud(inICloudOnly),
  ];
  const summary = [...parts, ...elsewhere].join(", ");
  const remedy = leftToICloud === undefined ? null : remedyOfLeft(leftToICloud, from);
  return remedy === null ? { summary } : { summary, remedy };
}

function remedyOfLeft(left: LeftToICloud, from: StartedFrom | null): string | null {
  const remedy = leftRemedy(left, from === null ? "flags" : "setting");
  return remedy === null ? null : inCommandWords(remedy);
}

function wrong({ wrongItems }: SeenAnswers): string[] {
  return wrongItems === 0
    ? []
    : [`${counted(wrongItems, "photo")} not as ${wrongItems === 1 ? "it" : "they"} should be`];
}

function onlyInICloud(number: number): string[] {
  return number === 0 ? [] : [`${count(number)} in iCloud only`];
}

/** Nothing was done yet. */
function plannedLeft(left: LeftToICloud, name: string): string {
  const photos = photosAndFiles(left, isAllSeen(left) ? "photo" : "new photo");
  return `${photos} on ${name} ${left.items === 1 ? "stays" : "stay"} with iCloud Photos`;
}

function inShort(seen: SeenAnswers, parts: readonly string[], receiptPath: string | null): InShort {
  return {
    summary: parts.join(", "),
    ...(seen.wrongFiles === 0 ? {} : { remedy: remedyOf(seen) }),
    ...(receiptPath === null ? {} : { receiptPath }),
  };
}

/** The one that all share, where they do. */
function remedyOf({ wrongKinds, wrongFiles }: SeenAnswers): string {
  const named = wrongKinds.flatMap((kind) => kind.named);
  const remedies = new Set(named.map(({ reason }) => inCommandWords(reason?.remedy ?? "")));
  const [only] = remedies;
  if (remedies.size === 1 && only && named.length === wrongFiles) return replaceControls(only);
  return "The receipt names each of them, and says what to do.";
}
