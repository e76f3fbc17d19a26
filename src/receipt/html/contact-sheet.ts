import { type ActionWords, type Remedy, remedyText } from "../../remedy.js";
import { ANSWERS, type Answer, WRONG_ANSWERS } from "../answer.js";
import { wordsOf } from "../answer-words.js";
import { dayOf, kindsOf, photoName } from "../photo-name.js";
import type { PhotoFiles } from "../why-it-stays.js";
import { count, moment, size } from "./in-words.js";
import { LaterPhotos, type LaterTile } from "./later-photos.js";
import { html, type Markup } from "./markup.js";
import { drawingClass, placeholder } from "./placeholders.js";

/** Where the page finds a small picture of an item, as a URL; null where there is none. */
export type PictureOf = (item: string) => string | null;

/** What the filter knows an item by that may leave the phone as far as this receipt can tell. */
export const MAY_LEAVE = "may-leave";

/** So many photos stand in the page with all that is known of them; the script makes the others from data. */
const WHOLE_IN_PAGE = 500;

/** How a sheet shows its photos. */
interface SheetLook {
  /** Of what a person can do. */
  readonly words: ActionWords;
  readonly pictureOf: PictureOf;
  /** Which of them a button above the sheet can choose. */
  readonly mayLeave: (files: PhotoFiles) => boolean;
  /** Whether each day has a heading; they come in the order of their days then. */
  readonly isByDay?: boolean;
}

/**
 * A section with a search field and a tile for each photo, written one by one. Beyond the first 500 the page names
 * each photo to a browser without scripts, and holds what is known of it as data, some hundred photos at a time.
 */
export function* photoSheet(title: string, items: Iterable<PhotoFiles>, look: SheetLook): Generator<string> {
  yield html`<section aria-labelledby="photos"><h2 id="photos">${title}</h2>
<div class="find" role="search" hidden><label for="search">Find</label> <input type="search" id="search" autocomplete="off" spellcheck="false" placeholder="name, folder, reason or hash"> <p id="shown" role="status"></p> <button type="button" class="button" id="everything" hidden>Show all</button></div>
<ul class="sheet">
`.text;
  let day: string | null = null;
  let count = 0;
  let later = new LaterPhotos(look.words);
  for (const files of items) {
    count += 1;
    if (count <= WHOLE_IN_PAGE) {
      if (look.isByDay === true && dayOf(files) !== day) {
        day = dayOf(files);
        yield html`<li class="day"><h3>${day}</h3></li>\n`.text;
      }
      yield sheetItem(files, look).text;
      continue;
    }
    if (count === WHOLE_IN_PAGE + 1) yield END_OF_SHEET;
    if (later.length === 0) yield '<noscript><ul class="names">\n';
    later.add(files, tileOf(files, look));
    yield nameOnly(files).text;
    if (later.length < WHOLE_IN_PAGE) continue;
    yield laterText(later);
    later = new LaterPhotos(look.words);
  }
  if (count <= WHOLE_IN_PAGE) yield END_OF_SHEET;
  if (later.length > 0) yield laterText(later);
  yield "</section>\n";
}

const END_OF_SHEET = `</ul>
<p><button type="button" class="button" id="more" hidden>Show more</button></p>
<p id="none" hidden>No photo matches.</p>
`;

/** Ends the names of these photos for a browser without scripts, and gives what is known of them to one with. */
function laterText(photos: LaterPhotos): string {
  return `</ul></noscript>
<script type="application/json" data-photos="${photos.length}">${photos.json()}</script>
`;
}

/** "/DCIM/100APPLE/IMG_0001.HEIC + MOV: proved" */
function nameOnly(files: PhotoFiles): Markup {
  const [first, second, ...others] = files;
  const kinds = second === undefined ? "" : ` + ${kindsOf([second, ...others])}`;
  return html`<li>${first.path}${kinds}: ${wordsOf(foremost(files)).name}</li>
`;
}

function tileOf(files: PhotoFiles, { pictureOf, mayLeave, isByDay }: SheetLook): LaterTile {
  const [{ item }] = files;
  return {
    picture: pictureOf(item),
    drawing: drawingClass(item, foremost(files).answer === "in-icloud-only"),
    mayLeave: mayLeave(files),
    day: isByDay === true ? dayOf(files) : null,
  };
}

/** One photo with its files: a tile that opens to everything that is known of each file. */
function sheetItem(files: PhotoFiles, { words: actions, pictureOf, mayLeave }: SheetLook): Markup {
  const [first] = files;
  const speaker = foremost(files);
  const words = new Set<string>(files.map(({ answer }) => answer));
  if (mayLeave(files)) words.add(MAY_LEAVE);
  const picture = pictureOf(first.item);
  return html`<li class="item" data-answers="${[...words].join(" ")}"><details><summary>${
    picture === null
      ? placeholder(first.item, speaker.answer === "in-icloud-only")
      : html`<img class="picture" src="${picture}" alt="" loading="lazy" decoding="async">`
  }<span class="name"><bdi>${photoName(files)}</bdi> <span class="kinds">${kindsOf(files)}</span></span> ${answerName(speaker)}</summary><div class="files">${files.map(
    (file) => fileFacts(file, actions),
  )}</div></details></li>
`;
}

/** The answer that a person should see first: what is wrong, else what is furthest down the list. */
function foremost(files: PhotoFiles): Answer {
  const given = new Set(files.map(({ answer }) => answer));
  const word =
    ANSWERS.find((word) => WRONG_ANSWERS.has(word) && given.has(word)) ??
    ANSWERS.findLast((word) => given.has(word));
  return files.find(({ answer }) => answer === word) ?? files[0];
}

/** What a file answered, in its colour. */
export function answerName(file: Answer): Markup {
  return html`<span class="answer a-${file.answer}">${wordsOf(file).name}</span>`;
}

/** Everything that is known of one file. */
function fileFacts(file: Answer, words: ActionWords): Markup {
  const { reason } = file;
  const facts: [string, Markup | string | null][] = [
    ["Size", file.sizeBytes === null ? null : sizeInFull(file.sizeBytes)],
    ["Changed", file.modifiedAt === null ? null : moment(file.modifiedAt)],
    ["SHA-256", file.sha256 === null ? null : html`<code>${file.sha256}</code>`],
    ["Id in Photos", file.photosId === null ? null : html`<code>${file.photosId}</code>`],
    ["Evidence", file.evidence.length === 0 ? null : file.evidence.join(", ")],
    ["Checked", file.checkedAt === null ? null : moment(file.checkedAt)],
    ["Imported by", file.thisRun ? "this run" : null],
  ];
  const known = facts.filter(([, value]) => value !== null);
  return html`<div class="file"><p class="path"><bdi>${file.path}</bdi></p><p>${answerName(file)} ${wordsOf(file).meaning}</p>${
    reason === null ? null : reasonLines(reason, words)
  }<dl>${known.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></div>`;
}

function sizeInFull(bytes: number): string {
  return bytes < 1000 ? size(bytes) : `${size(bytes)} (${count(bytes)} bytes)`;
}

export function reasonLines(
  { message, remedy }: { readonly message: string; readonly remedy: Remedy },
  words: ActionWords,
): Markup {
  const what = remedyLine(remedy, words);
  return html`<p class="why"><b>Why:</b> ${message}</p>${what}`;
}

/** Null where there is nothing to do. */
export function remedyLine(remedy: Remedy, words: ActionWords): Markup | null {
  if (remedy === "") return null;
  return html`<p class="remedy"><b>What to do:</b> ${remedyText(remedy, words)}</p>`;
}
