// Started by bench.mjs: reads the photo database of the phone at SOCKET, so many times, and prints what that cost.
//   bench-phone-pages.mjs SOCKET TIMES FOLDER [whole]     whole: every byte of the file, beside it
// With a phone that writes to it meanwhile, each reading is checked: in every state one photo is a favourite.
import { readPhoneLibrary } from "../dist/catalogue/phone-library.js";
import { openUsbPhone } from "../dist/usb/usb-phone.js";
import { UsbmuxClient } from "../dist/usb/usbmux/usbmux-client.js";

const DATABASE = "/PhotoData/Photos.sqlite";
const [socketPath, times, workFolder, whole] = process.argv.slice(2);
const usbmux = new UsbmuxClient({ path: socketPath });
const [device] = await usbmux.listDevices();
const phone = await openUsbPhone(usbmux, device.udid);

let wholeSeconds = null;
if (whole === "whole") {
  const startMs = performance.now();
  for await (const _ of phone.read(DATABASE));
  wholeSeconds = (performance.now() - startMs) / 1000;
}

// What is loaded once is not part of what reading takes.
await readPhoneLibrary(phone, { workFolder });
const residentBytes = process.memoryUsage().rss;
let mostResident = residentBytes;
const readings = [];
let failed = 0;
let wrong = 0;
for (let time = 0; time < Number(times); time += 1) {
  const startMs = performance.now();
  try {
    const library = await readPhoneLibrary(phone, { workFolder });
    const milliseconds = Math.round(performance.now() - startMs); // with what SQLite is asked afterwards
    mostResident = Math.max(mostResident, process.memoryUsage().rss);
    let favorites = 0;
    for (const row of library.rows()) if (row.favorite) favorites += 1;
    if (favorites !== 1) wrong += 1;
    readings.push({ ...library.reading, milliseconds });
  } catch (error) {
    if (error.code !== "PHONE_LIBRARY_UNREADABLE") throw error;
    failed += 1;
  }
}
await phone[Symbol.asyncDispose]();
const moreResident = mostResident - residentBytes;
console.log(JSON.stringify({ wholeSeconds, readings, failed, wrong, moreResident }));
