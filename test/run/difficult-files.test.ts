import { createHash, randomBytes } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AFC_STATUS } from "../../src/usb/afc/afc-packet.js";
import * as fault from "../../src/virtual/iphone/iphone-fault.js";
import { Cable } from "./cable.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg } from "./small-phones.js";

const answers = ({ answers }: Awaited<ReturnType<ImportHarness["copy"]>>) =>
  Object.fromEntries([...answers()].map(({ path, answer, reason }) => [path, reason?.code ?? answer]));

test.each([
  ["grew", fault.growsAfterStat("/DCIM/100APPLE/IMG_0001.MOV"), "CHANGED_WHILE_COPYING"],
  ["shrank", fault.shrinksAfterStat("/DCIM/100APPLE/IMG_0001.MOV"), "CHANGED_WHILE_COPYING"],
  ["vanished", fault.vanishesAfterStat("/DCIM/100APPLE/IMG_0001.MOV"), "CHANGED_WHILE_COPYING"],
  ["will not be opened", fault.openRefused("/DCIM/100APPLE/IMG_0001.MOV"), "FILE_NOT_PERMITTED"],
] as const)(
  "a file that %s is looked at once more, then answered; the one beside it comes",
  async (_, one, code) => {
    using harness = new ImportHarness();
    await using cable = new Cable();
    cable.put("/DCIM/100APPLE/IMG_0001.MOV", randomBytes(70_000));
    cable.put("/DCIM/100APPLE/IMG_0002.MOV", randomBytes(70_000));
    await cable.plugIn([one]);
    await using phone = await cable.open();
    const finished = await harness.copy(phone, join(harness.folder, "copy"));
    expect(answers(finished)).toEqual({
      "/DCIM/100APPLE/IMG_0001.MOV": code,
      "/DCIM/100APPLE/IMG_0002.MOV": "proved",
    });
    expect(cable.iphone.counters.afc.of("file-open")).toBeLessThanOrEqual(3 + 2);
  },
);

test("a video whose storage gives nothing from its second MiB on is answered, and the one beside it comes", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  cable.put("/DCIM/100APPLE/IMG_0001.MOV", randomBytes(2_500_000));
  cable.put("/DCIM/100APPLE/IMG_0002.MOV", randomBytes(70_000));
  await cable.plugIn([fault.readRefused("/DCIM/100APPLE/IMG_0001.MOV")]);
  await using phone = await cable.open();
  const target = join(harness.folder, "copy");
  expect(answers(await harness.copy(phone, target))).toEqual({
    "/DCIM/100APPLE/IMG_0001.MOV": "FILE_READ_ERROR",
    "/DCIM/100APPLE/IMG_0002.MOV": "proved",
  });
  expect(readdirSync(join(target, "DCIM/100APPLE"))).toEqual(["IMG_0002.MOV"]);
  expect(cable.events).toEqual([]);
});

test("with any status the phone refuses a file with, that file has a reason and a remedy; the run goes on", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  const statuses = [...Object.values(AFC_STATUS), 99].filter((status) => status !== AFC_STATUS.ok);
  const path = (status: number) => `/DCIM/100APPLE/IMG_${1000 + status}.JPG`;
  for (const status of [...statuses, 0]) cable.put(path(status), jpeg(status));
  await cable.plugIn(statuses.map((status) => fault.openRefused(path(status), status)));
  await using phone = await cable.open();
  const { answersByPath, answers } = await harness.import(phone, { withoutPhoneLibrary: true });
  expect(answersByPath.get(path(0))).toBe("proved");
  for (const { path, answer, reason } of [...answers()].slice(1)) {
    expect([path, answer]).toEqual([path, "failed"]);
    for (const said of [reason?.code, reason?.message, reason?.remedy]) expect(said).toMatch(/./);
  }
  expect(answersByPath.size).toBe(statuses.length + 1);
  expect(cable.events).toEqual([]);
});

test("a folder that the phone will not list, and a file that it will not describe, answer by their names", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  cable.put("/DCIM/100APPLE/IMG_0001.JPG", jpeg(1));
  cable.put("/DCIM/100APPLE/IMG_0002.JPG", jpeg(2));
  cable.put("/DCIM/101APPLE/IMG_0003.JPG", jpeg(3));
  await cable.plugIn([fault.statRefused("/DCIM/100APPLE/IMG_0001.JPG"), fault.listRefused("/DCIM/101APPLE")]);
  await using phone = await cable.open();
  const { answersByPath } = await harness.import(phone, { withoutPhoneLibrary: true });
  expect(Object.fromEntries(answersByPath)).toEqual({
    "/DCIM/100APPLE/IMG_0001.JPG": "failed",
    "/DCIM/100APPLE/IMG_0002.JPG": "proved",
    "/DCIM/101APPLE": "failed",
  });
});

test("names that are invalid or lead out of their folder are never asked for, and have an answer", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  cable.put("/DCIM/100APPLE/IMG_0001.JPG", jpeg(1));
  cable.put("/outside.JPG", jpeg(2));
  await cable.plugIn([
    fault.listsAlso("/DCIM/100APPLE"),
    // Names are told apart by NUL, so a NUL in one makes two of it.
    fault.listsAlso("/DCIM", ["", ".", "IMG\0.JPG"]),
  ]);
  await using phone = await cable.open();
  const target = join(harness.folder, "copy");
  const finished = await harness.copy(phone, target);
  expect(answers(finished)).toEqual({
    "/DCIM/100APPLE/IMG_0001.JPG": "proved",
    "/DCIM/100APPLE/..:..:outside.JPG": "FILE_NAME_UNUSABLE",
    "/DCIM/100APPLE/:etc:passwd": "FILE_NAME_UNUSABLE",
    "/DCIM/100APPLE/a:..:b.JPG": "FILE_NAME_UNUSABLE",
    [`/DCIM/100APPLE/${"x".repeat(255)}`]: "FILE_NAME_UNUSABLE",
  });
  expect(readdirSync(target, { recursive: true }).sort()).toEqual([
    "DCIM",
    "DCIM/100APPLE",
    "DCIM/100APPLE/IMG_0001.JPG",
    "rollcall.sha256",
  ]);
});

test("a video that is still being saved while it is listed comes as it is when it is read", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  const path = "/DCIM/100APPLE/IMG_0001.MOV";
  cable.put(path, randomBytes(10_000));
  const saved = randomBytes(2_500_000);
  let wasListed = false;
  await cable.plugIn([
    {
      name: "still-saving",
      statusFor(operation, asked) {
        if (operation === "file-open" && asked === path && !wasListed) {
          wasListed = true;
          cable.put(path, saved, new Date("2026-11-02T10:00:00Z"));
        }
        return null;
      },
    },
  ]);
  await using phone = await cable.open();
  const target = join(harness.folder, "copy");
  const finished = await harness.copy(phone, target);
  expect([...finished.answers()]).toMatchObject([{ answer: "proved", sizeBytes: saved.length }]);
  expect(readFileSync(join(target, path)).equals(saved)).toBe(true);
});

test("hard-linked files that the phone refuses are answered by name, with another way to get them", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  cable.put("/DCIM/100APPLE/IMG_0001.JPG", randomBytes(999));
  cable.put("/DCIM/100APPLE/IMG_0003.JPG", randomBytes(999));
  const place = (name: string) => join(cable.mediaFolder, "DCIM/100APPLE", name);
  linkSync(place("IMG_0001.JPG"), place("IMG_0002.JPG"));
  await cable.plugIn([fault.hardLinksRefused()]);
  await using phone = await cable.open();
  const finished = await harness.copy(phone, join(harness.folder, "copy"));
  expect(answers(finished)).toEqual({
    "/DCIM/100APPLE/IMG_0001.JPG": "FILE_HARD_LINKED",
    "/DCIM/100APPLE/IMG_0002.JPG": "FILE_HARD_LINKED",
    "/DCIM/100APPLE/IMG_0003.JPG": "proved",
  });
});

test("other programs hold all of the phone's handles but two: every file comes all the same", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  for (let at = 0; at < 40; at += 1)
    cable.put(`/DCIM/100APPLE/IMG_${1000 + at}.JPG`, randomBytes(3_000 + at));
  await cable.plugIn([fault.fewHandles(2)]);
  await using phone = await cable.open();
  const finished = await harness.copy(phone, join(harness.folder, "copy"));
  expect(finished.head.totals.byAnswer).toMatchObject({ proved: 40, failed: 0 });
  expect(cable.iphone.counters.mostHandlesOpen).toBe(2);
});

test("names that differ by case or Unicode form, are over-long or lead outside are kept apart and reported", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  const long = `${"\u{1F4F7}".repeat(62)}.JPG`; // 252 bytes: with a partial file's name around it, too long
  const names = [
    ...["IMG_0001.JPG", "img_0001.jpg", "caf\u00e9.JPG", "cafe\u0301.JPG", long, "..%2f..%2fetc.JPG"],
    ...["-rf.JPG", "$(touch x).JPG", "a\nb.JPG", "\u202egnp.JPG", "... .JPG"],
  ];
  const files = new Map(names.map((name, at) => [`/DCIM/100APPLE/${name}`, randomBytes(500 + at)]));
  for (const [path, bytes] of files) cable.put(path, bytes);
  await cable.plugIn();
  await using phone = await cable.open();
  const target = join(harness.folder, "copy");
  const finished = await harness.copy(phone, target);
  expect(answers(finished)).toEqual(Object.fromEntries([...files.keys()].map((path) => [path, "proved"])));
  for (const [path, bytes] of files) expect(readFileSync(join(target, path)).equals(bytes), path).toBe(true);
});

test("a video of more than 4 GiB is read beyond them: sizes and positions are whole", async () => {
  await using cable = new Cable();
  const path = "/DCIM/100APPLE/IMG_0001.MOV";
  const end = Buffer.from("the end of a long video");
  const sizeBytes = 5 * 1024 ** 3 + end.length;
  mkdirSync(join(cable.mediaFolder, "DCIM/100APPLE"), { recursive: true });
  const place = join(cable.mediaFolder, path);
  const file = openSync(place, "w");
  writeSync(file, end, 0, end.length, 5 * 1024 ** 3);
  truncateSync(place, sizeBytes);
  expect(statSync(place).blocks).toBeLessThan(1_000);
  await cable.plugIn([fault.cablePulled(3 * 1024 ** 2)]);
  cable.onWaiting = (iphone) => iphone.attach();
  await using phone = await cable.open();
  const expected = (await phone.describe(path))!;
  expect(expected.sizeBytes).toBe(sizeBytes);
  // From just before 4 GiB the cable is pulled once, so that the place to go on from lies beyond.
  const from = 4 * 1024 ** 3 - 5;
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of phone.read(path, { offset: sizeBytes - 6 * 1024 ** 2, expected })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  const tail = Buffer.concat([Buffer.alloc(6 * 1024 ** 2 - end.length), end]);
  expect(bytes).toBe(tail.length);
  expect(hash.digest("hex")).toBe(createHash("sha256").update(tail).digest("hex"));
  for await (const chunk of phone.read(path, { offset: from, expected })) {
    expect(chunk.every((byte) => byte === 0)).toBe(true);
    break;
  }
  expect(cable.events.map(({ type }) => type)).toEqual(["waiting", "going-on"]);
});
