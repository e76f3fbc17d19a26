import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import type { Answer } from "../../src/receipt/answer.js";
import type { ReceiptHead } from "../../src/receipt/receipt.js";
import { followChain } from "../../src/receipt/receipt-chain.js";
import { pagePathOf, ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { storedAnswers } from "../../src/receipt/same-answers.js";
import { answer, failed, headOf, manyAnswers } from "./some-answers.js";

/** Keeps receipts as runs do, a day apart. */
function receiptsOfDays() {
  const path = mkdtempSync(join(tmpdir(), "rollcall-same-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const folder = new ReceiptFolder(path, commandWords);
  let day = 0;
  const keep = async (answers: readonly Answer[], changes: Partial<ReceiptHead> = {}) => {
    day += 1;
    const startedAt = new Date(Date.UTC(2026, 10, day, 18, 40)).toISOString();
    const id = `run-${day}`;
    const own = headOf(answers, { id, startedAt, previous: await folder.previous(id), ...changes });
    const same = await folder.sameAnswers(own, answers);
    const head = same === null ? own : { ...own, sameAnswersAs: same };
    const kept = await folder.write(head, () => answers);
    utimesSync(kept, new Date(startedAt), new Date(startedAt));
    return { path: kept, head };
  };
  return { folder, keep };
}

const known = (answers: Iterable<Answer>) => [...answers].map((one) => ({ ...one, thisRun: false }));
const bytesOf = (folder: ReceiptFolder, stem: string) =>
  readdirSync(folder.path)
    .filter((name) => name.startsWith(stem))
    .reduce((sum, name) => sum + statSync(join(folder.path, name)).size, 0);

test("a run with nothing new names the receipt with its answers, and is as short for 2,000 files as for 20", async () => {
  const { folder, keep } = receiptsOfDays();
  const imported = [...manyAnswers(2_000)].filter((one) => one.answer === "proved");
  const first = await keep(imported);
  const second = await keep(known(imported));
  const third = await keep(known(imported));
  expect(first.head.sameAnswersAs).toBeUndefined();
  for (const { head } of [second, third]) expect(head.sameAnswersAs?.file).toBe(basename(first.path));
  expect(bytesOf(folder, "2026-11-03")).toBeLessThan(25_000);
  expect((await readReceipt(third.path)).answers).toEqual(known(imported));
  expect([...storedAnswers(third.path, third.head)]).toEqual(known(imported));
  expect((await readReceipt(third.path)).sameAnswersAs).toBeUndefined();
});

const here = [answer("/DCIM/100APPLE/IMG_0001.JPG"), answer("/DCIM/100APPLE/IMG_0002.JPG", failed)];
const [one, two] = known(here) as [Answer, Answer];
const phone = headOf(here).phone;

test.each<[string, readonly Answer[], Partial<ReceiptHead>]>([
  ["an answer is another", [one, { ...two, answer: "missing" }], {}],
  ["a reason is another", [one, { ...two, reason: { ...failed.reason, message: "no" } }], {}],
  ["it was checked again", [{ ...one, checkedAt: "2026-11-23T10:00:00.000Z" }, two], {}],
  ["a file is gone", [one], {}],
  ["a file more is there", [one, two, { ...one, path: "/DCIM/100APPLE/IMG_0003.JPG" }], {}],
  ["a photo came with this run", here, {}],
  ["the phone is another", [one, two], { phone: { ...phone, udid: "1".repeat(40) } }],
  ["the library is another", [one, two], { destination: { kind: "photos", library: "/b", album: null } }],
  ["it is a copy", [one, two], { destination: { kind: "folder", path: "/copies" } }],
])("where %s, a receipt has its own answers", async (_what, answers, changes) => {
  const { keep } = receiptsOfDays();
  await keep(here);
  const { path, head } = await keep(answers, changes);
  expect(head.sameAnswersAs).toBeUndefined();
  expect((await readReceipt(path)).answers).toEqual(answers);
});

test.each(["changed", "gone", "cut short"])("no answers are left to a receipt that is %s", async (how) => {
  const { keep } = receiptsOfDays();
  const first = await keep(here);
  await keep([one, two]);
  if (how === "gone") rmSync(first.path);
  else writeFileSync(first.path, readFileSync(first.path, "utf8").slice(0, how === "changed" ? -1 : 1200));
  if (how !== "gone") utimesSync(first.path, new Date(0), new Date(0));
  expect((await keep([one, two])).head.sameAnswersAs).toBeUndefined();
});

test.each([
  ["gone", "is not there any more"],
  ["changed", "was changed since"],
] as const)("where the receipt that has the answers is %s, reading says so", async (how, words) => {
  const { folder, keep } = receiptsOfDays();
  const first = await keep(here);
  const second = await keep([one, two]);
  if (how === "gone") rmSync(first.path);
  else writeFileSync(first.path, readFileSync(first.path, "utf8").replace("IMG_0001", "IMG_1111"));
  await expect(readReceipt(second.path)).rejects.toMatchObject({
    code: "RECEIPT_UNREADABLE",
    why: expect.stringContaining(words),
  });
  const link = (await followChain(await folder.list())).find(({ path }) => path === second.path);
  expect(link?.answersAre).toBe(how);
});

test("a receipt that names an answer's place outside its folder is no receipt", async () => {
  const { keep } = receiptsOfDays();
  await keep(here);
  const { path, head } = await keep([one, two]);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replaceAll(JSON.stringify(head.sameAnswersAs!.file), '"../other.json"'));
  await expect(readReceipt(path)).rejects.toMatchObject({ code: "RECEIPT_UNREADABLE" });
});

test("text and page of a short receipt say where the answers stand, and still name what is wrong", async () => {
  const { keep } = receiptsOfDays();
  const first = await keep(here);
  const { path } = await keep([one, two]);
  const text = readFileSync(path.replace(/json$/, "txt"), "utf8");
  expect(text).toContain(`Every file has the answer that it has in ${basename(first.path, ".json")}.txt.`);
  expect(text).toContain("failed           /DCIM/100APPLE/IMG_0002.JPG");
  expect(text).not.toContain("IMG_0001");
  const page = readFileSync(pagePathOf(path), "utf8");
  expect(page).toContain(
    `<a href="${encodeURIComponent(basename(pagePathOf(first.path))).replace("'", "&#39;")}">`,
  );
  expect(page).toContain("IMG_0002");
  expect(page).not.toContain("<script>");
});
