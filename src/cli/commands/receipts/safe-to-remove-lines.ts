import { calledPhone } from "../../../phone/phone-models.js";
import type { Answer } from "../../../receipt/answer.js";
import { byInstant, dayOf, kindsOf, photoName } from "../../../receipt/photo-name.js";
import type { ReceiptHead } from "../../../receipt/receipt.js";
import { groupByReason, type Removal, type Staying, sumOf } from "../../../receipt/safe-to-remove.js";
import { lineOfOther, type PhotoFiles } from "../../../receipt/why-it-stays.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { lastName } from "../../../text/last-name.js";
import { bytes, count, counted } from "../../../words/wording.js";
import { inCommandWords } from "../../terminal/command-words.js";

/** So many photos that stay are named for each reason, and so many files of none. */
const MOST_NAMED = 20;

/**
 * What may leave the phone, by day, and what stays and why. Names are escaped.
 * @param isListed false where another list has what may leave
 */
export function* removalLines(
  { phone }: ReceiptHead,
  { safe, staying, others }: Removal,
  isListed: boolean,
): Generator<string> {
  const sum = sumOf(safe);
  yield safe.length === 0
    ? `Nothing may leave ${escapeControls(calledPhone(phone))} yet.`
    : `${counted(safe.length, "photo")} may leave ${escapeControls(calledPhone(phone))} (${counted(sum.files, "file")}, ${bytes(sum.bytes)}): every byte of ${safe.length === 1 ? "it" : "them"} was read in Photos just now.`;
  if (isListed) yield* dayLines(safe);
  for (const { reason, photos, line } of groupByReason(staying)) {
    yield `${line}: ${escapeControls(reason.message)}`;
    yield* stayingLines(photos);
    if (reason.remedy !== "") yield `    What to do: ${escapeControls(inCommandWords(reason.remedy))}`;
  }
  yield* otherLines(others);
}

function* dayLines(safe: readonly PhotoFiles[]): Generator<string> {
  let day: string | null = null;
  for (const files of byInstant(safe, (photo) => photo)) {
    if (dayOf(files) !== day) {
      day = dayOf(files);
      yield `  ${day}`;
    }
    yield `    ${escapeControls(photoName(files))} (${escapeControls(kindsOf(files))})   ${escapeControls(files[0].path)}`;
  }
}

function* stayingLines(photos: readonly Staying[]): Generator<string> {
  const named = byInstant(photos.slice(0, MOST_NAMED), ({ files }) => files);
  const days = new Map<string, string[]>();
  for (const { files, part } of named) {
    const otherFile = part === null || part === files[0].path ? "" : ` (${lastName(part)})`;
    const names = days.get(dayOf(files)) ?? [];
    names.push(`${photoName(files)}${otherFile}`);
    days.set(dayOf(files), names);
  }
  for (const [day, names] of days) yield `    ${day}: ${names.map(escapeControls).join(", ")}`;
  const rest = photos.length - named.length;
  if (rest > 0) yield `    and ${count(rest)} more: --html FILE and --json have all.`;
}

function* otherLines(others: readonly Answer[]): Generator<string> {
  for (const other of others.slice(0, MOST_NAMED)) yield escapeControls(lineOfOther(other));
  const rest = others.length - MOST_NAMED;
  if (rest > 0) yield `${counted(rest, "more file")} that ${rest === 1 ? "is" : "are"} not a photo or video.`;
}
