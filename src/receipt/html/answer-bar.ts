import { ANSWERS, type AnswerWord } from "../answer.js";
import { ANSWER_WORDS, meaningOf } from "../answer-words.js";
import type { PhotosAndFiles } from "../photos-and-files.js";
import { photosAndFiles } from "../photos-and-files.js";
import { countOf } from "../photos-by-answer.js";
import type { ReceiptHead } from "../receipt.js";
import { count, counted } from "./in-words.js";
import { html, type Markup } from "./markup.js";

const BAR_WIDTH = 1000;
/** So that one file among a hundred thousand is still seen. */
const LEAST_WIDTH = 8;

/**
 * One coloured bar of all files by answer, and below it a button for each answer, with its photos, that shows only those;
 * a legend where that would show nothing else.
 */
export function answerBar(head: ReceiptHead): Markup {
  const { totals, destination } = head;
  const { byAnswer, files } = totals;
  const given = ANSWERS.filter((word) => byAnswer[word] > 0);
  const widths = given.map((word) => Math.max(LEAST_WIDTH, (byAnswer[word] / files) * BAR_WIDTH));
  const scale = BAR_WIDTH / widths.reduce((sum, width) => sum + width, 0);
  // With one answer for all, or the photos in another page, there is nothing to choose.
  const canFilter = head.sameAnswersAs === undefined && given.length > 1;
  let x = 0;
  const pieces = given.map((word, at) => {
    const width = widths[at]! * scale;
    const piece = html`<rect class="a-${word}" x="${x.toFixed(1)}" width="${width.toFixed(1)}" height="16"/>`;
    x += width;
    return piece;
  });
  const inWords = given
    .map((word) => `${photosAndFiles(countOf(totals, word))} ${ANSWER_WORDS[word].name}`)
    .join(", ");
  return html`<svg class="bar" viewBox="0 0 ${BAR_WIDTH} 16" preserveAspectRatio="none" role="img" aria-label="${inWords}">${pieces}</svg>
<ul class="legend">${given.map((word) => {
    const what = legend(word, countOf(totals, word), destination.kind);
    return canFilter ? button(word, what) : html`<li><span class="pick">${what}</span></li>`;
  })}</ul>
`;
}

/** Pressed by the script only; without one it is a legend. */
function button(word: AnswerWord, what: Markup): Markup {
  return html`<li><button type="button" class="pick" data-answer="${word}" aria-pressed="false" disabled>${what}</button></li>`;
}

function legend(word: AnswerWord, { items, files }: PhotosAndFiles, kind: "photos" | "folder"): Markup {
  const number = items === 0 ? counted(files, "file") : count(items);
  const inFiles = items === 0 || items === files ? "" : ` (${counted(files, "file")})`;
  const { name } = ANSWER_WORDS[word];
  return html`<span class="count">${number}</span> <span class="answer a-${word}">${name}</span> <span class="meaning">${meaningOf(word, kind)}${inFiles}</span>`;
}
