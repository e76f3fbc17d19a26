import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import { followChain } from "../../src/receipt/receipt-chain.js";
import { ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { headOf } from "./some-answers.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-chain-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Three receipts, one after the other, as three runs keep them. */
async function three(): Promise<string[]> {
  const receipts = new ReceiptFolder(folder, commandWords);
  const paths: string[] = [];
  for (const day of ["20", "21", "22"]) {
    const id = `run of the ${day}th`;
    const startedAt = `2026-11-${day}T12:00:00.000Z`;
    const previous = await receipts.previous(id);
    paths.push(await receipts.write({ ...headOf([]), id, startedAt, previous }, () => []));
  }
  return paths;
}

async function chain() {
  return (await followChain(await new ReceiptFolder(folder, commandWords).list())).map((link) => {
    return { previousIs: link.previousIs, isChanged: link.isChanged };
  });
}

describe("each receipt names the one before it by its hash", () => {
  test("the first names none, and an undisturbed chain is whole", async () => {
    const [first, second] = await three();
    expect((await readReceipt(first!)).previous).toBeNull();
    expect((await readReceipt(second!)).previous).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await chain()).toEqual([
      { previousIs: null, isChanged: false },
      { previousIs: "there", isChanged: false },
      { previousIs: "there", isChanged: false },
    ]);
  });

  test("a receipt that was changed is named, and only that one", async () => {
    const [, second] = await three();
    writeFileSync(second!, (await readFile(second!, "utf8")).replace("run of the 21th", "run of the 1st"));
    const links = await followChain(await new ReceiptFolder(folder, commandWords).list());
    expect(links.filter(({ isChanged }) => isChanged).map(({ path }) => path)).toEqual([second]);
  });

  test("one that was taken away is missed by the next; one that was only renamed is not", async () => {
    const [first, second] = await three();
    renameSync(second!, join(folder, "kept.json"));
    expect((await chain()).every(({ previousIs }) => previousIs !== "gone")).toBe(true);
    rmSync(first!);
    expect((await chain()).filter(({ previousIs }) => previousIs === "gone")).toHaveLength(1);
  });

  test("a receipt that is written again, because its end was cut off, names the one before it and not itself", async () => {
    const [, second, third] = await three();
    const receipts = new ReceiptFolder(folder, commandWords);
    const { id, previous } = await readReceipt(third!);
    expect(await receipts.previous(id)).toEqual(previous);
    expect(previous?.file).toBe(second!.slice(folder.length + 1));
  });
});
