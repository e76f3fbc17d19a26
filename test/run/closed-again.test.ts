import { expect, test } from "vitest";
import { Ledger } from "../../src/ledger/ledger.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { closedAgain } from "../../src/run/closed-again.js";
import { recheckReceipt } from "../../src/run/recheck-receipt.js";
import { Desk } from "./one-desk.js";
import { jpeg, phoneWith } from "./small-phones.js";

test.each([true, false])(
  "verify asks Photos where the library may not be read, and leaves it as it was (open: %s)",
  async (isOpen) => {
    using desk = new Desk();
    const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
    const { receiptPath } = await desk.import(phone, { withoutPhoneLibrary: true });
    await desk.clock.wait(60_000);
    if (isOpen) desk.photos.launch();
    const before = desk.photos.running();

    using ledger = await Ledger.open(desk.ledgerPath);
    const parts = await desk.parts(phone, ledger);
    const library = { code: "LIBRARY_NOT_PERMITTED", message: "It may not be read.", remedy: "Allow it." };
    const receipt = await readReceipt(receiptPath);
    const asked = { clock: desk.clock, between: null, library };
    const { receipt: today } = await closedAgain(parts, (photos) =>
      recheckReceipt(receipt, { ...asked, photos }),
    );
    expect(today.answers.map(({ answer }) => answer)).toEqual(["present"]);
    expect(desk.photos.running()).toEqual(before);
  },
);
