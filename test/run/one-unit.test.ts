import { describe, expect } from "vitest";
import { planLines, planTotals } from "../../src/cli/commands/plan/lines.js";
import { recheckLines } from "../../src/cli/commands/verify/lines.js";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import { planInShort, recheckInShort, runInShort } from "../../src/cli/terminal/in-short.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { ANSWERS, type AnswerWord } from "../../src/receipt/answer.js";
import { ANSWER_WORDS } from "../../src/receipt/answer-words.js";
import { countOf } from "../../src/receipt/photos-by-answer.js";
import { receiptHtml } from "../../src/receipt/receipt-html.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { receiptText } from "../../src/receipt/receipt-text.js";
import { planForPhone } from "../../src/run/plan-for-phone.js";
import { recheckReceipt } from "../../src/run/recheck-receipt.js";
import type { ImportRequest } from "../../src/run/run-parts.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { libraryOf } from "../catalogue/phone-database.js";
import { oneTestIn } from "../sampled.js";
import { ImportHarness, phoneWithCameraRoll } from "./import-harness.js";
import { aae, jpeg, phoneWith } from "./small-phones.js";

const test = oneTestIn(3);

const EDITED = "/DCIM/100APPLE/IMG_0002.AAE";

const PHONES: readonly [
  string,
  () => Promise<MemoryPhone>,
  Partial<ImportRequest>,
  change?: (phone: MemoryPhone) => void,
][] = [
  ["the demo's phone", () => phoneWithCameraRoll({ photos: 30 }), {}],
  [
    "bursts, photos from iCloud, a Shared Library",
    () => phoneWithCameraRoll({ photos: 30, hasLibraryOnly: true }),
    {},
  ],
  ["edits of iOS 26", () => phoneWithCameraRoll({ photos: 30, hasEditsOfIOS26: true }), {}],
  ["a phone with iCloud Photos", () => phoneWithCameraRoll({ photos: 30, isSyncedWithICloud: true }), {}],
  [
    "a selection by kind",
    () => phoneWithCameraRoll({ photos: 30, hasLibraryOnly: true }),
    { selection: { kinds: ["video"] } },
  ],
  ["a selection by number", () => phoneWithCameraRoll({ photos: 30 }), { selection: { limit: 5 } }],
  ["hidden photos too", () => phoneWithCameraRoll({ photos: 30 }), { selection: { includeHidden: true } }],
  [
    "photos that are edited after they came: the last file answers otherwise than the original",
    async () => phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) }),
    { withoutPhoneLibrary: true },
    (phone) => phone.put(EDITED, { bytes: aae(2), modifiedAt: new Date("2026-11-20T13:00:00Z") }),
  ],
  [
    "another size than the library says, and files that it does not know",
    async () =>
      new MemoryPhone([
        ...libraryOf([{ path: "DCIM/100APPLE/IMG_0001.JPG", extra: { ORIGINALFILESIZE: 4_000_000 } }]),
        ["/DCIM/100APPLE/IMG_0001.JPG", { bytes: jpeg(1) }],
        ["/DCIM/100APPLE/IMG_0002.JPG", { bytes: jpeg(2) }],
      ]),
    {},
  ],
];

/** How many photos each way of telling says of something; it may say nothing of it. */
type Told = Record<string, Record<string, number>>;

const numberIn = (text: string, pattern: RegExp): number | null => {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found.replaceAll(",", ""));
};

function note(told: Told, subject: string, by: string, number: number | null): void {
  if (number !== null) (told[subject] ??= {})[by] = number;
}

/** What each subject is called, in plan, on the screen and in the line for a notification; and its answer. */
const SUBJECTS: readonly {
  readonly word: AnswerWord;
  readonly plan: RegExp;
  readonly screen: RegExp;
  readonly short?: RegExp;
}[] = [
  { word: "hidden", plan: /^ {2}hidden +([\d,]+)/m, screen: /([\d,]+) hidden/ },
  { word: "in-trash", plan: /([\d,]+) in Recently Deleted/, screen: /([\d,]+) in Recently Deleted/ },
  { word: "not-chosen", plan: /^ {2}not chosen +([\d,]+)/m, screen: /([\d,]+) not chosen/ },
  {
    word: "in-icloud-only",
    plan: /^ {2}in iCloud only +([\d,]+)/m,
    screen: /([\d,]+) in iCloud only/,
    short: /([\d,]+) in iCloud only/,
  },
  {
    word: "in-icloud",
    plan: /^ {2}in iCloud Photos +([\d,]+)/m,
    screen: /^([\d,]+) new photos?(?: \([\d,]+ files\))? w(?:as|ere) NOT/m,
    short: /([\d,]+) new photos?(?: \([\d,]+ files\))? w(?:as|ere) NOT/,
  },
];

async function toldBy(
  harness: ImportHarness,
  phone: MemoryPhone,
  request: Partial<ImportRequest>,
): Promise<Told> {
  const told: Told = {};
  const ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const plan = await planForPhone(await harness.parts(phone, ledgerDatabase), {
    selection: {},
    edits: false,
    again: false,
    withoutPhoneLibrary: false,
    ...request,
  }).finally(() => ledgerDatabase[Symbol.dispose]());
  const totals = planTotals(plan);
  const table = planLines(totals, "Anna", { into: "Photos", cableBitsPerSecond: null }).join("\n");
  const { head, answers, receiptPath } = await harness.import(phone, request);
  const screen = summaryLines(head, answers(), receiptPath).join("\n");
  const short = runInShort(head, answers(), receiptPath).summary;
  const text = [...receiptText(head, answers, commandWords)].join("");
  const page = [...receiptHtml(head, answers, { words: commandWords })].join("");

  note(told, "new", "plan table", numberIn(table, /^ {2}import +([\d,]+)/m));
  note(
    told,
    "new",
    "plan in short",
    numberIn(planInShort(totals, "Anna").summary, /^([\d,]+) new photos? on/),
  );
  note(told, "new", "receipt", head.totals.thisRun.items);
  note(told, "new", "screen", numberIn(screen, /^([\d,]+) new photos?, (?:all )?(?:proved|read|listed)/m));
  note(told, "new", "in short", numberIn(short, /^([\d,]+) new photos?, (?:all )?(?:proved|read)/));
  note(told, "new", "text", numberIn(text, /^(?:.*\. )?([\d,]+) new photos?, /));
  note(told, "new", "page", numberIn(page, /<h1>(?:.*\. )?([\d,]+) new photos?, /));
  if (head.totals.thisRun.items === 0) delete told.new;
  note(told, "all", "receipt", head.totals.items);
  note(told, "all", "plan", totals.items);
  note(told, "all", "text", numberIn(text, /^ +([\d,]+) {2}photos? \(/m));
  note(told, "all", "page", numberIn(page, /On the phone<\/dt><dd>([\d,]+) photos?/));
  note(
    told,
    "all",
    "by answer",
    ANSWERS.reduce((sum, word) => sum + countOf(head.totals, word).items, 0),
  );
  note(told, "set aside, files", "receipt", countOf(head.totals, "set-aside").files || null);
  note(told, "set aside, files", "plan", totals.setAside || null);
  const notPhotos = /([\d,]+) files? that (?:is|are) not/;
  note(told, "not photos, files", "plan", totals.setAside - totals.editFilesNotCarried || null);
  note(told, "not photos, files", "plan table", numberIn(table, notPhotos));
  note(told, "not photos, files", "screen", numberIn(screen, notPhotos));
  const editsStay = /([\d,]+) edits? stays? on the phone/;
  note(told, "edits that stay", "plan", totals.editsNotCarried || null);
  note(told, "edits that stay", "plan table", numberIn(table, editsStay));
  note(told, "edits that stay", "screen", numberIn(screen, editsStay));
  await noteChecks(told, harness, phone, receiptPath, text, page);
  const sizes = /gives another size for ([\d,]+) photo/;
  note(told, "another size", "plan", numberIn(table, sizes));
  note(told, "another size", "screen", numberIn(screen, sizes));
  const strangers = /([\d,]+) photos? (?:is|are) unknown to the phone(?:'|&#39;)s photo library/;
  note(told, "unknown to the phone", "plan", numberIn(table, /([\d,]+) unknown to its library/));
  for (const [by, said] of Object.entries({ screen, text, page }))
    note(told, "unknown to the phone", by, numberIn(said, strangers));
  for (const subject of SUBJECTS) {
    const { word } = subject;
    note(told, word, "receipt", countOf(head.totals, word).items || null);
    note(told, word, "plan", numberIn(table, subject.plan));
    note(told, word, "screen", numberIn(screen, subject.screen));
    if (subject.short !== undefined) note(told, word, "in short", numberIn(short, subject.short));
    note(told, word, "text", numberIn(text, new RegExp(`^ +([\\d,]+) {2}${ANSWER_WORDS[word].name} `, "m")));
    const legend = new RegExp(`<span class="count">([\\d,]+)</span> <span class="answer a-${word}">`);
    note(told, word, "page", numberIn(page, legend));
  }
  return told;
}

/** What `verify` says of the same receipt a moment later: nothing was changed meanwhile. */
async function noteChecks(
  told: Told,
  harness: ImportHarness,
  phone: MemoryPhone,
  receiptPath: string,
  text: string,
  page: string,
): Promise<void> {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const receipt = await readReceipt(receiptPath);
  const { photos, clock } = await harness.parts(phone, ledgerDatabase);
  const ledger = ledgerDatabase.ledgerFor(receipt.phone, {
    kind: "photos",
    key: harness.photos.library.path,
  });
  const library = await harness.originals.open(harness.photos.library.path);
  const {
    receipt: today,
    lookedAt,
    looked,
  } = await recheckReceipt(receipt, { photos, clock, ledger, library });
  const checked = { answers: today.answers, lookedAt, looked };
  const lines = recheckLines(today, checked).join("\n");
  note(told, "proved", "receipt", countOf(receipt.totals, "proved").items || null);
  note(told, "proved", "receipt of today", countOf(today.totals, "proved").items || null);
  note(told, "proved", "text", numberIn(text, /^ +([\d,]+) {2}proved /m));
  note(
    told,
    "proved",
    "page",
    numberIn(page, /<span class="count">([\d,]+)<\/span> <span class="answer a-proved">/),
  );
  note(
    told,
    "proved",
    "verify",
    numberIn(lines, /^([\d,]+) photos?(?: \([\d,]+ files\))? proved to the byte/m),
  );
  const short = recheckInShort(checked, receiptPath).summary;
  note(told, "proved", "verify in short", numberIn(short, /^([\d,]+) photos?(?: \([\d,]+ files\))? proved/));
}

describe("plan, screen, notification, receipt, text and page tell the same numbers", () => {
  test.each(PHONES)("of %s, the first time and the second", async (_title, phoneOf, request, change) => {
    using harness = new ImportHarness();
    const phone = await phoneOf();
    for (let time = 1; time <= 2; time += 1) {
      if (time === 2) change?.(phone);
      const told = await toldBy(harness, phone, request);
      expect(Object.keys(told.all!)).toHaveLength(5);
      for (const [subject, numbers] of Object.entries(told)) {
        const [first] = Object.values(numbers);
        expect({ subject, numbers }).toEqual({
          subject,
          numbers: Object.fromEntries(Object.keys(numbers).map((by) => [by, first])),
        });
        expect(Object.keys(numbers).length, subject).toBeGreaterThan(1);
      }
    }
  });
});
