import { closeSync, openSync, readSync } from "node:fs";
import { photoSheet, reasonLines } from "./html/contact-sheet.js";
import { count, counted, moment, size } from "./html/in-words.js";
import { html } from "./html/markup.js";
import { pageEnd, pageStart } from "./html/page.js";
import type { ReceiptHead } from "./receipt.js";
import { groupByReason, type Removal, sumOf } from "./safe-to-remove.js";

const KICKER = "Rollcall: safe to remove";
const LARGEST_BEGINNING_BYTES = 1 << 18;

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

/** What may leave the phone, as a page of the same kind as the receipt: a list to go by, and nothing that deletes. */
export function* safeToRemoveHtml(head: ReceiptHead, { safe, staying }: Removal): Generator<string> {
  const sum = sumOf(safe);
  const line =
    safe.length === 0
      ? "Nothing may leave the phone yet."
      : `${counted(safe.length, "photo")} may leave ${head.phone.name}.`;
  yield pageStart(`What may leave ${head.phone.name}, ${moment(head.finishedAt)}`).text;
  yield html`<a class="skip" href="#photos">Skip to the photos</a>
<header>
<p class="kicker">${KICKER}</p>
<h1>${line}</h1>
<p class="more">Every byte of ${safe.length === 1 ? "it" : "them"} was read again in Photos on ${moment(head.finishedAt)}: ${counted(sum.files, "file")}, ${size(sum.bytes)}. This is a list. Rollcall never deletes anything from a phone.</p>
</header>
<main>
<section aria-labelledby="left"><h2 id="left">What stays, and why</h2>
<ul class="list reasons">${groupByReason(staying).map(({ reason, items }) => html`<li><p><b>${counted(items, "photo")}</b></p><div>${reasonLines(reason)}</div></li>\n`)}</ul>
${staying.length === 0 ? html`<p>Nothing: every photo of the receipt is on the list.</p>` : html`<p>${count(staying.length)} in all.</p>`}</section>
`.text;
  yield* photoSheet("What may leave", safe, () => null);
  yield `</main>\n${pageEnd(head)}`;
}
