import { closeSync, openSync, readSync } from "node:fs";
import { calledPhone } from "../phone/phone-models.js";
import type { ActionWords } from "../remedy.js";
import { lastName } from "../text/last-name.js";
import { type PictureOf, photoSheet, remedyLine } from "./html/contact-sheet.js";
import { count, counted, moment, size } from "./html/in-words.js";
import { html, type Markup } from "./html/markup.js";
import { pageEnd, pageStart } from "./html/page.js";
import { byInstant, dayOf, kindsOf, photoName } from "./photo-name.js";
import type { ReceiptHead } from "./receipt.js";
import { groupByReason, type Removal, type Staying, sumOf } from "./safe-to-remove.js";
import { lineOfOther } from "./why-it-stays.js";

const KICKER = "Rollcall: safe to remove";
const LARGEST_BEGINNING_BYTES = 1 << 18;
/** So many photos that stay are named for each reason: the others are in the receipt. */
const MOST_NAMED = 2_000;

/** Whether Rollcall wrote this file as such a page: only then may another take its place. Never throws. */
export function isSafeToRemovePage(path: string): boolean {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(LARGEST_BEGINNING_BYTES);
      const text = bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, 0));
      return text.includes(`<p class="kicker">${KICKER}</p>`);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/**
 * What may leave the phone, as a page of the same kind as the receipt: a list to go by, by day, and nothing that deletes.
 * @param look.words of what a person can do
 * @param look.pictureOf where the page finds the small picture of a photo
 */
export function* safeToRemoveHtml(
  head: ReceiptHead,
  { safe, staying, others }: Removal,
  { words, pictureOf = () => null }: { readonly words: ActionWords; readonly pictureOf?: PictureOf },
): Generator<string> {
  const sum = sumOf(safe);
  const line =
    safe.length === 0
      ? "Nothing may leave the phone yet."
      : `${counted(safe.length, "photo")} may leave ${calledPhone(head.phone)}.`;
  const read =
    safe.length === 0
      ? html`What stays, and why, stands below.`
      : html`Every byte of ${safe.length === 1 ? "it" : "them"} was read again in Photos on ${moment(head.finishedAt)}: ${counted(sum.files, "file")}, ${size(sum.bytes)}.`;
  yield pageStart(`What may leave ${calledPhone(head.phone)}, ${moment(head.finishedAt)}`).text;
  yield html`<a class="skip" href="#photos">Skip to the photos</a>
<header>
<p class="kicker">${KICKER}</p>
<h1>${line}</h1>
<p class="more">${read} This is a list. Rollcall never deletes anything from a phone.</p>
</header>
<main>
`.text;
  const look = { words, pictureOf, mayLeave: () => true, isByDay: true };
  yield* photoSheet(
    "What may leave, by day",
    byInstant(safe, (files) => files),
    look,
  );
  yield html`<section aria-labelledby="left"><h2 id="left">What stays, and why</h2>
${staying.length === 0 ? html`<p>Every photo of the receipt is on the list.</p>` : html`<p>${counted(staying.length, "photo")} in all.</p>`}
`.text;
  for (const { reason, photos, line: stay } of groupByReason(staying))
    yield html`<details class="why-stays" open><summary><b>${stay}:</b> ${reason.message}</summary>
${remedyLine(reason.remedy, words)}${namesByDay(photos)}</details>
`.text;
  if (others.length > 0)
    yield html`<h3>Files that are not photos</h3>
<ul class="plain">${others.slice(0, MOST_NAMED).map((other) => html`<li><bdi>${lineOfOther(other)}</bdi></li>\n`)}</ul>
`.text;
  yield `</section>\n</main>\n${pageEnd(head)}`;
}

function namesByDay(photos: readonly Staying[]): Markup {
  const days = new Map<string, Markup[]>();
  for (const { files, part } of byInstant(photos.slice(0, MOST_NAMED), (one) => one.files)) {
    const otherFile = part === null || part === files[0].path ? null : html` (<bdi>${lastName(part)}</bdi>)`;
    const names = days.get(dayOf(files)) ?? [];
    const name = html`<span title="${files[0].path}"><bdi>${photoName(files)}</bdi> <small>${kindsOf(files)}</small>${otherFile}</span>`;
    names.push(names.length === 0 ? name : html`, ${name}`);
    days.set(dayOf(files), names);
  }
  const rest = photos.length - MOST_NAMED;
  return html`<dl class="days">${[...days].map(([day, names]) => html`<dt>${day}</dt><dd>${names}</dd>\n`)}</dl>${rest > 0 ? html`<p>And ${count(rest)} more: the receipt has all.</p>` : null}`;
}
