import { expect, test } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { recheckReceipt } from "../../src/run/recheck-receipt.js";
import { closedAgain } from "../../src/session/ask-and-close.js";
import { ImportHarness } from "../run/import-harness.js";
import { jpeg, phoneWith } from "../run/small-phones.js";

test.each([true, false])(
  "verify asks Photos where the library may not be read, and leaves it as it was (open: %s)",
  async (isOpen) => {
    using harness = new ImportHarness();
    const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
    const { receiptPath } = await harness.import(phone, { withoutPhoneLibrary: true });
    await harness.clock.wait(60_000);
    if (isOpen) harness.photos.launch();
    const before = harness.photos.running();

    using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
    const parts = await harness.parts(phone, ledgerDatabase);
    const library = {
      code: "LIBRARY_NOT_PERMITTED" as const,
      message: "It may not be read.",
      remedy: "Allow it.",
    };
    const receipt = await readReceipt(receiptPath);
    const asked = { clock: harness.clock, ledger: null, library };
    const { receipt: today } = await closedAgain(parts, (photos) =>
      recheckReceipt(receipt, { ...asked, photos }),
    );
    expect(today.answers.map(({ answer }) => answer)).toEqual(["present"]);
    expect(harness.photos.running()).toEqual(before);
  },
);
