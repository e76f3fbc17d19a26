import { expect, test } from "vitest";
import { ImportHarness } from "../run/import-harness.js";
import { jpeg, phoneWith } from "../run/small-phones.js";

const P = 'const P = Application("Photos"); const last = P.albums().find((a) => a.name() === "Last Import");';
const FIRST = "IMG_0001.JPG";
const SECOND = "IMG_0002.JPG";

/** Two runs, and what a person does to the album in between; titles of ours that end with a date are cut there. */
async function albumsAfter(byHand: string): Promise<Record<string, string[]>> {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`/DCIM/100APPLE/${FIRST}`]: jpeg(1), [`/DCIM/100APPLE/${SECOND}`]: jpeg(2) });
  const plain = { withoutPhoneLibrary: true };
  await harness.import(phone, { ...plain, selection: { limit: 1 } });
  const outcome = harness.photos.runText(`${P} ${byHand}; "done"`);
  expect(outcome).toMatchObject({ ok: true });
  await harness.import(phone, plain);
  const albums = Object.entries(harness.albums());
  return Object.fromEntries(
    albums.map(([title, names]) => [title.replace(/^Import \d.*/, "Import ..."), names.sort()]),
  );
}

test("an album that a person renamed between two runs is theirs, and keeps its name", async () => {
  expect(await albumsAfter('last.name = "Lisbon"')).toEqual({ Lisbon: [FIRST], "Last Import": [SECOND] });
});
