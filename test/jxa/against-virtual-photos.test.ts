import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { JxaPhotosLibrary } from "../../src/jxa/jxa-photos-library.js";
import { JxaPhotosProcess } from "../../src/jxa/jxa-photos-process.js";
import { prepareInput } from "../../src/jxa/script-input.js";
import { programText } from "../../src/jxa/script-text.js";
import { findAlbums } from "../../src/jxa/scripts/find-albums.js";
import { type ImportEventKind, PhotosEventError } from "../../src/photos/photos-library.js";
import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import { openVirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { ManualTime } from "../../src/virtual/photos/virtual-time.js";
import { importingBy } from "../contracts/importing-by.js";
import { directAccess } from "../direct-access.js";
import { temporaryFolder } from "./stand-in-osascript.js";

async function virtualPhotos(event: ImportEventKind = "plain") {
  const folder = await temporaryFolder();
  const time = new ManualTime();
  const photos = openVirtualPhotos(join(folder.path, "Virtual.photoslibrary"), { time });
  onTestFinished(async () => {
    photos.close();
    await folder[Symbol.asyncDispose]();
  });
  const runScript = runInProcess(photos, time);
  const photosProcess = new JxaPhotosProcess({ runScript, access: directAccess, macPrograms: null });
  const jxa = new JxaPhotosLibrary({ runScript, photosProcess, clock: time });
  const library = importingBy(event, jxa);

  /** Pictures that differ in content, under the given names. */
  async function pictures(...names: string[]): Promise<string[]> {
    const staged = join(folder.path, "staged");
    await mkdir(staged, { recursive: true });
    return Promise.all(
      names.map(async (name, index) => {
        const path = join(staged, name);
        await writeFile(
          path,
          Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, index]), Buffer.from(name)]),
        );
        return path;
      }),
    );
  }
  return { photos, time, library, photosProcess, pictures, folder: folder.path };
}

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("the program Photos", () => {
  it("is started once, answers, is known by process and start, and quits", async () => {
    const { library, photosProcess } = await virtualPhotos();
    expect(await photosProcess.running()).toBeNull();
    expect(await library.makeReady()).toEqual({ version: "11.0" });
    const first = await photosProcess.running();
    expect(first).toEqual({ pid: expect.any(Number), startedAt: expect.any(Date) });
    await library.makeReady();
    expect(await photosProcess.running()).toEqual(first);
    await photosProcess.quit();
    expect(await photosProcess.running()).toBeNull();
  });

  it("that macOS keeps from us is PHOTOS_NOT_PERMITTED, in every call", async () => {
    const { library, photos } = await virtualPhotos();
    photos.faults({ name: "refuses-events" });
    for (const call of [
      library.makeReady(),
      library.createAlbum("x"),
      library.findAlbums("x"),
      library.describeAlbum("A/L0/040"),
      library.renameAlbum("A/L0/040", "y"),
      library.deleteAlbum("A/L0/040"),
      library.albumContents("A/L0/040"),
      library.importFiles([], { albumId: "A/L0/040", timeoutMs: 60_000 }),
      library.addToAlbum(["1/L0/001"], "A/L0/040"),
      library.describeItems(["1/L0/001"]),
    ]) {
      expect(await caught(call)).toMatchObject({ code: "PHOTOS_NOT_PERMITTED" });
    }
  });
});

describe.each(["plain", "by-hand"] as const)("an import with the event sent %s", (event) => {
  it("imports the files into the album, where they are read back by id, name and size", async () => {
    const { library, pictures } = await virtualPhotos(event);
    await library.makeReady();
    const journal = await library.createAlbum("rollcall-7f3a");
    const names = ["IMG_0001.JPG", "Grüße 日本.jpg", "a \"b\" 'c' $(d).jpeg"];
    const reply = await library.importFiles(await pictures(...names), {
      albumId: journal.id,
      timeoutMs: 1_800_000,
    });
    const contents = await library.albumContents(journal.id);
    expect(contents?.map(({ filename }) => filename).sort()).toEqual([...names].sort());
    expect([...(reply.ids ?? [])].sort()).toEqual(contents?.map(({ id }) => id).sort());
    for (const item of contents ?? []) {
      expect(item.id).toMatch(/^[0-9A-F-]{36}\/L0\/001$/);
      expect(item.sizeBytes).toBe(5 + Buffer.byteLength(item.filename));
    }
    expect(await library.describeAlbum(journal.id)).toEqual({ ...journal, length: 3 });
  });

  it("does not check for duplicates: the same file twice is two items", async () => {
    const { library, pictures } = await virtualPhotos(event);
    await library.makeReady();
    const { id } = await library.createAlbum("rollcall-7f3a");
    const paths = await pictures("IMG_0001.JPG");
    await library.importFiles(paths, { albumId: id, timeoutMs: 60_000 });
    await library.importFiles(paths, { albumId: id, timeoutMs: 60_000 });
    expect(await library.albumContents(id)).toHaveLength(2);
  });

  it("is one Apple event, and its read-back three", async () => {
    const { library, photos, pictures } = await virtualPhotos(event);
    await library.makeReady();
    const { id } = await library.createAlbum("rollcall-7f3a");
    const paths = await pictures(...Array.from({ length: 50 }, (_, i) => `IMG_${1000 + i}.JPG`));
    photos.resetCounters();
    await library.importFiles(paths, { albumId: id, timeoutMs: 60_000 });
    expect(photos.counters().events).toEqual({ import: 1 });
    await library.albumContents(id);
    expect(photos.counters().events).toEqual({ import: 1, get: 3 });
  });

  it("that times out may have happened, and the items are there afterwards", async () => {
    const { library, photos, pictures } = await virtualPhotos(event);
    await library.makeReady();
    const { id } = await library.createAlbum("rollcall-7f3a");
    photos.faults({ name: "import-times-out", lateByMs: 0 });
    const error = await caught(
      library.importFiles(await pictures("IMG_0001.JPG"), { albumId: id, timeoutMs: 1_800_000 }),
    );
    expect(error).toBeInstanceOf(PhotosEventError);
    expect(error).toMatchObject({ number: -1712, mayHaveHappened: true });
    expect(await library.albumContents(id)).toHaveLength(1);
  });

  it("has no ids when Photos returns nothing", async () => {
    const { library, photos, pictures } = await virtualPhotos(event);
    await library.makeReady();
    const { id } = await library.createAlbum("rollcall-7f3a");
    photos.faults({ name: "import-returns-nothing" });
    expect(
      await library.importFiles(await pictures("IMG_0001.JPG"), { albumId: id, timeoutMs: 60_000 }),
    ).toEqual({ ids: null, count: 0 });
  });

  it("into an album that is gone is over, with an error", async () => {
    const { library, pictures } = await virtualPhotos(event);
    await library.makeReady();
    const paths = await pictures("IMG_0001.JPG");
    const gone = "00000000-0000-0000-0000-000000000000/L0/040";
    expect(await caught(library.importFiles(paths, { albumId: gone, timeoutMs: 60_000 }))).toMatchObject({
      number: -1728,
      mayHaveHappened: false,
    });
  });
});

describe("albums", () => {
  it.each([{ name: "make-returns-nothing" }, { name: "make-fails-though-made" }] as const)(
    "are made once although Photos $name",
    async (fault) => {
      const { library, photos } = await virtualPhotos();
      await library.makeReady();
      photos.faults(fault);
      const { id } = await library.createAlbum("rollcall-7f3a");
      expect(await library.findAlbums("rollcall-7f3a")).toEqual([{ id, name: "rollcall-7f3a", length: 0 }]);
    },
  );

  it("are renamed and found by their new name only, in either Unicode form", async () => {
    const { library } = await virtualPhotos();
    await library.makeReady();
    const { id } = await library.createAlbum("rollcall-7f3a");
    await library.renameAlbum(id, "Été");
    expect(await library.findAlbums("rollcall-7f3a")).toEqual([]);
    expect((await library.findAlbums("Été".normalize("NFD"))).map((album) => album.id)).toEqual([id]);
    expect(await library.findAlbums("été")).toEqual([]);
  });

  it("may share a name", async () => {
    const { library } = await virtualPhotos();
    await library.makeReady();
    const one = await library.createAlbum("rollcall-1");
    const two = await library.createAlbum("rollcall-2");
    await library.renameAlbum(one.id, "Last Import");
    await library.renameAlbum(two.id, "Last Import");
    expect((await library.findAlbums("Last Import")).map(({ id }) => id).sort()).toEqual(
      [one.id, two.id].sort(),
    );
  });

  it("are deleted without their photos, and are null from then on", async () => {
    const { library, pictures } = await virtualPhotos();
    await library.makeReady();
    const { id } = await library.createAlbum("rollcall-7f3a");
    await library.importFiles(await pictures("IMG_0001.JPG"), { albumId: id, timeoutMs: 60_000 });
    const [item] = (await library.albumContents(id)) ?? [];
    await library.deleteAlbum(id);
    expect(await library.describeAlbum(id)).toBeNull();
    expect(await library.albumContents(id)).toBeNull();
    expect([...(await library.describeItems([item?.id ?? ""])).keys()]).toEqual([item?.id]);
    await library.deleteAlbum(id); // gone already
  });

  it("take items that are there already once, and show by their length what was dropped", async () => {
    const { library, photos, pictures } = await virtualPhotos();
    await library.makeReady();
    const journal = await library.createAlbum("rollcall-7f3a");
    const last = await library.createAlbum("rollcall-last");
    await library.importFiles(await pictures("IMG_1.JPG", "IMG_2.JPG", "IMG_3.JPG"), {
      albumId: journal.id,
      timeoutMs: 60_000,
    });
    const ids = (await library.albumContents(journal.id))?.map(({ id }) => id) ?? [];
    photos.faults({ name: "add-drops-some" });
    await library.addToAlbum(ids, last.id);
    expect((await library.describeAlbum(last.id))?.length).toBe(2);
    await library.addToAlbum(ids, last.id);
    expect((await library.albumContents(last.id))?.map(({ id }) => id).sort()).toEqual([...ids].sort());
  });
});

it("items are described by id, and one that Photos never knew is absent", async () => {
  const { library, pictures } = await virtualPhotos();
  await library.makeReady();
  const { id: albumId } = await library.createAlbum("rollcall-7f3a");
  await library.importFiles(await pictures("IMG_0001.JPG"), { albumId, timeoutMs: 60_000 });
  const [item] = (await library.albumContents(albumId)) ?? [];
  const unknown = "00000000-0000-0000-0000-000000000000/L0/001";
  expect([...(await library.describeItems([unknown, item?.id ?? ""]))]).toEqual([
    [item?.id, { id: item?.id, filename: "IMG_0001.JPG", sizeBytes: null }],
  ]);
});

it.each(["argument", "file"] as const)(
  "the program for osascript reads its input from the %s",
  async (from) => {
    const { library, photos } = await virtualPhotos();
    await library.makeReady();
    const name = from === "argument" ? "Été" : `Été ${"x".repeat(100_000)}`;
    const { id } = await library.createAlbum(name);
    await using input = await prepareInput({ name });
    expect(input.from).toBe(from);
    const outcome = photos.runText(programText(findAlbums.toString(), from), { argv: [input.argument] });
    expect(outcome.ok && outcome.output).toMatch(/^[\x20-\x7e]+$/);
    expect(outcome.ok && JSON.parse(outcome.output)).toEqual({ ok: true, value: [{ id, name, length: 0 }] });
  },
);
