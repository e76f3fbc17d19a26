// How fast and how large a copy is, the reader of a library, and how an import grows:
// `npm run bench [-- --files N --size BYTES --cable N --small N --listed N --photos N --hashed BYTES --items N
// --idle SECONDS --database ITEMS --only copy,cable]`, after a build. Copies files off a virtual iPhone with the built command,
// beside a plain stream of the same bytes and beside ifuse; copies over a cable like that of a USB 2 phone, and many
// small files, each with the processor time of both ends, by which they can be compared on a busy machine; lists many files over a cable that takes
// 1 ms for each answer; reads a library of many photos, and the database of a phone with as many, of which nothing
// is new; reads the database of a phone by its pages, at rest and while the phone writes to it; hashes one file, beside openssl; imports some thousand photos, and ten times as many; counts the Apple events
// of edited photos; what starting costs, and a watch in which nothing happens. Everything is generated, and cleared away.
import { fork, spawn } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, open, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, freemem, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readFileOnce } from "../dist/originals/read-file-once.js";
import { AfcClient } from "../dist/usb/afc/afc-client.js";
import { PhoneLink } from "../dist/usb/phone-link.js";
import { openUsbPhone } from "../dist/usb/usb-phone.js";
import { UsbmuxClient } from "../dist/usb/usbmux/usbmux-client.js";
import { copyWithIfuse } from "./bench-ifuse.mjs";
import { makeManyPhotos, PHOTO_BYTES } from "./bench-library.mjs";

const CASES = "copy,cable,small,listing,library,known,database,hashing,import,edited,resident";

function asked() {
  try {
    return parseArgs({
      options: {
        files: { type: "string", default: "2000" },
        size: { type: "string", default: "2000000" },
        listed: { type: "string", default: "20000" },
        photos: { type: "string", default: "100000" },
        hashed: { type: "string", default: "1000000000" },
        items: { type: "string", default: "5000" },
        small: { type: "string", default: "20000" },
        cable: { type: "string", default: "600" },
        only: { type: "string", default: CASES },
        idle: { type: "string", default: "60" },
        database: { type: "string", default: "1700" },
      },
    }).values;
  } catch (error) {
    refuse(error.message);
  }
}

function refuse(why) {
  console.error(`error: ${why}`);
  process.exit(2);
}

const values = asked();
const { only, ...sizes } = values;
const names = ["files", "size", "listed", "photos", "hashed", "items", "small", "cable", "idle", "database"];
const numbers = names.map((name) => Number(sizes[name]));
const [files, sizeBytes, listed, photos, hashedBytes, items, small, cable, idleSeconds, inDatabase] = numbers;
const cases = new Set(only.split(","));
if (!numbers.every((number) => Number.isSafeInteger(number) && number > 0))
  refuse(`${names.map((name) => `--${name}`).join(", ")} want whole numbers above 0`);
if (![...cases].every((name) => CASES.split(",").includes(name))) refuse(`--only takes some of ${CASES}`);

const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, "..", "dist", "main.js");
const totalBytes = files * sizeBytes;
let sockets = 0;
const folder = await mkdtemp(join(await placeFor(2 * totalBytes), "rollcall-bench-"));
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => void clear().then(() => process.exit(130)));
try {
  machine();
  if (cases.has("copy")) await benchCopy();
  if (cases.has("cable")) await benchCable();
  if (cases.has("small")) await benchSmallFiles();
  if (cases.has("listing")) await benchListing();
  if (cases.has("library")) await benchLibrary();
  if (cases.has("known")) await benchKnownPhone();
  if (cases.has("database")) await benchDatabase();
  if (cases.has("hashing")) await benchHashing();
  if (cases.has("import")) await benchImport();
  if (cases.has("edited")) await benchEdited();
  if (cases.has("resident")) await benchResident();
} finally {
  await clear();
}

async function benchCopy() {
  const media = join(folder, "media");
  await makeFiles(media, files, sizeBytes);
  console.log(
    `\ncopy: ${grouped(files)} files of ${grouped(sizeBytes)} bytes, both ends in ${dirname(folder)}`,
  );

  const phone = await farEnd("phone", media);
  const listing = await timed(() => list(phone.socketPath, files));
  print("listing them", seconds(listing.seconds));
  const copy = await rollcallCopy(phone);
  print("rollcall copy", figures(copy));
  print("", bothEnds(copy));
  const ifuse = await copyWithIfuse(phone.socketPath, folder);
  phone.end();

  const stream = await farEnd("stream", media);
  const plainCopy = join(here, "bench-plain-copy.mjs");
  const plain = await measured([plainCopy, stream.socketPath, join(folder, "plain")]);
  await rm(join(folder, "plain"), { recursive: true });
  print("plain stream, hashed, written", figures(plain));
  const readBack = await measured([plainCopy, stream.socketPath, join(folder, "plain"), "and-read-back"]);
  stream.end();
  await rm(join(folder, "plain"), { recursive: true });
  print("the same, each file read back", figures(readBack));
  print(
    "rollcall copy, as a share of it",
    `${share(copy, plain)}; of it with reading back ${share(copy, readBack)}`,
  );
  if (ifuse.skipped === undefined) {
    print("ifuse and cp -r", seconds(ifuse.seconds));
    print("that is", `${(ifuse.seconds / copy.seconds).toFixed(1)} times as long as rollcall copy`);
  } else print("ifuse and cp -r", `left out: ${ifuse.skipped}`);
  await rm(media, { recursive: true });
}

/** Runs the built command into a new folder, which is removed. */
async function rollcallCopy({ socketPath, cpuSeconds }) {
  const env = { USBMUXD_SOCKET_ADDRESS: `UNIX:${socketPath}`, ROLLCALL_HOME: join(folder, "home") };
  const args = ["copy", join(folder, "copied"), "--json", "--quiet", "--without-phone-library"];
  const before = await cpuSeconds();
  const copied = await measured([main, ...args], env);
  const phoneCpuSeconds = (await cpuSeconds()) - before;
  await rm(join(folder, "copied"), { recursive: true });
  await rm(join(folder, "home"), { recursive: true });
  return { ...copied, phoneCpuSeconds };
}

async function benchCable() {
  const [count, eachBytes, capBytesPerSecond] = [cable, 2_000_000, 40_000_000];
  const media = join(folder, "cable");
  await makeFiles(media, count, eachBytes);
  console.log(
    `\ncable: ${grouped(count)} files of ${grouped(eachBytes)} bytes, 40 MB/s in all and 1 ms for each answer`,
  );
  const phone = await farEnd("phone", media, "usb2");
  const copy = await rollcallCopy(phone);
  phone.end();
  const rate = (count * eachBytes) / copy.seconds;
  print(
    "rollcall copy, start to receipt",
    `${seconds(copy.seconds).padEnd(10)}${(rate / 1e6).toFixed(1)} MB/s`,
  );
  print("", bothEnds(copy));
  print("that is", `${((100 * rate) / capBytesPerSecond).toFixed(1)} % of what the cable carries`);
  await rm(media, { recursive: true });
}

async function benchSmallFiles() {
  const eachBytes = 20_000;
  const media = join(folder, "small");
  await makeFiles(media, small, eachBytes);
  console.log(`\nsmall: ${grouped(small)} files of ${grouped(eachBytes)} bytes, 1 ms for each answer`);
  const phone = await farEnd("phone", media, "latency=1");
  const copy = await rollcallCopy(phone);
  print("rollcall copy, start to receipt", seconds(copy.seconds));
  print("", bothEnds(copy));
  // A twentieth of them is enough to know how long all would take.
  const some = Math.ceil(small / 20);
  const { seconds: taken } = await timed(() => inTurn(phone.socketPath, some));
  phone.end();
  const all = (taken * small) / some;
  print("open, read, close in turn", seconds(all));
  print("that is", `${(all / copy.seconds).toFixed(1)} times as long`);
  await rm(media, { recursive: true });
}

/** What a simple client does: each request waits for its answer. Nothing is hashed, synced or read back. */
async function inTurn(socketPath, count) {
  const usbmux = new UsbmuxClient({ path: socketPath });
  const [device] = await usbmux.listDevices();
  const { stream } = await new PhoneLink(usbmux, device.udid).startAfc();
  const client = new AfcClient(stream);
  const target = join(folder, "in-turn");
  await mkdir(target);
  let left = count;
  for (const sub of await client.readDir("/DCIM")) {
    if (sub.startsWith(".") || left === 0) continue;
    for (const name of await client.readDir(`/DCIM/${sub}`)) {
      if (name.startsWith(".") || left === 0) continue;
      left -= 1;
      const handle = await client.open(`/DCIM/${sub}/${name}`);
      const pieces = [];
      for (;;) {
        const piece = await client.read(handle, 1024 * 1024);
        if (piece.length === 0) break;
        pieces.push(piece);
      }
      await client.close(handle);
      await writeFile(join(target, `${sub}-${name}`), Buffer.concat(pieces));
    }
  }
  client.destroy();
  await rm(target, { recursive: true });
}

async function benchListing() {
  const media = join(folder, "many");
  await makeFiles(media, listed, 0);
  console.log(`\nlisting: ${grouped(listed)} files, each described, 1 ms for each answer`);
  const phone = await farEnd("phone", media, "latency=1");
  const many = await timed(() => list(phone.socketPath, listed));
  print("as Rollcall does", seconds(many.seconds));
  const single = await timed(() => list(phone.socketPath, listed, { maxOutstanding: 1 }));
  print("one request at a time", seconds(single.seconds));
  print("that is", `${(single.seconds / many.seconds).toFixed(1)} times as long`);
  phone.end();
}

async function benchLibrary() {
  const library = join(folder, "Many.photoslibrary");
  makeManyPhotos(library, photos);
  console.log(
    `\nlibrary: ${grouped(photos)} photos, ${grouped(Math.ceil(photos * 1.2))} files of ${PHOTO_BYTES} bytes`,
  );
  const reader = join(here, "bench-read-library.mjs");
  print("every item, from its rows", cpu(await measured([reader, "items", library])));
  print("library --no-hash", cpu(await measured([main, "library", library, "--no-hash", "--quiet"])));
  print("library --json", cpu(await measured([main, "library", library, "--json", "--quiet"])));
  await rm(library, { recursive: true });
}

async function benchKnownPhone() {
  const media = join(folder, "known");
  await makeFiles(media, photos, 16);
  const { writePhoneDatabase } = await import("../dist/virtual/iphone/phone-database.js");
  await writePhoneDatabase(media, phoneRows(photos));
  const helper = join(here, "bench-phone-library.mjs");
  console.log(`\nphone: ${grouped(photos)} photos in its database, every one of them known`);
  print("its database, read", cpu(await measured([helper, "read", media])));

  const phone = await farEnd("phone", media);
  const home = join(folder, "known-home");
  await measured([helper, "know", phone.socketPath, home]);
  const main = join(here, "..", "dist", "main.js");
  const env = { USBMUXD_SOCKET_ADDRESS: `UNIX:${phone.socketPath}`, ROLLCALL_HOME: home };
  print("rollcall plan", cpu(await measured([main, "plan", "--quiet"], env)));
  phone.end();
  await rm(media, { recursive: true });
  await rm(home, { recursive: true });
}

/** The database of a phone, with as much beside each item as real ones have, over a cable like that of USB 2. */
async function benchDatabase() {
  const media = join(folder, "database");
  const { writePhoneDatabase } = await import("../dist/virtual/iphone/phone-database.js");
  await writePhoneDatabase(media, databaseRows(inDatabase), { analysisBytesPerItem: 130_000 });
  console.log(`\ndatabase: ${grouped(inDatabase)} items of 130,000 bytes, 40 MB/s and 1 ms for each answer`);
  const still = await farEnd("phone", media, "usb2");
  const one = await pagesOf(still, 3, "whole");
  still.end();
  const read = one.readings.toSorted((a, b) => a.milliseconds - b.milliseconds)[1];
  const share = `${((100 * read.readBytes) / read.databaseBytes).toFixed(2)} % of ${grouped(read.databaseBytes)} bytes`;
  print("every byte of it", seconds(one.wholeSeconds));
  print("rollcall, by its pages", `${seconds(read.milliseconds / 1000).padEnd(10)}${share}`);
  print("that is", `${((1000 * one.wholeSeconds) / read.milliseconds).toFixed(0)} times as fast`);

  const living = await farEnd("phone", media, "usb2", "writes-to-its-database");
  const many = await pagesOf(living, 100);
  living.end();
  const again = many.readings.filter(({ tries }) => tries > 1).length;
  print(
    "while the phone writes to it",
    `${many.readings.length} of 100 read, ${again} of them more than once`,
  );
  print("", `${many.failed} refused, ${many.wrong} wrong`);
  await rm(media, { recursive: true });

  const [large, largeBytes] = [60_000, 8_000_000_000];
  await writePhoneDatabase(media, databaseRows(large), { spreadOverBytes: largeBytes });
  const huge = await farEnd("phone", media, "usb2");
  const [{ readings, moreResident }] = [await pagesOf(huge, 1)];
  huge.end();
  const resident = `${(moreResident / 1e6).toFixed(0)} MB resident more`;
  print(
    `${grouped(large)} items in 8 GB`,
    `${seconds(readings[0].milliseconds / 1000).padEnd(10)}${resident}`,
  );
  await rm(media, { recursive: true });
}

async function pagesOf({ socketPath }, times, ...more) {
  const args = [join(here, "bench-phone-pages.mjs"), socketPath, String(times), folder, ...more];
  return await printedBy(args);
}

function* databaseRows(count) {
  for (const row of phoneRows(count)) yield { ...row, isFavorite: row.createdAt.getTime() === 1.6e12 };
}

/** One row for each file of makeFiles; some in albums, some with captions, some in bursts. */
function* phoneRows(count) {
  for (let number = 0; number < count; number += 1) {
    yield {
      directory: `DCIM/${100 + Math.floor(number / 999)}APPLE`,
      filename: `IMG_${String((number % 999) + 1).padStart(4, "0")}.JPG`,
      kind: "photo",
      createdAt: new Date(1.6e12 + number * 60_000),
      sizeBytes: 16,
      isFavorite: number % 50 === 0,
      ...(number % 20 === 0 && { caption: `Photo ${number}` }),
      ...(number % 25 < 3 && {
        burst: { id: `burst ${Math.floor(number / 25)}`, isPicked: number % 25 === 1 },
      }),
      albums: number % 3 === 0 ? [`Album ${number % 40}`] : [],
    };
  }
}

async function benchHashing() {
  const file = join(folder, "video.mov");
  const piece = randomFillSync(Buffer.allocUnsafeSlow(Math.min(hashedBytes, 1e7)));
  await writeFile(file, "");
  for (let written = 0; written < hashedBytes; written += piece.length) await appendFile(file, piece);
  console.log(`\nhashes of one file of ${grouped(hashedBytes)} bytes, the best of three`);
  let hasOpenssl = true;
  const best = { ours: Number.POSITIVE_INFINITY, openssl: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 3; round += 1) {
    const handle = await open(file);
    best.ours = Math.min(best.ours, (await timed(() => readFileOnce(handle))).seconds);
    await handle.close();
    const { seconds: taken } = await timed(async () => void (hasOpenssl &&= await openssl(file)));
    if (hasOpenssl) best.openssl = Math.min(best.openssl, taken);
  }
  await rm(file);
  const rate = (taken) => `${seconds(taken).padEnd(10)}${(hashedBytes / 1e6 / taken).toFixed(0)} MB/s`;
  print("SHA-256 and fingerprint", rate(best.ours));
  if (!hasOpenssl) return print("openssl dgst -sha256", "is not here");
  print("openssl dgst -sha256", rate(best.openssl));
  print("that is", `${((best.openssl / best.ours) * 100).toFixed(0)} % of its rate`);
}

/** False where there is none. */
async function openssl(file) {
  const child = spawn("openssl", ["dgst", "-sha256", file], { stdio: "ignore" });
  return await new Promise((resolve) => {
    child.once("exit", (status) => resolve(status === 0));
    child.once("error", () => resolve(false));
  });
}

/** Time and Apple events of an import may grow with its items, and no faster. */
async function benchImport() {
  console.log(
    `\nimport: ${grouped(items)} photos, and ten times as many, into a virtual Photos in one process`,
  );
  const [few, many] = [await importOf(items), await importOf(10 * items)];
  for (const { items: count, seconds: taken, events, valuesReturned } of [few, many]) {
    const perItem = `${((1000 * taken) / count).toFixed(2)} ms an item`;
    const perThousand = `${((1000 * events) / count).toFixed(0)} events and ${((1000 * valuesReturned) / count).toFixed(0)} values`;
    print(`${grouped(count)} photos`, `${seconds(taken).padEnd(10)}${perItem}, ${perThousand} per 1,000`);
  }
  const times = (of) => `${(of(many) / many.items / (of(few) / few.items)).toFixed(2)} times`;
  const figures = [
    `${times((one) => one.seconds)} the time`,
    `${times((one) => one.events)} the events`,
    `${times((one) => one.valuesReturned)} the values`,
  ];
  print("ten times as many: an item takes", figures.join(", "));
}

/** Edited photos go in batches that grow on proof: what a first run costs, and the next one. */
async function benchEdited() {
  console.log("\nedited: Apple events per 1,000 photos, into a virtual Photos whose library may be read");
  const forms = [
    { every: 6, what: "1 photo in 6 edited", most: [200, 150] },
    { every: 1, what: "every photo edited", most: [250, 150] },
  ];
  for (const { every, what, most } of forms) {
    const { events, later } = await toldBy("bench-import.mjs", `edited-${every}`, 1_000, every);
    print(
      what,
      `${events} in the first run (at most ${most[0]}), ${later.events} in the next (at most ${most[1]})`,
    );
  }
}

/** Starting, and waiting for weeks. */
async function benchResident() {
  console.log(`\nstarting, and a watch in which nothing happens for ${idleSeconds} s: processor time`);
  const { starts, afterImport, whileLocked } = await toldBy("bench-resident.mjs", "resident", idleSeconds);
  for (const [what, taken] of [
    ["node -e 0", starts.node],
    ["rollcall --version", starts.version],
    ["rollcall phones", starts.phones],
  ])
    print(
      what,
      [`${(1000 * taken).toFixed(0)} ms`.padEnd(9), `${(taken / starts.node).toFixed(1)} times node`].join(
        " ",
      ),
    );
  for (const [what, { cpuSeconds, residentBytes }] of [
    ["watch, after an import", afterImport],
    ["watch, with a locked phone", whileLocked],
  ]) {
    const share = `${((100 * cpuSeconds) / idleSeconds).toFixed(2)} %`;
    print(what, `${share.padEnd(10)}${(residentBytes / 1e6).toFixed(0)} MB resident`);
  }
}

async function importOf(count) {
  return await toldBy("bench-import.mjs", `import-${count}`, count);
}

/** What a program beside this one prints, given a folder of its own and numbers. */
async function toldBy(program, name, ...numbers) {
  const place = join(folder, name);
  await mkdir(place);
  const printed = await printedBy([join(here, program), place, ...numbers.map(String)]);
  await rm(place, { recursive: true });
  return printed;
}

/** What a program of Node prints, which is JSON. */
async function printedBy(args) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    printed += text;
  });
  const status = await new Promise((resolve) => child.once("close", resolve));
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}`);
  return JSON.parse(printed);
}

/** Files as a phone lays them out, 999 to a folder, no two alike. */
async function makeFiles(media, count, eachBytes) {
  const content = randomFillSync(Buffer.allocUnsafeSlow(eachBytes));
  for (let number = 0; number < count; number += 1) {
    const dcim = join(media, "DCIM", `${100 + Math.floor(number / 999)}APPLE`);
    if (number % 999 === 0) await mkdir(dcim, { recursive: true });
    if (eachBytes >= 8) content.writeBigUInt64LE(BigInt(number), 0);
    await writeFile(join(dcim, `IMG_${String((number % 999) + 1).padStart(4, "0")}.JPG`), content);
  }
}

async function list(socketPath, expected, afc = {}) {
  const usbmux = new UsbmuxClient({ path: socketPath });
  const [device] = await usbmux.listDevices();
  const phone = await openUsbPhone(usbmux, device.udid, { afc });
  let seen = 0;
  for await (const { type } of phone.list("/DCIM")) if (type === "file") seen += 1;
  await phone[Symbol.asyncDispose]();
  if (seen !== expected) throw new Error(`${expected} files were made and ${seen} listed`);
}

async function farEnd(kind, media, ...more) {
  const socketPath = join(folder, `${kind}.${sockets++}`);
  const child = fork(join(here, "bench-far-end.mjs"), [kind, media, socketPath, ...more]);
  await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (status) => reject(new Error(`the far end ended with ${status}`)));
  });
  const cpuSeconds = () =>
    new Promise((resolve) => {
      child.once("message", resolve);
      child.send("how much?");
    });
  return { socketPath, cpuSeconds, end: () => child.disconnect() };
}

/** Runs a program of Node; what it prints on stdout is dropped. */
async function measured(args, env = {}) {
  const peakFile = join(folder, "peak");
  await rm(peakFile, { force: true });
  const { seconds } = await timed(async () => {
    const child = spawn(process.execPath, ["--import", join(here, "bench-peak.mjs"), ...args], {
      env: { ...process.env, ...env, BENCH_PEAK_FILE: peakFile },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const status = await new Promise((resolve) => child.once("exit", resolve));
    if (status !== 0) throw new Error(`${args[0]} ended with ${status}`);
  });
  const [peakBytes, cpuSeconds] = (await readFile(peakFile, "utf8")).split(" ").map(Number);
  return { seconds, peakBytes, cpuSeconds };
}

async function timed(work) {
  const startMs = performance.now();
  await work();
  return { seconds: (performance.now() - startMs) / 1000 };
}

/** Memory where there is room, so that no disk is measured; else the temporary folder. */
async function placeFor(neededBytes) {
  if (!existsSync("/dev/shm")) return tmpdir();
  const { bavail, bsize } = await statfs("/dev/shm");
  const hasRoom = bavail * bsize > 1.2 * neededBytes && freemem() > 1.2 * neededBytes + 1024 ** 3;
  return hasRoom ? "/dev/shm" : tmpdir();
}

function machine() {
  const model = cpus()[0]?.model ?? "unknown processor";
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`;
  console.log(`${availableParallelism()} cores of ${model}, ${memory}, ${process.platform} ${process.arch}`);
  console.log(`Node ${process.version}, OpenSSL ${process.versions.openssl}`);
}

function print(what, figures) {
  console.log(`  ${what.padEnd(32)}${figures}`);
}

function figures({ seconds: taken, peakBytes }) {
  const rate = `${(totalBytes / 1e6 / taken).toFixed(0)} MB/s`;
  return `${seconds(taken).padEnd(10)}${rate.padEnd(12)}peak ${(peakBytes / 1e6).toFixed(0)} MB resident`;
}

function cpu({ seconds: taken, cpuSeconds, peakBytes }) {
  const processor = `${cpuSeconds.toFixed(1)} s of processor`;
  return `${seconds(taken).padEnd(10)}${processor.padEnd(22)}peak ${(peakBytes / 1e6).toFixed(0)} MB resident`;
}

function seconds(number) {
  return `${number.toFixed(2)} s`;
}

function bothEnds({ cpuSeconds, phoneCpuSeconds }) {
  return `${cpuSeconds.toFixed(1)} s of processor, and the phone ${phoneCpuSeconds.toFixed(1)} s`;
}

/** The rate of one in percent of the rate of the other, over the same bytes. */
function share(one, other) {
  return `${((100 * other.seconds) / one.seconds).toFixed(0)} %`;
}

function grouped(number) {
  return number.toLocaleString("en-US");
}

async function clear() {
  await rm(folder, { recursive: true, force: true });
}
