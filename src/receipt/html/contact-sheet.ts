import { ANSWERS, type Answer, type AnswerWord, WRONG_ANSWERS } from "../answer.js";
import { dayOf, kindsOf, photoName } from "../photo-name.js";
import { MEANINGS } from "../receipt-text.js";
import type { PhotoFiles } from "../why-it-stays.js";
import { count, moment, size } from "./in-words.js";
import { html, type Markup } from "./markup.js";
import { placeholder } from "./placeholders.js";

/** Where the page finds a small picture of an item, as a URL; null where there is none. */
export type PictureOf = (item: string) => string | null;

/** What the filter knows an item by that may leave the phone as far as this receipt can tell. */
export const MAY_LEAVE = "may-leave";

/** How a sheet shows its photos. */
export interface SheetLook {
  readonly pictureOf: PictureOf;
  /** Which of them a button above the sheet can choose. */
  readonly mayLeave: (files: PhotoFiles) => boolean;
  /** Whether each day has a heading; they come in the order of their days then. */
  readonly isByDay?: boolean;
}

/** A section with a search field and a tile for each photo, written one by one. */
export function* photoSheet(title: string, items: Iterable<PhotoFiles>, look: SheetLook): Generator<string> {
  yield html`<section aria-labelledby="photos"><h2 id="photos">${title}</h2>
<div class="find" role="search" hidden><label for="search">Find</label> <input type="search" id="search" autocomplete="off" spellcheck="false" placeholder="name, folder, reason or hash"> <p id="shown" role="status"></p> <button type="button" class="button" id="everything" hidden>Show all</button></div>
<ul class="sheet">
`.text;
  let day: string | null = null;
  for (const files of items) {
    if (look.isByDay === true && dayOf(files) !== day) {
      day = dayOf(files);
      yield html`<li class="day"><h3>${day}</h3></li>\n`.text;
    }
    yield sheetItem(files, look).text;
  }
  yield `</ul>
<p id="none" hidden>No photo matches.</p>
</section>
`;
}

/** One photo with its files: a tile that opens to everything that is known of each file. */
function sheetItem(files: PhotoFiles, { pictureOf, mayLeave }: SheetLook): Markup {
  const [first] = files;
  const word = foremost(files);
  const words = new Set<string>(files.map(({ answer }) => answer));
  if (mayLeave(files)) words.add(MAY_LEAVE);
  const picture = pictureOf(first.item);
  return html`<li class="item" data-answers="${[...words].join(" ")}"><details><summary>${
    picture === null
      ? placeholder(first.item, word === "in-icloud-only")
      : html`<img class="picture" src="${picture}" alt="" loading="lazy" decoding="async">`
  }<span class="name"><bdi>${photoName(files)}</bdi> <span class="kinds">${kindsOf(files)}</span></span> <span class="answer a-${word}">${word}</span></summary><div class="files">${files.map(
    (file) => fileFacts(file),
  )}</div></details></li>
`;
}

/** The answer that a person should see first: what is wrong, else what is furthest down the list. */
function foremost(files: readonly Answer[]): AnswerWord {
  const given = new Set(files.map(({ answer }) => answer));
  return (
    ANSWERS.find((word) => WRONG_ANSWERS.has(word) && given.has(word)) ??
    ANSWERS.findLast((word) => given.has(word))!
  );
}

/** Everything that is known of one file. */
function fileFacts(file: Answer): Markup {
  const { reason } = file;
  const facts: [string, Markup | string | null][] = [
    ["Size", file.sizeBytes === null ? null : sizeInFull(file.sizeBytes)],
    ["Changed", file.modifiedAt === null ? null : moment(file.modifiedAt)],
    ["SHA-256", file.sha256 === null ? null : html`<code>${file.sha256}</code>`],
    ["Id in Photos", file.photosId === null ? null : html`<code>${file.photosId}</code>`],
    ["Evidence", file.evidence.length === 0 ? null : file.evidence.join(", ")],
    ["Checked", file.checkedAt === null ? null : moment(file.checkedAt)],
    ["Brought by", file.thisRun ? "this run" : null],
  ];
  const known = facts.filter(([, value]) => value !== null);
  return html`<div class="file"><p class="path"><bdi>${file.path}</bdi></p><p><span class="answer a-${file.answer}">${file.answer}</span> ${MEANINGS[file.answer]}</p>${
    reason === null ? null : reasonLines(reason)
  }<dl>${known.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></div>`;
}

function sizeInFull(bytes: number): string {
  return bytes < 1000 ? size(bytes) : `${size(bytes)} (${count(bytes)} bytes)`;
}

export function reasonLines({ message, remedy }: { message: string; remedy: string }): Markup {
  const what = remedy === "" ? null : html`<p class="remedy"><b>What to do:</b> ${remedy}</p>`;
  return html`<p class="why"><b>Why:</b> ${message}</p>${what}`;
}
