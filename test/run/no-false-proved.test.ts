import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { recheckReceipt } from "../../src/run/recheck-receipt.js";
import type { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";
import { casesOr, playCases, seed } from "../random-cases.js";
import { damage, filesBelow } from "./damaged-library.js";
import { ImportHarness } from "./import-harness.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

const cases = casesOr(15);
const request = { withoutPhoneLibrary: true, batchLimits: { items: 4, bytes: 1e9 } } as const;

/** Few seeds, so that the same bytes and the same names occur. */
function rollOf(numbers: SeededNumbers): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  for (let at = 1; at <= 6; at += 1) {
    const stem = `/DCIM/${100 + numbers.below(2)}APPLE/IMG_000${1 + numbers.below(6)}`;
    if (`${stem}.JPG` in files) continue;
    const content = 1 + numbers.below(5);
    const isLive = numbers.below(3) === 0;
    const id = `${content}0000000-1111-4222-8333-44444444444${at}`;
    files[`${stem}.JPG`] = jpeg(content, isLive ? id : null);
    if (isLive) files[`${stem}.MOV`] = mov(content, id);
    else if (numbers.below(3) === 0) files[`${stem}.AAE`] = aae(content);
  }
  return files;
}

test(`no file is called proved unless its bytes are there under its id (seed ${seed}, ${cases} cases)`, async () => {
  let damaged = 0;
  const isAll = await playCases(cases, async (numbers) => {
    using harness = new ImportHarness();
    const files = rollOf(numbers);
    const phone = phoneWith(files);
    const { receiptPath } = await harness.import(phone, request);
    const staged = filesBelow(harness.stagingFolder);
    expect(staged, "everything was proved and let go").toEqual([]);
    damage(harness, numbers);

    using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
    const { photos, clock, originals } = await harness.parts(phone, ledgerDatabase);
    const receipt = await readReceipt(receiptPath);
    const library = await originals.open(harness.photos.library.path);
    const ledger = ledgerDatabase.ledgerFor(receipt.phone, {
      kind: "photos",
      key: harness.photos.library.path,
    });
    const today = await recheckReceipt(receipt, { photos, clock, ledger, library });
    for (const { path, answer, photosId } of today.receipt.answers) {
      const wanted = createHash("sha256").update(files[path]!).digest("hex");
      const uuid = photosId!.slice(0, 36);
      const row = harness.photos.library.database
        .prepare("SELECT ZTRASHEDSTATE AS trashed FROM ZASSET WHERE ZUUID = ?")
        .get(uuid) as { trashed: number } | undefined;
      const isThere = ["originals", "resources/renders"].some((top) => {
        const folder = join(harness.photos.library.path, top, uuid.charAt(0));
        const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(uuid)) : [];
        return names.some(
          (name) =>
            createHash("sha256")
              .update(readFileSync(join(folder, name)))
              .digest("hex") === wanted,
        );
      });
      const isWhole = isThere && row?.trashed === 0;
      if (answer === "proved") expect(isWhole, `${path} is called proved`).toBe(true);
      if (!isWhole) expect(answer, path).not.toBe("proved");
      if (answer !== "proved") damaged += 1;
    }
  });
  if (isAll) expect(damaged).toBeGreaterThan(cases / 4);
}, 3_600_000);
