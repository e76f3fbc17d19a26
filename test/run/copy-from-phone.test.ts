import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { CHECKSUM_LIST, extraFiles } from "../../src/receipt/checksum-list.js";
import { InlineDisk } from "../../src/transfer/inline-disk.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { oneTestIn } from "../sampled.js";
import { says } from "../says.js";
import { ImportHarness, phoneWithCameraRoll } from "./import-harness.js";
import { jpeg, phoneWith } from "./small-phones.js";

const test = oneTestIn(3);

/** Writes what the phone holds below a folder, to compare trees with `diff`. */
function spread(phone: Awaited<ReturnType<typeof phoneWithCameraRoll>>, folder: string): void {
  for (const [path, { bytes }] of phone.files) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

test("copy without a selection makes a DCIM that diff finds equal to the phone's, empty folders included", async () => {
  using harness = new ImportHarness();
  const phone = await phoneWithCameraRoll();
  const target = join(harness.folder, "copy");
  const { head, answers } = await harness.copy(phone, target);

  const original = join(harness.folder, "phone");
  spread(phone, original);
  mkdirSync(join(original, "DCIM/.MISC/Incoming"), { recursive: true });
  expect(
    execFileSync("diff", ["-r", join(original, "DCIM"), join(target, "DCIM")], { encoding: "utf8" }),
  ).toBe("");
  const words = new Set([...answers()].map(({ answer }) => answer));
  expect(words).toEqual(new Set(["proved", "in-icloud-only"]));
  expect(head.evidence.rung).toBe(4);
});

test("a second copy copies nothing; a copy that was deleted is made again", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) });
  const target = join(harness.folder, "copy");
  await harness.copy(phone, target);
  const second = await harness.copy(phone, target);
  expect(second.head.totals.thisRun.files).toBe(0);
  expect(second.head.totals.byAnswer.proved).toBe(2);

  rmSync(join(target, "DCIM/100APPLE/IMG_0001.JPG"));
  const third = await harness.copy(phone, target);
  expect(third.head.totals.thisRun.files).toBe(1);
  expect(readFileSync(join(target, "DCIM/100APPLE/IMG_0001.JPG"))).toEqual(jpeg(1));
});

test("a file with other content that is in the way is moved aside, never lost", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  const target = join(harness.folder, "copy");
  mkdirSync(join(target, "DCIM/100APPLE"), { recursive: true });
  writeFileSync(join(target, "DCIM/100APPLE/IMG_0001.JPG"), "something of mine");
  await harness.copy(phone, target);

  expect(readFileSync(join(target, "DCIM/100APPLE/IMG_0001.JPG"))).toEqual(jpeg(1));
  const [aside] = readdirSync(join(target, "Replaced"), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith("IMG_0001.JPG"),
  );
  expect(readFileSync(join(target, "Replaced", aside!), "utf8")).toBe("something of mine");
  expect(
    harness.events.find((event) => event.type === "notice" && event.code === "MOVED_ASIDE"),
  ).toBeDefined();
});

test("a selection copies only what it names, without trash and hidden pictures", async () => {
  using harness = new ImportHarness();
  const phone = await phoneWithCameraRoll();
  const target = join(harness.folder, "copy");
  const { answers } = await harness.copy(phone, target, { kinds: ["video"] });
  const proved = [...answers()].filter(({ answer }) => answer === "proved").map(({ path }) => path);
  expect(proved.length).toBeGreaterThan(0);
  expect(proved.every((path) => path.endsWith(".MOV"))).toBe(true);
  expect([...answers()].filter(({ answer }) => answer === "hidden")).toHaveLength(1);
});

test("a file that vanishes between listing and reading is answered failed and leaves nothing half written", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) });
  const describe = phone.describe.bind(phone);
  phone.describe = async (path, signal) => (path.endsWith("IMG_0002.JPG") ? null : describe(path, signal));
  const target = join(harness.folder, "copy");
  const { answers } = await harness.copy(phone, target);
  const failed = [...answers()].find(({ answer }) => answer === "failed");
  expect(failed?.path).toBe("/DCIM/100APPLE/IMG_0002.JPG");
  expect(failed?.reason?.code).toBe("CHANGED_WHILE_COPYING");
  expect(existsSync(join(target, "DCIM/100APPLE/IMG_0002.JPG"))).toBe(false);
  expect(readdirSync(join(target, "DCIM/100APPLE"))).toEqual(["IMG_0001.JPG"]);
});

test("beside the copy lies a list of hashes that follows every copy, and keeps what left the phone since", async () => {
  using harness = new ImportHarness();
  const target = join(harness.folder, "copy");
  await harness.copy(phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) }), target);
  const later = phoneWith({ "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2), "/DCIM/100APPLE/IMG_0003.TXT": jpeg(3) });
  await harness.copy(later, target);
  const hash = (number: number) => createHash("sha256").update(jpeg(number)).digest("hex");
  expect(readFileSync(join(target, CHECKSUM_LIST), "utf8").split("\n")).toEqual([
    `${hash(1)}  DCIM/100APPLE/IMG_0001.JPG`,
    `${hash(2)}  DCIM/100APPLE/IMG_0002.JPG`,
    `${hash(3)}  DCIM/100APPLE/IMG_0003.TXT`,
    "",
  ]);
});

test("a file with too long a way to it fails alone, and says so; all others are copied", async () => {
  using harness = new ImportHarness();
  const deep = `/DCIM/${Array.from({ length: 20 }, () => "n".repeat(250)).join("/")}/IMG_0002.JPG`;
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    [deep]: jpeg(2),
    "/DCIM/z.JPG": jpeg(3),
  });
  const target = join(harness.folder, "copy");
  const { head, answers } = await harness.copy(phone, target);
  expect(head.totals.byAnswer).toMatchObject({ proved: 2, failed: 1 });
  const failed = [...answers()].find(({ answer }) => answer === "failed");
  expect(failed).toMatchObject({ path: deep, reason: { code: "NAME_REFUSED" } });
  expect(readFileSync(join(target, "DCIM/z.JPG"))).toEqual(jpeg(3));
});

test("a name that is too long is shortened, and the receipt and the list of hashes tell the new one", async () => {
  using harness = new ImportHarness();
  const path = `/DCIM/${"\u00fc".repeat(200)}.JPG`;
  const target = join(harness.folder, "copy");
  const { answers } = await harness.copy(phoneWith({ [path]: jpeg(1) }), target);
  const [name] = readdirSync(join(target, "DCIM"));
  expect([...answers()]).toMatchObject([
    { path, answer: "proved", reason: { code: "OTHER_NAME", message: expect.stringContaining(name!) } },
  ]);
  expect(readFileSync(join(target, CHECKSUM_LIST), "utf8")).toContain(`  DCIM/${name}\n`);
});

test("a file whose date the disk refuses is kept with all its bytes, says so, and does not come again", async () => {
  using harness = new ImportHarness();
  const path = "/DCIM/100APPLE/IMG_0001.JPG";
  const phone = new MemoryPhone([[path, { bytes: jpeg(1), modifiedAt: new Date(Date.UTC(1975, 4, 5)) }]]);
  const target = join(harness.folder, "copy");
  const store = InlineDisk.prototype.store;
  using _refusing = vi.spyOn(InlineDisk.prototype, "store").mockImplementation(async function (
    this: InlineDisk,
    ...of
  ) {
    const [, , ms] = of;
    if (ms !== null && ms < Date.UTC(1980, 0))
      throw Object.assign(new Error("EINVAL: invalid argument"), { code: "EINVAL" });
    return await store.apply(this, of);
  });
  const first = await harness.copy(phone, target);
  const reason = {
    code: "DATE_REFUSED",
    message: expect.stringMatching(/^its copy has another .*1975-05-05/),
  };
  expect([...first.answers()]).toMatchObject([{ path, answer: "proved", reason }]);
  expect(readFileSync(join(target, path))).toEqual(jpeg(1));
  const second = await harness.copy(phone, target);
  expect(second.head.totals.thisRun.files).toBe(0);
  expect([...second.answers()]).toMatchObject([{ answer: "proved", reason }]);
});

test("a copy whose date was changed is read and dated again; one whose bytes were changed comes anew", async () => {
  using harness = new ImportHarness();
  const path = "/DCIM/100APPLE/IMG_0001.JPG";
  const phone = phoneWith({ [path]: jpeg(1) });
  const place = join(harness.folder, "copy", path);
  await harness.copy(phone, join(harness.folder, "copy"));
  const { mtimeMs } = statSync(place);
  const touch = () => utimesSync(place, new Date("2030-01-01T00:00:01Z"), new Date("2030-01-01T00:00:01Z"));
  touch();
  const again = await harness.copy(phone, join(harness.folder, "copy"));
  expect([again.head.totals.thisRun.files, statSync(place).mtimeMs]).toEqual([0, mtimeMs]);
  writeFileSync(place, jpeg(1).fill(7, 100));
  touch();
  const anew = await harness.copy(phone, join(harness.folder, "copy"));
  expect(anew.head.totals.thisRun.files).toBe(1);
  expect(readFileSync(place)).toEqual(jpeg(1));
});

test("copies with another date are read with a word of how many, how large, and how far that is", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) });
  const target = join(harness.folder, "copy");
  await harness.copy(phone, target);
  const checked = () => harness.events.filter(({ type }) => type === "checking");
  await harness.copy(phone, target);
  expect(checked(), "nothing is read where the dates are as they were given").toEqual([]);

  const later = new Date("2030-01-01T00:00:01Z");
  const touched = ["IMG_0001.JPG", "IMG_0002.JPG"].map((name) => join(target, "DCIM/100APPLE", name));
  for (const place of touched) utimesSync(place, later, later);
  const bytes = touched.reduce((sum, place) => sum + statSync(place).size, 0);
  await harness.copy(phone, target);
  const first = statSync(touched[0]!).size;
  expect(checked()).toEqual(
    [0, first, bytes].map((readBytes) => ({ type: "checking", copies: 2, bytes, readBytes })),
  );
});

test("Ctrl-C ends the reading of a copy with another date", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) });
  const target = join(harness.folder, "copy");
  await harness.copy(phone, target);
  const later = new Date("2030-01-01T00:00:01Z");
  for (const name of ["IMG_0001.JPG", "IMG_0002.JPG"])
    utimesSync(join(target, "DCIM/100APPLE", name), later, later);
  const stop = new AbortController();
  const { push } = harness.events;
  harness.events.push = (event) => {
    if (event.type === "checking" && event.readBytes > 0) stop.abort();
    return push.call(harness.events, event);
  };
  await expect(harness.copy(phone, target, {}, stop.signal)).rejects.toMatchObject({ code: "STOPPED" });
  expect(harness.events.filter(({ type }) => type === "checking")).toHaveLength(2);
});

test.each([
  ["$(touch x)`id`", "__touch x__id_"],
  ['a"; id; "b', "a__ id_ _b"],
  ["Jos\u00e9's iPhone-2.1", "Jos\u00e9's iPhone-2.1"],
])("the folder that is proposed for a phone called %j is %j", async (name, proposed) => {
  using harness = new ImportHarness();
  const target = join(harness.folder, "copy");
  const file = { "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) };
  await harness.copy(phoneWith(file), target);
  const other = phoneWith(file, { identity: { udid: "B".repeat(40), name } });
  await expect(harness.copy(other, target)).rejects.toMatchObject({
    remedy: says(/ rollcall copy "[^"$`\\]*"$/),
  });
  await expect(harness.copy(other, target)).rejects.toMatchObject({
    remedy: says(`"${join(target, proposed)}"`),
  });
});

test("a folder that holds one phone's copy takes no other phone's, and says whose it is", async () => {
  using harness = new ImportHarness();
  const target = join(harness.folder, "copy");
  const files = (seed: number) => [["/DCIM/100APPLE/IMG_0001.JPG", { bytes: jpeg(seed) }]] as const;
  const anna = new MemoryPhone(files(1), { identity: { udid: "A".repeat(40), name: "Anna's iPhone" } });
  const ben = new MemoryPhone(files(2), { identity: { udid: "B".repeat(40), name: "Ben's iPhone" } });
  await harness.copy(anna, target);
  await expect(harness.copy(ben, target)).rejects.toMatchObject({
    code: "FOLDER_OF_OTHER_PHONE",
    message: expect.stringContaining("is Anna's iPhone's"),
    remedy: says(`rollcall copy "${join(target, "Ben's iPhone")}"`),
  });
  expect(readdirSync(target)).not.toContain("Replaced");
  const { head } = await harness.copy(ben, join(target, "Ben's iPhone"));
  expect(head.totals.byAnswer.proved).toBe(1);
  const again = await harness.copy(anna, target);
  expect(again.head.totals.thisRun.files).toBe(0);
  expect(await extraFiles(target, (place) => place === "DCIM/100APPLE/IMG_0001.JPG")).toEqual([]);
});
