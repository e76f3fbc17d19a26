import { expect, test } from "vitest";
import { statusOfAnswers } from "../../src/cli/process/status-of-answers.js";
import { ImportHarness, phoneWithCameraRoll } from "./import-harness.js";

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

test("photos synced from a computer come; parts that are not there are named; a size that differs is said", async () => {
  using harness = new ImportHarness();
  const { head, answers } = await harness.import(await phoneWithCameraRoll({ hasOddRows: true }), {});
  const all = [...answers()];
  const odd = all.filter(({ path }) => /100SYNCD|IMG_003[123]\./.test(path));
  expect(
    Object.fromEntries(odd.map(({ path, answer, reason }) => [nameOf(path), [answer, reason?.code ?? null]])),
  ).toEqual({
    "IMG_0001.JPG": ["proved", null],
    "IMG_0002.MOV": ["proved", null],
    "IMG_0031.JPG": ["proved", null],
    "IMG_0031.MOV": ["failed", "PART_NOT_ON_THE_PHONE"],
    "IMG_0032.JPG": ["proved", null],
    "IMG_0032.DNG": ["failed", "PART_NOT_ON_THE_PHONE"],
    "IMG_0033.JPG": ["proved", "SIZE_NOT_AS_SAID"],
  });
  expect(statusOfAnswers(head.totals)).toBe(3);
});
