import { expect, test } from "vitest";
import { ImportHarness } from "../run/import-harness.js";
import { jpeg, phoneWith } from "../run/small-phones.js";

const phone = () =>
  phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/101APPLE/IMG_0002.JPG": jpeg(2) });

test("a folder that the phone does not have is refused, and those that it has are named", async () => {
  using harness = new ImportHarness();
  const refused = {
    code: "NO_SUCH_FOLDER",
    option: "folder",
    message: 'The phone has nothing in a folder "999APPLE".',
    remedy: 'Its folders are "100APPLE", "101APPLE".',
  };
  const selection = { folder: "999APPLE" };
  await expect(harness.import(phone(), { selection, withoutPhoneLibrary: true })).rejects.toMatchObject(
    refused,
  );
  await expect(harness.copy(phone(), `${harness.folder}/copied`, selection)).rejects.toMatchObject(refused);
});

test.each(["100apple", "/DCIM/101APPLE/", "dcim"])("the folder %j is taken", async (folder) => {
  using harness = new ImportHarness();
  expect(
    (await harness.import(phone(), { selection: { folder }, withoutPhoneLibrary: true })).head.totals.thisRun
      .items,
  ).toBeGreaterThan(0);
});
