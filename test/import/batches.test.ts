import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FileRole } from "../../src/catalogue/media-item.js";
import { gatherBatches } from "../../src/import/batches.js";
import type { StagedItem } from "../../src/transfer/staged-item.js";
import { aae } from "../run/small-phones.js";

const never = () => new Promise<void>(() => {});

let staging: string;
beforeAll(() => {
  staging = mkdtempSync(join(tmpdir(), "rollcall-batches-"));
});
afterAll(() => rmSync(staging, { recursive: true }));

/** Its format is read from the copy. */
function recipeCopy(name: string, format: string): string {
  const path = join(staging, `${name}.AAE`);
  writeFileSync(path, aae(1).toString().replace("com.apple.photo", format));
  return path;
}

function item(
  name: string,
  options: { folder?: string; sizeBytes?: number; roles?: FileRole[]; format?: string } = {},
): StagedItem {
  const { folder = "100APPLE", sizeBytes = 10, roles = ["original"], format = "com.apple.photo" } = options;
  const path = `/DCIM/${folder}/${name}.JPG`;
  const file = { path, sizeBytes, modifiedAtMs: 0, bornAtMs: null };
  return {
    ledgerId: 0,
    identity: "",
    sizeBytes,
    item: {} as StagedItem["item"],
    files: roles.map((role) => {
      const copyPath = role === "adjustments" ? recipeCopy(name, format) : `/staging${path}`;
      return { role, file, copyPath, sha256: "", fingerprint: "" };
    }),
  };
}

async function batchesOf(items: StagedItem[], limits = { items: 3, bytes: 100 }): Promise<string[][]> {
  async function* source() {
    yield* items;
  }
  const batches: string[][] = [];
  for await (const batch of gatherBatches(source(), limits, { isStarved: never }))
    batches.push(batch.map(({ files }) => files[0]!.file.path.slice("/DCIM/".length)));
  return batches;
}

test("a batch ends at so many items", async () => {
  expect(await batchesOf(["a", "b", "c", "d"].map((name) => item(name)))).toEqual([
    ["100APPLE/a.JPG", "100APPLE/b.JPG", "100APPLE/c.JPG"],
    ["100APPLE/d.JPG"],
  ]);
});

test("a batch ends before so many bytes, and one item may exceed them", async () => {
  const items = [
    item("a", { sizeBytes: 60 }),
    item("b", { sizeBytes: 60 }),
    item("video", { sizeBytes: 5_000 }),
    item("c"),
  ];
  expect((await batchesOf(items)).map((batch) => batch.length)).toEqual([1, 1, 1, 1]);
});

test("the same stem never stands twice in a batch, whatever its case or Unicode form", async () => {
  const items = [
    item("IMG_1"),
    item("img_1", { folder: "101APPLE" }),
    item("\u00e9"),
    item("e\u0301", { folder: "102APPLE" }),
  ];
  expect(await batchesOf(items)).toEqual([
    ["100APPLE/IMG_1.JPG", "100APPLE/\u00e9.JPG"],
    ["101APPLE/img_1.JPG", "102APPLE/e\u0301.JPG"],
  ]);
});

test("of many stems that come twice, the seconds wait for one batch of their own", async () => {
  const items = ["a", "b", "c"].flatMap((name) => [item(name), item(name, { folder: "101APPLE" })]);
  expect(await batchesOf(items)).toEqual([
    ["100APPLE/a.JPG", "100APPLE/b.JPG", "100APPLE/c.JPG"],
    ["101APPLE/a.JPG", "101APPLE/b.JPG", "101APPLE/c.JPG"],
  ]);
});

test("an item with an edit goes alone", async () => {
  const batches = await batchesOf([
    item("a"),
    item("edited", { roles: ["original", "adjustments"] }),
    item("b"),
  ]);
  expect(batches).toEqual([["100APPLE/edited.JPG"], ["100APPLE/a.JPG", "100APPLE/b.JPG"]]);
});

test("items with edits are in batches of their own, of as many as are allowed when each is gathered", async () => {
  const edited = { mostItems: 1 };
  async function* source() {
    for (const name of ["a", "b", "c", "d", "e", "f", "g"]) {
      yield item(name);
      yield item(`${name}-edited`, { roles: ["original", "adjustments"] });
    }
  }
  const sizes: { edited: number[]; plain: number[] } = { edited: [], plain: [] };
  for await (const batch of gatherBatches(source(), { items: 4, bytes: 1e9 }, { isStarved: never, edited })) {
    const isEdited = batch.map(({ files }) => files.length === 2);
    expect(new Set(isEdited).size).toBe(1);
    if (isEdited[0]) edited.mostItems = Math.min(4, edited.mostItems * 2);
    sizes[isEdited[0] ? "edited" : "plain"].push(batch.length);
  }
  expect(sizes).toEqual({ edited: [1, 2, 4], plain: [4, 3] });
});

test("an edit of a format that nobody saw Photos take goes alone, whatever is allowed", async () => {
  async function* source() {
    for (const name of ["a", "b", "c"])
      yield item(name, {
        roles: ["original", "adjustments"],
        ...(name === "b" && { format: "ScreenshotServices" }),
      });
  }
  const batches: string[] = [];
  for await (const batch of gatherBatches(
    source(),
    { items: 50, bytes: 1e9 },
    { isStarved: never, edited: { mostItems: 50 } },
  ))
    batches.push(batch.map(({ files }) => files[0]!.file.path.slice(-5, -4)).join(" "));
  expect(batches).toEqual(["b", "a c"]);
});

test("where fewer are allowed than were gathered, the rest of the batch waits for the next", async () => {
  const edited = { mostItems: 3 };
  const stem = (name: string, folder: string) => item(name, { folder, roles: ["original", "adjustments"] });
  async function* source() {
    // The second of a name waits until the first has gone.
    for (const name of ["a", "b"]) yield stem(name, "100APPLE");
    for (const name of ["a", "b"]) yield stem(name, "101APPLE");
    yield stem("c", "100APPLE");
  }
  const batches: string[] = [];
  for await (const batch of gatherBatches(
    source(),
    { items: 50, bytes: 1e9 },
    { isStarved: never, edited },
  )) {
    batches.push(batch.map(({ files }) => files[0]!.file.path.slice("/DCIM/".length, -4)).join(" "));
    edited.mostItems = 1;
  }
  expect(batches[0]).toBe("100APPLE/a 100APPLE/b 100APPLE/c");
  expect(batches.slice(1)).toEqual(["101APPLE/a", "101APPLE/b"]);
});

test("where Photos became slower while a batch was gathered, the rest of it waits for the next", async () => {
  const limits = { items: 50, bytes: 100 };
  async function* source() {
    for (const name of ["a", "b", "c"])
      yield item(name, { sizeBytes: 30, roles: ["original", "adjustments"] });
    for (const name of ["d", "e"]) yield item(name, { sizeBytes: 50 });
    for (const name of ["f", "g"]) yield item(name, { sizeBytes: 20, roles: ["original", "adjustments"] });
  }
  const batches: string[] = [];
  const options = { isStarved: never, edited: { mostItems: 50 } };
  for await (const batch of gatherBatches(source(), limits, options)) {
    batches.push(batch.map(({ files }) => files[0]!.file.path.slice(-5, -4)).join(" "));
    limits.bytes = 40; // it was slow with the first one, while the edited ones waited
  }
  expect(batches[0]).toBe("d e");
  expect(batches.slice(1)).toEqual(["a", "b", "c", "f g"]);
});

test("a batch goes early when nothing more can come before it has gone", async () => {
  let starve = () => {};
  const starved = new Promise<void>((resolve) => {
    starve = resolve;
  });
  let release = () => {};
  const gone = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* source() {
    yield item("a");
    starve();
    await gone;
    yield item("b");
  }
  const sizes: number[] = [];
  for await (const batch of gatherBatches(
    source(),
    { items: 50, bytes: 1e9 },
    { isStarved: () => starved },
  )) {
    sizes.push(batch.length);
    release();
  }
  expect(sizes).toEqual([1, 1]);
});

test("no more items wait for a stem that is taken than one event may carry", async () => {
  let taken = 0;
  async function* source() {
    for (let folder = 0; folder < 50; folder += 1) {
      taken += 1;
      yield item("a", { folder: `${100 + folder}APPLE` });
    }
  }
  const takenByThen: number[] = [];
  for await (const batch of gatherBatches(source(), { items: 3, bytes: 1e9 }, { isStarved: never })) {
    expect(batch).toHaveLength(1);
    takenByThen.push(taken);
  }
  expect(takenByThen).toHaveLength(50);
  // The batch, three that wait, and the one that is asked for ahead.
  expect(takenByThen[0]).toBeLessThanOrEqual(5);
});
