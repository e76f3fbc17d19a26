import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { expect, test } from "vitest";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import { MARKER } from "../../src/owned-folder.js";
import type { Answer } from "../../src/receipt/answer.js";
import { FILTER_SCRIPT } from "../../src/receipt/html/filter-script.js";
import { LATER_PHOTOS_SCRIPT } from "../../src/receipt/html/later-photos-script.js";
import type { Thumbnails } from "../../src/receipt/page-pictures.js";
import type { ReceiptHead } from "../../src/receipt/receipt.js";
import { pagePathOf, ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { receiptHtml } from "../../src/receipt/receipt-html.js";
import { storedPictures } from "../../src/receipt/stored-pictures.js";
import { escapeControls } from "../../src/text/escape-controls.js";
import { answer, failed, HOSTILE_NAMES, headOf, inICloudOnly, manyAnswers, proved } from "./some-answers.js";

const page = (answers: readonly Answer[], changes: Partial<ReceiptHead> = {}) =>
  [...receiptHtml(headOf(answers, changes), () => answers, { words: commandWords })].join("");
const heading = (text: string) => /<h1>(.*)<\/h1>/.exec(text)?.[1];
const one = answer("/DCIM/100APPLE/IMG_0001.JPG");

const listed = "all read back: Photos lists each under its id with the name it was given.";
const LISTED = {
  one: `1 new photo, ${listed.replace("all ", "").replace("each", "it")}`,
  two: `2 new photos, ${listed}`,
};

test.each([
  ["one came", [one], LISTED.one],
  ["two came", [one, answer("/DCIM/100APPLE/IMG_0002.JPG")], LISTED.two],
  [
    "one did not",
    [one, answer("/DCIM/100APPLE/IMG_0002.JPG", failed)],
    `1 photo did not arrive (1 file). ${LISTED.one}`,
  ],
  ["nothing new", [{ ...one, thisRun: false }], "Nothing new on Anna&#39;s iPhone."],
  [
    "nothing came",
    [answer("/DCIM/100APPLE/IMG_0002.JPG", failed)],
    "1 photo did not arrive (1 file). Nothing new came from Anna&#39;s iPhone.",
  ],
] as const)("the first line says it plainly: %s", (_title, answers, line) => {
  expect(heading(page(answers))).toBe(line);
});

test("it says how sure it is: read back byte for byte, or only listed", () => {
  expect(page([{ ...one, ...proved }])).toContain("the bytes in Photos are the bytes from the phone");
  expect(page([one])).toContain("Photos lists it under its id");
  const folder = { destination: { kind: "folder", path: "/copies" } } as const;
  expect(page([{ ...one, ...proved }], folder)).toContain(
    "proved: read back, the bytes on the disk are the bytes from the phone.",
  );
});

test("every answer that was given has a piece of the bar, its count and its meaning; no other has", () => {
  const text = page([one, answer("/DCIM/100APPLE/IMG_0002.JPG", inICloudOnly)]);
  expect([...text.matchAll(/data-answer="([^"]+)"/g)].map(([, word]) => word)).toEqual([
    "present",
    "in-icloud-only",
  ]);
  expect(text).toContain('aria-label="1 photo present, 1 photo in iCloud only"');
});

test("what may be deleted is counted by whole photos: a half that is only listed keeps the other", () => {
  const item = "/DCIM/100APPLE/IMG_0002.HEIC";
  const half = answer("/DCIM/100APPLE/IMG_0002.MOV", { item });
  const text = page([{ ...one, ...proved }, answer(item, { ...proved, item }), half]);
  expect(text).toContain("1 photo, 2.4 MB: every byte of it was in Photos");
  expect(text).toContain(
    "1 photo is in Photos and not proved to the byte in every part. Keep it on the phone.",
  );
  expect(page([one])).toContain("Nothing yet. No photo is proved to the byte in Photos.");
});

test("the page may run and load only its own parts: each source in its policy is the hash of one of them", () => {
  const text = page([one]);
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(text)?.[1]?.replaceAll("&#39;", "'") ?? "";
  const hash = (tag: string) => {
    const inside = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(text)?.[1] ?? "";
    return `'sha256-${createHash("sha256").update(inside).digest("base64")}'`;
  };
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`script-src ${hash("script")};`);
  expect(policy).toContain(`style-src ${hash("style")};`);
  expect(policy).not.toContain("unsafe");
  expect(text).not.toMatch(/https?:\/\/(?!www\.w3\.org)|\son\w+=|\sstyle=/);
});

test.each(HOSTILE_NAMES)("a name stays text: %j", (path) => {
  const text = page([answer(path, { ...failed, reason: { ...failed.reason, message: path } })]);
  const plain = page([answer("/DCIM/100APPLE/IMG_0001.JPG", failed)]);
  const tags = (whole: string) => [...whole.matchAll(/<[a-z!/]/g)].length;
  expect(tags(text)).toBe(tags(plain));
  expect([...text.matchAll(/<\/?script/g)]).toHaveLength(2);
  expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u2028]/);
});

test("a hundred thousand files are written photo by photo: none is asked for before the one before is out", () => {
  let asked = 0;
  function* answers() {
    for (asked = 0; asked < 100_000; asked++) yield one;
  }
  function* few() {
    for (let at = 0; at < 20; at++) yield answer(`/DCIM/100APPLE/IMG_${at}.JPG`);
  }
  let isFirst = true;
  const pieces = receiptHtml(
    headOf([one]),
    () => {
      const is = isFirst;
      isFirst = false;
      return is ? few() : itemsOf(answers());
    },
    { words: commandWords },
  );
  function* itemsOf(all: Iterable<Answer>) {
    let number = 0;
    for (const each of all) yield { ...each, item: `/DCIM/${number++}` };
  }
  let longest = 0;
  let written = 0;
  for (const piece of pieces) {
    if (!piece.startsWith("<li")) continue;
    written += 1;
    longest = Math.max(longest, piece.length);
    expect(asked - written).toBeLessThan(3);
    if (written === 2_000) break; // the others are no different
  }
  expect(written).toBe(2_000);
  expect(longest).toBeLessThan(2_000);
});

test("the pictures of photos that a page holds as data are found again by the page of what may leave", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-page-"));
  try {
    const filePath = join(folder, "small");
    writeFileSync(filePath, "picture");
    const many = [...manyAnswers(510)];
    const last = [many.at(-1)!, answer("/DCIM/100APPLE/<&'\u202e>.JPG", proved)];
    const answers = [...many, last[1]!];
    const thumbnails: Thumbnails = new Map(last.map(({ item }) => [item, { type: "png", filePath }]));
    const path = await new ReceiptFolder(folder, commandWords).write(
      headOf(answers),
      () => answers,
      thumbnails,
    );
    mkdirSync(join(folder, "kept"));
    const items = last.map(({ item }) => item);
    expect([...(await storedPictures([path], items, join(folder, "kept"))).keys()]).toEqual(items);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The elements that a browser with scripts makes of it: what stands in noscript is one text to it. */
const elementsIn = (text: string) =>
  [...text.replaceAll(/<noscript>[\s\S]*?<\/noscript>/g, "").matchAll(/<[a-z]/g)].length;

test("20,000 photos are a page of less than 5 MB and 25,000 elements", () => {
  const answers = [...manyAnswers(20_000)];
  const text = page(answers);
  expect(Buffer.byteLength(text)).toBeLessThan(5_000_000);
  expect(elementsIn(text)).toBeLessThan(25_000);
});

test("a page names every photo to a browser without scripts, whatever their number", () => {
  const answers = [...manyAnswers(1_201)];
  const text = page(answers);
  for (const { item } of answers)
    expect(text.includes(`<li>${item}`) || text.includes(`<bdi>${item}</bdi>`), item).toBe(true);
  expect(text).toContain("<li>/DCIM/101APPLE/IMG_1200.HEIC + MOV: proved</li>");
});

test.each(HOSTILE_NAMES)("a name stays text in what a page holds as data, too: %j", (path) => {
  const first = [...manyAnswers(501)];
  const hostile = answer(path, { ...failed, reason: { ...failed.reason, message: path } });
  const text = page([...first, hostile]);
  expect([...text.matchAll(/<\/?script/g)]).toHaveLength(4);
  expect([...text.matchAll(/<\/?noscript/g)]).toHaveLength(2);
  expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u2028]/);
  const [, json = ""] = /<script type="application\/json"[^>]*>([^<]*)</.exec(text) ?? [];
  expect(JSON.parse(json).photos.at(-1)[3][0][1]).toBe(escapeControls(path.slice(path.lastIndexOf("/") + 1)));
});

test("pictures: the first 500 are in the page, the others in a folder beside it, under names of our own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-page-"));
  try {
    const filePath = join(folder, "small");
    writeFileSync(filePath, "picture");
    const answers = Array.from({ length: 503 }, (_, at) => answer(`/DCIM/100APPLE/<${at}>#%.JPG`));
    const thumbnails: Thumbnails = new Map(answers.map(({ item }) => [item, { type: "jpeg", filePath }]));
    const receipts = new ReceiptFolder(folder, commandWords);
    const head = headOf(answers, { phone: { udid: "0", name: "A/#%", productType: "i", iosVersion: "18" } });
    await receipts.write(head, () => answers, thumbnails);
    const beside = readdirSync(folder).find((name) => name.endsWith(" pictures"))!;
    expect(readdirSync(join(folder, beside))).toEqual([MARKER, "0501.jpg", "0502.jpg", "0503.jpg"]);
    await receipts.write(head, () => answers);
    expect(readdirSync(folder).filter((name) => /pictures|partial/.test(name))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("pictures: a page holds at most 16 MiB of them, however large they are, and the others lie beside it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-page-"));
  try {
    const filePath = join(folder, "large");
    writeFileSync(filePath, Buffer.alloc(256 * 1024));
    const answers = Array.from({ length: 70 }, (_, at) => answer(`/DCIM/100APPLE/${at}.JPG`));
    const thumbnails: Thumbnails = new Map(answers.map(({ item }) => [item, { type: "jpeg", filePath }]));
    const receipts = new ReceiptFolder(folder, commandWords);
    const path = await receipts.write(headOf(answers), () => answers, thumbnails);
    expect(statSync(pagePathOf(path)).size).toBeLessThan(23 * 1024 * 1024);
    const beside = readdirSync(folder).find((name) => name.endsWith(" pictures"))!;
    const pictures = readdirSync(join(folder, beside)).filter((name) => name !== MARKER);
    expect(pictures[0]).toBe("0065.jpg");
    expect(pictures).toHaveLength(6);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each([
  ["the filter", FILTER_SCRIPT],
  ["the photos that come later", LATER_PHOTOS_SCRIPT],
])("the script of %s is a program that a browser can read", (_what, script) => {
  expect(() => new Script(script)).not.toThrow();
});

const other = answer("/DCIM/100APPLE/IMG_0002.JPG", inICloudOnly);
const sameAnswersAs = { file: "before.json", sha256: "a".repeat(64) };

test.each<[string, Answer[], Partial<ReceiptHead>, string[]]>([
  [
    "two answers, of which one may leave",
    [{ ...one, ...proved }, other],
    {},
    ["proved", "in-icloud-only", "may-leave"],
  ],
  ["one answer, and nothing else to choose", [one], {}, []],
  ["photos that are in another page", [{ ...one, ...proved }, other], { sameAnswersAs }, []],
])("the page has only buttons that do something: %s", (_what, answers, changes, buttons) => {
  const text = page(answers, changes);
  expect([...text.matchAll(/<button[^>]* data-answer="([^"]+)"/g)].map(([, word]) => word)).toEqual(buttons);
  expect([...text.matchAll(/<button/g)]).toHaveLength(
    changes.sameAnswersAs ? 0 : buttons.length + [...text.matchAll(/<button[^>]* id=/g)].length,
  );
  expect(text).toMatch(/<span class="count">1<\/span> <span class="answer a-/);
});

test("a copy that was not read back is not said to be listed by Photos", () => {
  const folder = { destination: { kind: "folder", path: "/copies" } } as const;
  const text = page([one], { ...folder, evidence: { rung: 2, liftedBy: null } });
  expect(text).toContain("there with its size; bytes not read");
  expect(text).toContain("every file is there with its size, and not every byte was read");
  expect(text.slice(text.indexOf("<body"), text.indexOf('id="photos"'))).not.toMatch(
    /Photos lists|under its id/,
  );
});
