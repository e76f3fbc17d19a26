import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { libraryOriginals } from "../../src/originals/library-originals.js";
import { lookAfterQuit } from "../../src/run/look-after-quit.js";
import { directAccess } from "../direct-access.js";
import { ImportHarness } from "./import-harness.js";
import { expectHonest, importInTrouble } from "./photos-in-trouble.js";
import { jpeg, phoneWith } from "./small-phones.js";

const PATHS = ["/DCIM/100APPLE/IMG_0001.JPG", "/DCIM/100APPLE/IMG_0003.JPG"] as const;

test("what is gone after Photos was quit is no longer proved, also where the database cannot be read", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [PATHS[0]]: jpeg(1), [PATHS[1]]: jpeg(3) });
  const done = await harness.import(phone, { withoutPhoneLibrary: true });
  const before = new Map([...done.answers()].map(({ path, photosId }) => [path, photosId!.slice(0, 36)]));
  const lost = before.get(PATHS[0])!;
  rmSync(join(harness.photos.library.path, "originals", lost.charAt(0), `${lost}.jpeg`));

  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const parts = await harness.parts(phone, ledgerDatabase);
  const ledger = ledgerDatabase.ledgerFor(phone.identity, {
    kind: "photos",
    key: harness.photos.library.path,
  });
  const originals = libraryOriginals({ workFolder: join(harness.folder, "work"), access: directAccess });
  const opened = await originals.open(harness.photos.library.path);
  if ("code" in opened) throw new Error(opened.message);
  const closed = { code: "DISK_FULL", message: "There is not enough space.", remedy: "Make room." };
  const library = {
    path: opened.path,
    libraryId: () => opened.libraryId(),
    filesOf: (ids: Iterable<string>) => opened.filesOf(ids),
    sha256Of: (...file: Parameters<typeof opened.sha256Of>) => opened.sha256Of(...file),
    openRecords: async () => closed,
  };
  await lookAfterQuit({ runId: done.head.id, library: library as never, liftedBy: null }, ledger, parts);
  const files = ledger.items
    .itemIdsOfRun(done.head.id, "imported")
    .flatMap((id) => ledger.items.get(id).files);
  expect(Object.fromEntries(files.map(({ path, answer, reason }) => [path, [answer, reason?.code]]))).toEqual(
    {
      [PATHS[0]]: ["unknown", "NO_LONGER_PROVED"],
      [PATHS[1]]: ["proved", undefined],
    },
  );
});

test("a killed run loses all its photos with Photos: none is still said to be there, proved before or not", async () => {
  for (const script of [16, 19, 22]) {
    using harness = new ImportHarness();
    const phone = phoneWith({ [PATHS[0]]: jpeg(1), [PATHS[1]]: jpeg(3) });
    const ending = await importInTrouble(
      harness,
      phone,
      { withoutPhoneLibrary: true, batchLimits: { items: 1, bytes: 1e9 } },
      { faults: [{ name: "quit-loses-items", items: 3 }], stops: [{ script, when: "before" }] },
    );
    expect(ending.broken, `killed before script ${script}`).toContain("killed");
    expectHonest(ending);
  }
});
