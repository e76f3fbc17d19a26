// How an import grows: bench-import.mjs FOLDER ITEMS [EVERY], after a build. A whole import in this process, from a phone
// in memory into a virtual Photos, with the clock that nobody waits for. With EVERY one photo in so many is edited, and
// a second run imports as many photos more. Everything lies below FOLDER. Prints one line of JSON:
// {items, seconds, events, valuesReturned, later: {events}}.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { JxaPhotosLibrary } from "../dist/jxa/jxa-photos-library.js";
import { JxaPhotosProcess } from "../dist/jxa/jxa-photos-process.js";
import { LedgerDatabase } from "../dist/ledger/ledger-database.js";
import { libraryAccess } from "../dist/originals/library-access.js";
import { libraryOriginals } from "../dist/originals/library-originals.js";
import { ReceiptFolder } from "../dist/receipt/receipt-folder.js";
import { importFromPhone } from "../dist/run/import-from-phone.js";
import { ORDINARY_IMPORT } from "../dist/run/ordinary-import.js";
import { encodeAdjustments } from "../dist/virtual/iphone/adjustments.js";
import { encodeJpeg } from "../dist/virtual/iphone/jpeg.js";
import { MemoryPhone } from "../dist/virtual/iphone/memory-phone.js";
import { drawPicture } from "../dist/virtual/iphone/picture.js";
import { SeededNumbers } from "../dist/virtual/iphone/seeded-numbers.js";
import { runInProcess } from "../dist/virtual/photos/run-in-process.js";
import { openVirtualPhotos } from "../dist/virtual/photos/virtual-photos.js";
import { ManualTime } from "../dist/virtual/photos/virtual-time.js";

const [folder, count, every] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4] ?? 0)];
const place = (name) => {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
};

const takenAt = new Date("2026-11-01T10:00:00Z");
const draw = (seed) =>
  encodeJpeg(drawPicture(new SeededNumbers(seed), 2, 2), { takenAt, contentIdentifier: null });
const [picture, rendering] = [draw(1), draw(2)];
const phone = new MemoryPhone();
const put = (path, ...bytes) => phone.put(path, { bytes: Buffer.concat(bytes), modifiedAt: takenAt });
function putPhotos(from, to) {
  for (let number = from; number < to; number += 1) {
    const place = `/DCIM/${100 + Math.floor(number / 999)}APPLE/`;
    const digits = String((number % 999) + 1).padStart(4, "0");
    const own = Buffer.from(String(number));
    put(`${place}IMG_${digits}.JPG`, picture, own);
    if (every === 0 || number % every !== 0) continue;
    put(`${place}IMG_${digits}.AAE`, encodeAdjustments(takenAt, number));
    put(`${place}IMG_E${digits}.JPG`, rendering, own);
  }
}
putPhotos(0, count);

const clock = new ManualTime();
const photosApp = openVirtualPhotos(join(folder, "Bench.photoslibrary"), { time: clock });
const runScript = runInProcess(photosApp, clock);
const access = libraryAccess({ app: null });
const photosProcess = new JxaPhotosProcess({
  runScript,
  access,
  macPrograms: null,
  configuredLibrary: photosApp.library.path,
});
const ledgerDatabase = await LedgerDatabase.open(join(folder, "ledger.sqlite"));
async function importAll() {
  photosApp.resetCounters();
  const startMs = performance.now();
  const { head } = await importFromPhone(
    {
      phone,
      ledgerDatabase,
      receipts: new ReceiptFolder(place("receipts")),
      clock,
      workFolder: place("work"),
      toolVersion: "bench",
      report: () => undefined,
      stagingFolder: place("staging"),
      questions: null,
      process: photosProcess,
      originals: libraryOriginals({ workFolder: place("work"), access }),
      libraryAccess: access,
      photos: new JxaPhotosLibrary({ runScript, photosProcess, clock }),
    },
    { ...ORDINARY_IMPORT, withoutPhoneLibrary: true },
  );
  const { files, byAnswer } = head.totals;
  if (byAnswer.proved !== files) throw new Error(`of ${files} files ${byAnswer.proved} came`);
  const { total: events, valuesReturned } = photosApp.counters();
  return { seconds: (performance.now() - startMs) / 1000, events, valuesReturned };
}

const first = await importAll();
let later;
if (every > 0) {
  putPhotos(count, 2 * count);
  later = await importAll();
}
ledger[Symbol.dispose]();
photosApp.close();
console.log(JSON.stringify({ items: count, ...first, later }));
