import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { commandWords, inCommandWords } from "../../src/cli/terminal/command-words.js";
import type { Answer } from "../../src/receipt/answer.js";
import { readReceiptHead } from "../../src/receipt/read-receipt-head.js";
import type { ReceiptHead } from "../../src/receipt/receipt.js";
import { pagePathOf, ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { storedAnswers } from "../../src/receipt/same-answers.js";
import { advise, type Remedy, VERIFY } from "../../src/remedy.js";
import { EVERY_ACTION } from "../every-action.js";
import { answer, failed, headOf } from "./some-answers.js";

const REMEDY = advise`Wait until Photos is still, then run ${VERIFY}: it looks again.`;
const TEXT = "Wait until Photos is still, then run rollcall verify: it looks again.";
const LIFTED_BY = advise`${VERIFY} reads the bytes`;
const NOT_AS_SENT = { code: "ALBUM_LENGTH", message: "it lacks one", remedy: REMEDY } as const;

const told = (remedy: Remedy): Answer =>
  answer("/DCIM/100APPLE/IMG_0001.JPG", {
    ...failed,
    reason: { code: "PHOTOS_LEFT_OUT", message: "no", remedy },
  });

function head(answers: readonly Answer[], id = "run-1"): ReceiptHead {
  return headOf(answers, {
    id,
    evidence: { rung: 2, liftedBy: LIFTED_BY },
    destination: { kind: "photos", library: null, album: null, notAsSent: [NOT_AS_SENT] },
  });
}

function folderOfReceipts(): ReceiptFolder {
  const path = mkdtempSync(join(tmpdir(), "rollcall-parts-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return new ReceiptFolder(path, commandWords);
}

test("a receipt says what to do as a person types it, with the actions beside it", async () => {
  const answers = [told(REMEDY), answer("/DCIM/100APPLE/IMG_0002.JPG", failed)];
  const path = await folderOfReceipts().write(head(answers), () => answers);
  const json = JSON.parse(readFileSync(path, "utf8"));
  expect(json.answers[0].reason).toMatchObject({ remedy: TEXT, remedyParts: REMEDY });
  expect(json.answers[1].reason).not.toHaveProperty("remedyParts");
  expect(json.destination.notAsSent[0]).toMatchObject({ remedy: TEXT, remedyParts: REMEDY });
  expect(json.evidence).toEqual({
    rung: 2,
    liftedBy: "rollcall verify reads the bytes",
    liftedByParts: LIFTED_BY,
  });
  for (const form of [path.replace(/json$/, "txt"), pagePathOf(path)])
    expect(readFileSync(form, "utf8")).toContain(TEXT);
});

test("what is read back of a receipt has the actions, whoever reads it", async () => {
  const answers = [told(REMEDY)];
  const own = head(answers);
  const path = await folderOfReceipts().write(own, () => answers);
  expect(await readReceipt(path)).toEqual({ ...own, answers });
  expect(await readReceiptHead(path)).toEqual(own);
  expect([...storedAnswers(path, own)]).toEqual(answers);
});

test.each<[string, unknown]>([
  ["of an older Rollcall, without parts", undefined],
  ["with an action of a newer one", ["Then ", { action: "frobnicate" }, "."]],
  ["with an option of a newer one", ["Then ", { action: "import", with: "frobnicate" }, "."]],
])("a receipt %s is read as it says in words", async (_title, remedyParts) => {
  const answers = [told(REMEDY)];
  const path = await folderOfReceipts().write(head(answers), () => answers);
  const text = readFileSync(path, "utf8").replaceAll(
    `,"remedyParts":${JSON.stringify(REMEDY)}`,
    remedyParts === undefined ? "" : `,"remedyParts":${JSON.stringify(remedyParts)}`,
  );
  writeFileSync(path, text);
  const receipt = await readReceipt(path);
  expect(receipt.answers[0]?.reason?.remedy).toBe(TEXT);
  expect([...storedAnswers(path, receipt)][0]?.reason?.remedy).toBe(TEXT);
});

test("a receipt whose parts are none is refused", async () => {
  const answers = [told(REMEDY)];
  const path = await folderOfReceipts().write(head(answers), () => answers);
  writeFileSync(path, readFileSync(path, "utf8").replace('{"action":"verify"}', "7"));
  await expect(readReceipt(path)).rejects.toMatchObject({ code: "RECEIPT_UNREADABLE" });
});

test("answers are the same as those of an older receipt that has them in words alone", async () => {
  const known = (remedy: Remedy) => [{ ...told(remedy), thisRun: false }];
  const receipts = folderOfReceipts();
  await receipts.write(head(known(TEXT)), () => known(TEXT));
  expect(await receipts.sameAnswers(head(known(REMEDY), "run-2"), known(REMEDY))).not.toBeNull();
  expect(await receipts.sameAnswers(head(known("Other."), "run-2"), known("Other."))).toBeNull();
});

test.each(EVERY_ACTION)("a receipt keeps %j", async (action) => {
  const answers = [told(["Now ", action])];
  const path = await folderOfReceipts().write(head(answers), () => answers);
  const [read] = (await readReceipt(path)).answers;
  expect(read?.reason?.remedy).toEqual(["Now ", action]);
  expect(inCommandWords(read!.reason!.remedy)).toBe(`Now ${commandWords(action)}`);
});
