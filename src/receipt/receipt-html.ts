import { calledPhone, modelName } from "../phone/phone-models.js";
import { type ActionWords, remedyText, VERIFY } from "../remedy.js";
import { type Answer, WRONG_ANSWERS } from "./answer.js";
import { answerBar } from "./html/answer-bar.js";
import { answerName, MAY_LEAVE, type PictureOf, photoSheet, reasonLines } from "./html/contact-sheet.js";
import { count, counted, moment, size } from "./html/in-words.js";
import { html, type Markup } from "./html/markup.js";
import { pageEnd, pageStart } from "./html/page.js";
import { leftOf, leftRemedy, lookSentence } from "./left-to-icloud.js";
import { type PhotosAndFiles, photosAndFiles } from "./photos-and-files.js";
import { countOfAll, photoAnswer } from "./photos-by-answer.js";
import { proofWords } from "./proof-words.js";
import { extraCopiesOf, notAsSentOf, type PreviousReceipt, type ReceiptHead } from "./receipt.js";
import { extraCopiesLine, notInPhoneLibrary, sameAnswersLine } from "./receipt-text.js";
import { byItem, mayLeave } from "./safe-to-remove.js";
import { type RunCounts, RunSum, sumLine } from "./sum-of-run.js";
import { isWhollyProved, type PhotoFiles } from "./why-it-stays.js";

/** So many files are told one by one above the contact sheet, which has all. */
const MOST_TOLD = 100;

/**
 * The receipt as one page for people: needs no network and no other file, except for the pictures that
 * `pictureOf` finds beside it. Yields it in pieces; no more than one photo's files are held at a time.
 * Everything from the phone is escaped, and the page may run its own script only (Content-Security-Policy).
 * @param answers called three times: to see what holds what, to add up, to write; the last one only where the photos
 *   are in this page (no {@link ReceiptHead.sameAnswersAs}). The files of one photo come together
 * @param words of what a person can do
 */
export function* receiptHtml(
  head: ReceiptHead,
  answers: () => Iterable<Answer>,
  { words, pictureOf = () => null }: { readonly words: ActionWords; readonly pictureOf?: PictureOf },
): Generator<string> {
  const isLeaving = mayLeave(head, answers());
  const seen = lookThrough(answers(), isLeaving);
  yield pageStart(`${calledPhone(head.phone)}, ${moment(head.startedAt)}`).text;
  yield headOfPage(head, seen, words).text;
  yield html`<main>
<section aria-labelledby="answers"><h2 id="answers">How every file answered</h2>
${answerBar(head)}</section>
${whatWentWrong(head, seen, words)}${whatIsThereTooMuch(head)}${whatStayedInICloud(head, words)}${whatTheLibraryDoesNotKnow(head, seen)}${whatDidNotCome(seen, words)}${whatMayBeDeleted(head, seen, words)}
`.text;
  const { sameAnswersAs } = head;
  if (sameAnswersAs === undefined)
    yield* photoSheet("Every photo", byItem(answers()), { words, pictureOf, mayLeave: isLeaving });
  else yield elsewhere(sameAnswersAs).text;
  yield `</main>\n${pageEnd(head, { hasPhotos: sameAnswersAs === undefined })}`;
}

/** In place of the photos, where nothing changed: the page that shows them. */
function elsewhere(sameAnswersAs: PreviousReceipt): Markup {
  const page = encodeURIComponent(sameAnswersAs.file.replace(/\.json$/, ".html"));
  return html`<section aria-labelledby="photos"><h2 id="photos">Every photo</h2>
<p>${sameAnswersLine(sameAnswersAs, ".html")} <a href="${page}">Open that page</a></p>
</section>
`;
}

/** What is said above the contact sheet; a bounded part of the answers. */
interface Seen {
  readonly counts: RunCounts;
  /** At most {@link MOST_TOLD}. */
  readonly wrong: readonly Answer[];
  /** Photos that the phone's library does not know; at most {@link MOST_TOLD}. */
  readonly strangers: readonly Answer[];
  /** Why files did not come, by answer and reason; at most {@link MOST_TOLD}. */
  readonly left: readonly ({ readonly answer: Answer } & PhotosAndFiles)[];
  /** Photos that may leave the phone, as far as this receipt can tell. */
  readonly leaving: { readonly items: number; readonly bytes: number };
  /** Photos that are wholly proved and stay: for iCloud Photos, or for a file or a frame that belongs to them. */
  readonly heldItems: number;
  /** Photos that are where they were to go and not wholly proved. */
  readonly listedItems: number;
}

function lookThrough(answers: Iterable<Answer>, isLeaving: (files: PhotoFiles) => boolean): Seen {
  const sum = new RunSum();
  const wrong: Answer[] = [];
  const strangers: Answer[] = [];
  const left = new Map<string, { answer: Answer; files: number; items: number }>();
  const leaving = { items: 0, bytes: 0 };
  let heldItems = 0;
  let listedItems = 0;
  for (const files of byItem(answers)) {
    if (isLeaving(files)) {
      leaving.items += 1;
      leaving.bytes += files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
    } else if (isWhollyProved(files)) heldItems += 1;
    else if (files.some(({ answer }) => answer === "present" || answer === "proved")) listedItems += 1;
    const word = photoAnswer(files);
    const speaker = files.find(({ path, item, answer }) => answer === word && path === item) ?? null;
    for (const answer of files) {
      sum.add(answer);
      if (answer.notInPhoneLibrary === true && strangers.length < MOST_TOLD) strangers.push(answer);
      if (WRONG_ANSWERS.has(answer.answer)) {
        if (wrong.length < MOST_TOLD) wrong.push(answer);
      } else if (answer.answer !== "proved" && answer.answer !== "present") {
        const key = `${answer.answer} ${answer.reason?.code} ${answer.reason?.message}`;
        const known = left.get(key);
        const items = answer === speaker && answer.answer !== "set-aside" ? 1 : 0;
        if (known !== undefined) {
          known.files += 1;
          known.items += items;
        } else if (left.size < MOST_TOLD) left.set(key, { answer, files: 1, items });
      }
    }
  }
  const counts = sum.counts();
  return { counts, wrong, strangers, left: [...left.values()], leaving, heldItems, listedItems };
}

function headOfPage(head: ReceiptHead, { counts }: Seen, words: ActionWords): Markup {
  const { phone, destination, totals, evidence } = head;
  const where =
    destination.kind === "folder"
      ? html`A folder<small>${destination.path}</small>`
      : html`Photos${destination.album === null ? null : html`, the album "${destination.album.name}"`}${libraryName(destination.library)}`;
  return html`<a class="skip" href="#photos">Skip to the photos</a>
<header>
<p class="kicker">Rollcall receipt</p>
<h1>${sumLine(head, counts)}</h1>
${totals.thisRun.items > 0 ? null : html`<p class="more">What was imported before keeps the answer from its last check.</p>`}
<dl class="facts">
<div><dt>Phone</dt><dd><bdi>${calledPhone(phone)}</bdi><small>${modelName(phone.productType)}, iOS ${phone.iosVersion}</small></dd></div>
<div><dt>Went to</dt><dd>${where}</dd></div>
<div><dt>When</dt><dd>${moment(head.startedAt)}<small>until ${until(head)}</small></dd></div>
<div><dt>On the phone</dt><dd>${photosAndFiles(totals)}<small>${size(totals.bytes)}; every file is counted below</small></dd></div>
<div><dt>Proof</dt><dd>${proofWords(head)}${evidence.liftedBy === null ? null : html`<small>further by: ${remedyText(evidence.liftedBy, words)}</small>`}</dd></div>
</dl>
</header>
`;
}

function libraryName(path: string | null): Markup | null {
  const name = path?.slice(path.lastIndexOf("/") + 1).replace(/\.photoslibrary$/, "");
  return name === undefined ? null : html`<small>library "${name}"</small>`;
}

/** The day is said again only where it is another. */
function until({ startedAt, finishedAt }: ReceiptHead): string {
  const [day, time] = moment(finishedAt).split(" at ");
  return moment(startedAt).startsWith(day!) ? time! : moment(finishedAt);
}

function whatWentWrong(head: ReceiptHead, { wrong }: Seen, words: ActionWords): Markup {
  const all = countOfAll(head.totals, WRONG_ANSWERS).files;
  const notAsSent = notAsSentOf(head);
  if (all === 0 && notAsSent.length === 0) return html``;
  const rest = all - wrong.length;
  return html`<section aria-labelledby="wrong"><h2 id="wrong">What went wrong</h2>
${notAsSent.map((reason) => reasonLines(reason, words))}<ul class="list">${wrong.map((answer) => html`<li><p class="path"><bdi>${answer.path}</bdi></p><p>${answerName(answer)}</p>${answer.reason === null ? null : reasonLines(answer.reason, words)}</li>\n`)}</ul>
${rest === 0 ? null : html`<p>And ${count(rest)} more, in the sheet below.</p>`}</section>
`;
}

function whatIsThereTooMuch(head: ReceiptHead): Markup {
  const extraCopies = extraCopiesOf(head);
  if (extraCopies.length === 0) return html``;
  return html`<section aria-labelledby="extra"><h2 id="extra">Extra copies in Photos</h2>
<p>${extraCopiesLine(extraCopies)}</p>
<ul class="list">${extraCopies.slice(0, MOST_TOLD).map(({ name, path }) => html`<li><p><bdi>${name}</bdi></p><p>of <bdi>${path}</bdi></p></li>\n`)}</ul>
</section>
`;
}

/** What the Mac's side looked like, and what to do about photos that may be nowhere else. */
function whatStayedInICloud(head: ReceiptHead, words: ActionWords): Markup {
  const left = leftOf(head);
  if (left === undefined) return html``;
  const remedy = leftRemedy(left);
  return html`<section aria-labelledby="icloud"><h2 id="icloud">In iCloud Photos</h2>
<p>${lookSentence(left)}</p>
${remedy === null ? null : html`<p>${remedyText(remedy, words)}</p>`}</section>
`;
}

function whatTheLibraryDoesNotKnow({ totals }: ReceiptHead, { strangers }: Seen): Markup {
  const all = totals.notInPhoneLibrary ?? 0;
  if (all === 0) return html``;
  const rest = all - strangers.length;
  return html`<section aria-labelledby="strangers"><h2 id="strangers">Unknown to the phone's photo library</h2>
<p>${notInPhoneLibrary(all)}</p>
<ul class="list">${strangers.map((answer) => html`<li><p class="path"><bdi>${answer.path}</bdi></p><p>${answerName(answer)}</p></li>\n`)}</ul>
${rest > 0 ? html`<p>And ${count(rest)} more.</p>` : null}</section>
`;
}

function whatDidNotCome({ left }: Seen, words: ActionWords): Markup {
  if (left.length === 0) return html``;
  return html`<section aria-labelledby="left"><h2 id="left">What was skipped, and why</h2>
<ul class="list reasons">${left.map(({ answer, ...number }) => html`<li><p><b>${photosAndFiles(number)}</b> ${answerName(answer)}</p><div>${answer.reason === null ? null : reasonLines(answer.reason, words)}</div></li>\n`)}</ul>
</section>
`;
}

function whatMayBeDeleted(
  { destination, sameAnswersAs }: ReceiptHead,
  { leaving, heldItems, listedItems }: Seen,
  words: ActionWords,
): Markup {
  const safeToRemove = html`<code>${words({ action: "safe-to-remove" })}</code>`;
  const place = destination.kind === "photos" ? "Photos" : "the folder";
  const keepNote =
    listedItems === 0
      ? null
      : html`<p>${counted(listedItems, "photo")} ${listedItems === 1 ? "is" : "are"} in ${place} and not proved to the byte in every part. Keep ${listedItems === 1 ? "it" : "them"} on the phone.</p>`;
  const held =
    heldItems === 0
      ? null
      : html`<p>${counted(heldItems, "photo")} ${heldItems === 1 ? "is" : "are"} proved and ${heldItems === 1 ? "stays" : "stay"} all the same: the phone keeps ${heldItems === 1 ? "it" : "them"} in iCloud Photos or may do so, where deleting deletes everywhere, or what belongs to ${heldItems === 1 ? "it" : "them"} is not in ${place}.${destination.kind === "photos" ? html` ${safeToRemove} says which.` : null}</p>`;
  const check =
    destination.kind === "photos"
      ? html`<p>Before you delete any: ${safeToRemove} reads them again that day.</p>`
      : html`<p>Before you delete any: keep a second copy of the folder, and let <code>${words(VERIFY)}</code> read it again that day.</p>`;
  // Where the photos are in another page, there is nothing here to show.
  const show =
    sameAnswersAs !== undefined
      ? null
      : html` <button type="button" class="button" data-answer="${MAY_LEAVE}" data-scroll aria-pressed="false" disabled>Show only ${leaving.items === 1 ? "it" : "these"}</button>`;
  return html`<section aria-labelledby="delete"><h2 id="delete">What you may delete from the phone</h2>
${
  leaving.items === 0
    ? html`<p>Nothing yet.${heldItems === 0 ? html` No photo is proved to the byte in ${place}.` : null}</p>`
    : html`<p>${counted(leaving.items, "photo")}, ${size(leaving.bytes)}: every byte of ${leaving.items === 1 ? "it" : "them"} was in ${place} when this was written.${show}</p>${check}`
}
${held}${keepNote}<p>Rollcall itself never deletes anything from a phone.</p>
</section>
`;
}
