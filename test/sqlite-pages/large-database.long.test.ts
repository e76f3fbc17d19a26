import { mkdtempSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readPhoneLibrary } from "../../src/catalogue/phone-library.js";
import { openUsbPhone } from "../../src/usb/usb-phone.js";
import { usbmuxAddress } from "../../src/usb/usbmux/usbmux-address.js";
import { UsbmuxClient } from "../../src/usb/usbmux/usbmux-client.js";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import { startVirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { memoryDisk } from "../memory-disk.js";

const ITEMS = 60_000;
const BYTES = 8_200_000_000;

it("a phone with 60,000 items and a database of 8 GB is read, by a fiftieth of its bytes", async () => {
  const folder = mkdtempSync(join(memoryDisk, "rc-"));
  try {
    const mediaFolder = join(folder, "media");
    await writePhoneDatabase(mediaFolder, items(), { spreadOverBytes: BYTES });
    expect(statSync(join(mediaFolder, "PhotoData", "Photos.sqlite")).size).toBeGreaterThan(BYTES - 10_000);
    await using iphone = await startVirtualIPhone({ mediaFolder, socketPath: join(folder, "mux") });
    const usbmux = new UsbmuxClient(usbmuxAddress(iphone.address));
    await using phone = await openUsbPhone(usbmux, iphone.udid);
    const library = await readPhoneLibrary(phone, { workFolder: folder });
    expect(library.summary.shownCount).toBe(ITEMS);
    expect(library.reading).toMatchObject({ way: "pages", tries: 1 });
    expect(library.reading.readBytes).toBeLessThan(BYTES / 50);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function* items() {
  for (let number = 0; number < ITEMS; number++) {
    yield {
      directory: `DCIM/${100 + Math.floor(number / 999)}APPLE`,
      filename: `IMG_${String((number % 999) + 1).padStart(4, "0")}.HEIC`,
      kind: "photo" as const,
      createdAt: new Date(1.6e12 + number * 60_000),
      sizeBytes: 2_000_000,
      albums: number % 3 === 0 ? [`Album ${number % 40}`] : [],
    };
  }
}
