// How an import grows: bench-import.mjs FOLDER ITEMS, after a build. A whole import in this process, from a phone
// in memory into a virtual Photos, with the clock that nobody waits for. Everything lies below FOLDER. Prints
// one line of JSON: {items, seconds, events, valuesReturned}.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { JxaPhotosLibrary } from "../dist/jxa/jxa-photos-library.js";
import { JxaPhotosProcess } from "../dist/jxa/jxa-photos-process.js";
import { Ledger } from "../dist/ledger/ledger.js";
import { libraryAccess } from "../dist/originals/library-access.js";
import { libraryOriginals } from "../dist/originals/library-originals.js";
import { ReceiptFolder } from "../dist/receipt/receipt-folder.js";
import { importFromPhone } from "../dist/run/import-from-phone.js";
import { encodeJpeg } from "../dist/virtual/iphone/jpeg.js";
import { MemoryPhone } from "../dist/virtual/iphone/memory-phone.js";
import { drawPicture } from "../dist/virtual/iphone/picture.js";
import { SeededNumbers } from "../dist/virtual/iphone/seeded-numbers.js";
import { runInProcess } from "../dist/virtual/photos/run-in-process.js";
import { openVirtualPhotos } from "../dist/virtual/photos/virtual-photos.js";
import { ManualTime } from "../dist/virtual/photos/virtual-time.js";

const [folder, count] = [process.argv[2], Number(process.argv[3])];
const place = (name) => {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
};

const takenAt = new Date("2026-11-01T10:00:00Z");
const picture = encodeJpeg(drawPicture(new SeededNumbers(1), 2, 2), { takenAt, contentIdentifier: null });
const phone = new MemoryPhone();
for (let number = 0; number < count; number += 1) {
  const path = `/DCIM/${100 + Math.floor(number / 999)}APPLE/IMG_${String((number % 999) + 1).padStart(4, "0")}.JPG`;
  phone.put(path, { bytes: Buffer.concat([picture, Buffer.from(String(number))]), modifiedAt: takenAt });
}

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
const ledger = await Ledger.open(join(folder, "ledger.sqlite"));
const startMs = performance.now();
const { head } = await importFromPhone(
  {
    phone,
    ledger,
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
  {
    selection: {},
    edits: false,
    again: false,
    withoutPhoneLibrary: true,
    keepAlbums: false,
    mayRelaunch: false,
    batchLimits: { items: 50, bytes: 1024 ** 3 },
    stagedBytesLimit: 8 * 1024 ** 3,
  },
);
const seconds = (performance.now() - startMs) / 1000;
const { total: events, valuesReturned } = photosApp.counters();
ledger[Symbol.dispose]();
photosApp.close();
if (head.totals.byAnswer.proved !== count)
  throw new Error(`of ${count} items ${head.totals.byAnswer.proved} came`);
console.log(JSON.stringify({ items: count, seconds, events, valuesReturned }));
