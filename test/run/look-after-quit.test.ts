import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
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

test("a run says that it quits Photos, then that it reads the library once more, each once", async () => {
  using harness = new ImportHarness();
  await harness.import(phoneWith({ [PATHS[0]]: jpeg(1) }), { withoutPhoneLibrary: true });
  expect(harness.events.flatMap((event) => (event.type === "ending" ? [event.doing] : []))).toEqual([
    "quitting-photos",
    "reading-library",
  ]);
});

test("library unreadable, lost at the quit: unplugging loses nothing, and the phone is to keep the photos", async () => {
  using harness = new ImportHarness();
  harness.originals = {
    open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "Not allowed.", remedy: "Allow it." }),
  };
  harness.photos.faults({ name: "quit-loses-items", items: 2 });
  const bytes = [jpeg(1), jpeg(3)];
  const phone = phoneWith({ [PATHS[0]]: bytes[0]!, [PATHS[1]]: bytes[1]! });
  const { head, answers } = await harness.import(phone, { withoutPhoneLibrary: true });
  expect(harness.itemCount()).toBe(0);
  const lines = summaryLines(head, answers(), null).join("\n");
  expect(lines).toContain("Safe to unplug.");
  expect(lines).toContain("rollcall verify asks it. Keep the photos on the phone until then.");
  // What "safe" rests on: each byte of the two lies in staging.
  const staged = readdirSync(harness.stagingFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  expect(staged).toEqual(expect.arrayContaining(bytes));
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
