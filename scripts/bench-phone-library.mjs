// Started by bench.mjs.
//   bench-phone-library.mjs read MEDIA        reads the database of a phone whose files lie in MEDIA
//   bench-phone-library.mjs know SOCKET HOME  a ledger in HOME that knows every file of the phone at SOCKET
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [what, place, home] = process.argv.slice(2);
if (what === "read") await readDatabase(place);
else await knowEverything(place, home);

async function readDatabase(media) {
  const { readPhoneLibrary } = await import("../dist/catalogue/phone-library.js");
  const phone = {
    async describe(path) {
      const found = await stat(join(media, path)).catch(() => null);
      return (
        found && { path, sizeBytes: found.size, modifiedAtMs: Math.floor(found.mtimeMs), bornAtMs: null }
      );
    },
    read: (path) => createReadStream(join(media, path), { highWaterMark: 1024 * 1024 }),
  };
  const library = await readPhoneLibrary(phone, { workFolder: tmpdir() });
  let captions = 0;
  for (const { caption } of library.rows()) if (caption !== null) captions += 1;
  if (captions === 0) throw new Error("nothing was read");
}

async function knowEverything(socketPath, folder) {
  const { itemIdentity } = await import("../dist/catalogue/item-identity.js");
  const { LedgerDatabase } = await import("../dist/ledger/ledger-database.js");
  const { openUsbPhone } = await import("../dist/usb/usb-phone.js");
  const { UsbmuxClient } = await import("../dist/usb/usbmux/usbmux-client.js");
  mkdirSync(folder, { mode: 0o700 });
  const usbmux = new UsbmuxClient({ path: socketPath });
  const [device] = await usbmux.listDevices();
  const phone = await openUsbPhone(usbmux, device.udid);
  const ledgerDatabase = await LedgerDatabase.open(join(folder, "ledger.sqlite"));
  const ledger = ledgerDatabase.ledgerFor(phone.identity, { kind: "photos", key: "/Bench.photoslibrary" });
  const run = ledger.continueOrBeginRun(new Date());
  for await (const entry of phone.list("/DCIM")) {
    if (entry.type !== "file") continue;
    const { file } = entry;
    const sha256 = createHash("sha256").update(file.path).digest("hex");
    ledger.recordSighting(file, sha256);
    const files = [{ role: "original", file, copyPath: `/staging${file.path}`, sha256, fingerprint: "" }];
    const id = ledger.recordStaged(run.id, { identity: itemIdentity(files), key: file.path }, files);
    const found = { photosId: `${id}/L0/001`, answer: "present", evidence: ["id"], reason: null };
    ledger.recordOutcome(id, "imported", [{ ...found, path: file.path, checkedAt: new Date() }]);
  }
  ledger.finishRun(run.id, "", new Date());
  ledger[Symbol.dispose]();
  await phone[Symbol.asyncDispose]();
}
