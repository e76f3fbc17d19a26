import vm from "node:vm";
import { describe, expect, it } from "vitest";
import { programText } from "../../src/jxa/script-text.js";
import { addToAlbum } from "../../src/jxa/scripts/add-to-album.js";
import { albumContents } from "../../src/jxa/scripts/album-contents.js";
import { createAlbum } from "../../src/jxa/scripts/create-album.js";
import { deleteAlbum } from "../../src/jxa/scripts/delete-album.js";
import { describeAlbum } from "../../src/jxa/scripts/describe-album.js";
import { describeItems } from "../../src/jxa/scripts/describe-items.js";
import { findAlbums } from "../../src/jxa/scripts/find-albums.js";
import { importFiles } from "../../src/jxa/scripts/import-files.js";
import { launchPhotos } from "../../src/jxa/scripts/launch-photos.js";
import { photosRunning } from "../../src/jxa/scripts/photos-running.js";
import { quitPhotos } from "../../src/jxa/scripts/quit-photos.js";
import { renameAlbum } from "../../src/jxa/scripts/rename-album.js";

/** What Photos throws. */
const appleError = (number: number) => Object.assign(new Error(`trouble ${number}`), { errorNumber: number });

const raise = (number: number) => () => {
  throw appleError(number);
};

/** Runs the text of a script alone, with the JXA names a test gives it. */
function runAlone(script: (input: never) => unknown, input: unknown, jxa: object): unknown {
  const context = vm.createContext({ ...jxa });
  vm.runInContext(programText(script.toString(), "argument"), context);
  return JSON.parse(vm.runInContext(`run([${JSON.stringify(JSON.stringify(input ?? null))}])`, context));
}

const withPhotos = (photos: object, more: object = {}) => ({ Application: () => photos, ...more });

describe("createAlbum", () => {
  it("sends `make` once and finds the album although `make` failed with -1700 and Photos took its time", () => {
    let makes = 0;
    let looks = 0;
    const delays: number[] = [];
    const album = { id: () => "A/L0/040", name: () => "rollcall-x" };
    const photos = {
      make: () => {
        makes++;
        throw appleError(-1700);
      },
      albums: { whose: () => () => (++looks < 5 ? [] : [album]) },
    };
    const delay = (seconds: number) => delays.push(seconds);
    expect(runAlone(createAlbum, { name: "rollcall-x" }, withPhotos(photos, { delay }))).toEqual({
      ok: true,
      value: { id: "A/L0/040" },
    });
    expect(makes).toBe(1);
    expect(delays).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it("gives up after 20 looks, with the error that `make` had", () => {
    let looks = 0;
    const photos = {
      make: raise(-10003),
      albums: {
        whose: () => () => {
          looks++;
          return [];
        },
      },
    };
    const envelope = runAlone(createAlbum, { name: "x" }, withPhotos(photos, { delay: () => {} }));
    expect(envelope).toMatchObject({ ok: false, number: -10003, step: "find the new album" });
    expect(looks).toBe(20);
  });

  it("says -1728 when nothing failed and nothing appeared", () => {
    const photos = { make: () => null, albums: { whose: () => () => [] } };
    expect(runAlone(createAlbum, { name: "x" }, withPhotos(photos, { delay: () => {} }))).toMatchObject({
      number: -1728,
    });
  });

  it("does not look 20 times when macOS refuses", () => {
    const photos = { make: raise(-1743), albums: { whose: () => raise(-1) } };
    expect(runAlone(createAlbum, { name: "x" }, withPhotos(photos))).toMatchObject({
      number: -1743,
      step: "make",
    });
  });
});

describe("importFiles", () => {
  const album = { kind: "album" };
  function run(items: unknown, getDisplayString: (item: unknown) => string = String) {
    const sent: unknown[] = [];
    const photos = {
      albums: { byId: () => album },
      import: (...args: unknown[]) => {
        sent.push(args);
        return items;
      },
    };
    const Path = (path: string) => ({ file: path });
    const jxa = withPhotos(photos, { Path, Automation: { getDisplayString } });
    return { sent, envelope: runAlone(importFiles, { paths: ["/a", "/b"], albumId: "J/L0/040" }, jxa) };
  }

  it("passes file objects, the album, and skipCheckDuplicates", () => {
    expect(run(null).sent).toEqual([
      [[{ file: "/a" }, { file: "/b" }], { skipCheckDuplicates: true, into: album }],
    ]);
  });

  it.each([
    ["of the library", `Application("Photos").mediaItems.byId("1/L0/001")`, ["1/L0/001"]],
    [
      "of an album",
      `Application("Photos").albums.byId("A/L0/040").mediaItems.byId("1/L0/001")`,
      ["1/L0/001"],
    ],
    ["by position", `Application("Photos").mediaItems.at(4)`, null],
    ["of an album by position", `Application("Photos").albums.byId("A/L0/040").mediaItems.at(4)`, null],
  ])("reads the ids of items named %s from their display strings", (_how, display, ids) => {
    expect(run([{}], () => display).envelope).toEqual({ ok: true, value: { ids, count: 1 } });
  });

  it("gives no ids at all when one of them cannot be read, since the list would be short", () => {
    const displays = [`x.byId("1/L0/001")`, "[object]"];
    expect(run([{}, {}], () => displays.shift() ?? "").envelope).toEqual({
      ok: true,
      value: { ids: null, count: 2 },
    });
  });

  it("is still a success when display strings do not exist", () => {
    expect(run([{}], raise(-1708)).envelope).toEqual({ ok: true, value: { ids: null, count: 1 } });
  });

  it.each([
    ["null", null, 0],
    ["an empty list", [], 0],
    ["something else", "text", null],
  ])("has null for ids when Photos returns %s", (_what, items, count) => {
    expect(run(items).envelope).toEqual({ ok: true, value: { ids: null, count } });
  });
});

describe("albumContents", () => {
  const contents = (mediaItems: object, name: () => string = () => "a") =>
    runAlone(albumContents, { id: "A" }, withPhotos({ albums: { byId: () => ({ name, mediaItems }) } }));

  it("returns three parallel lists; what is no size is null", () => {
    const ids = ["1", "2", "3"];
    const mediaItems = { id: () => ids, filename: () => ["a", "b", "c"], size: () => [5, null, -1] };
    expect(contents(mediaItems)).toEqual({
      ok: true,
      value: { ids, filenames: ["a", "b", "c"], sizes: [5, null, null] },
    });
  });

  it("reads again, once, when the lists differ in length", () => {
    const lists = [["1"], ["1", "2"]];
    const mediaItems = { id: () => lists.shift(), filename: () => ["a", "b"], size: () => [1, 2] };
    expect(contents(mediaItems)).toMatchObject({ ok: true, value: { ids: ["1", "2"] } });
  });

  it("says -1719 when they still differ", () => {
    const mediaItems = { id: () => ["1"], filename: () => ["a", "b"], size: () => [1, 2] };
    expect(contents(mediaItems)).toMatchObject({ ok: false, number: -1719 });
  });

  it("tells an album that is gone from one that is empty, where both answer -1728", () => {
    expect(contents({ id: raise(-1728) }, raise(-1728))).toEqual({ ok: true, value: null });
    expect(contents({ id: raise(-1728), length: 0 })).toMatchObject({ ok: true, value: { ids: [] } });
    expect(contents({ id: raise(-1728), length: 2 })).toMatchObject({ ok: false, number: -1728 });
  });

  it("passes on a time-out", () => {
    expect(contents({ id: raise(-1712) })).toMatchObject({ ok: false, number: -1712, step: "read ids" });
  });
});

describe("findAlbums", () => {
  it("asks for both Unicode forms and lists an album found by both once", () => {
    const asked: string[] = [];
    const album = { id: () => "A", name: () => "Été", mediaItems: { length: 3 } };
    const albums = {
      whose: ({ name }: { name: string }) => {
        asked.push(name);
        return () => [album];
      },
    };
    expect(runAlone(findAlbums, { name: "Été" }, withPhotos({ albums }))).toEqual({
      ok: true,
      value: [{ id: "A", name: "Été", length: 3 }],
    });
    expect(asked).toEqual(["Été".normalize("NFC"), "Été".normalize("NFD")]);
  });
});

describe("albums by id", () => {
  const byId = (album: object, more: object = {}) => withPhotos({ albums: { byId: () => album }, ...more });

  it("describeAlbum is null for an unknown id, and an error for anything else", () => {
    expect(runAlone(describeAlbum, { id: "A" }, byId({ name: raise(-1728) }))).toEqual({
      ok: true,
      value: null,
    });
    expect(runAlone(describeAlbum, { id: "A" }, byId({ name: raise(-609) }))).toMatchObject({ number: -609 });
    const album = { name: () => "Trip", mediaItems: { length: 7 } };
    expect(runAlone(describeAlbum, { id: "A" }, byId(album))).toEqual({
      ok: true,
      value: { name: "Trip", length: 7 },
    });
  });

  it("renameAlbum notices a library that ignores what is written", () => {
    const deaf = {
      get name() {
        return () => "old";
      },
      set name(_: unknown) {},
    };
    expect(runAlone(renameAlbum, { id: "A", name: "new" }, byId(deaf))).toMatchObject({ number: -10006 });
  });

  it("renameAlbum accepts the name back in another Unicode form", () => {
    let kept = "old";
    const album = {
      get name() {
        return () => kept.normalize("NFD");
      },
      set name(name: unknown) {
        kept = String(name);
      },
    };
    expect(runAlone(renameAlbum, { id: "A", name: "Été" }, byId(album))).toEqual({ ok: true, value: null });
  });

  it("deleteAlbum looks until the album is gone", () => {
    let looks = 0;
    const album = { name: () => (++looks < 3 ? "still here" : raise(-1728)()) };
    const jxa = { ...byId(album, { delete: () => {} }), delay: () => {} };
    expect(runAlone(deleteAlbum, { id: "A" }, jxa)).toEqual({ ok: true, value: true });
    expect(looks).toBe(3);
  });

  it("deleteAlbum says so when Photos keeps the album, and is content when there was none", () => {
    const stays = { ...byId({ name: () => "x" }, { delete: () => {} }), delay: () => {} };
    expect(runAlone(deleteAlbum, { id: "A" }, stays)).toMatchObject({ ok: false, number: -10000 });
    expect(runAlone(deleteAlbum, { id: "A" }, byId({}, { delete: raise(-1728) }))).toEqual({
      ok: true,
      value: false,
    });
  });
});

describe("items by id", () => {
  it("describeItems leaves out what Photos does not know, and stops at any other error", () => {
    const answers: Record<string, () => string> = {
      a: () => "IMG_1.HEIC",
      b: raise(-1728),
      c: () => "IMG_3.MOV",
    };
    const photos = { mediaItems: { byId: (id: string) => ({ filename: answers[id] }) } };
    expect(runAlone(describeItems, { ids: ["a", "b", "c"] }, withPhotos(photos))).toEqual({
      ok: true,
      value: [
        { id: "a", filename: "IMG_1.HEIC" },
        { id: "c", filename: "IMG_3.MOV" },
      ],
    });
    answers.b = raise(-1712);
    expect(runAlone(describeItems, { ids: ["a", "b"] }, withPhotos(photos))).toMatchObject({ number: -1712 });
  });

  it("addToAlbum sends one event for all items", () => {
    const sent: unknown[] = [];
    const photos = {
      albums: { byId: (id: string) => ({ album: id }) },
      mediaItems: { byId: (id: string) => ({ item: id }) },
      add: (...args: unknown[]) => sent.push(args),
    };
    runAlone(addToAlbum, { itemIds: ["1", "2"], albumId: "A" }, withPhotos(photos));
    expect(sent).toEqual([[[{ item: "1" }, { item: "2" }], { to: { album: "A" } }]]);
  });
});

describe("the program Photos", () => {
  const appKit = (app: object | null) => ({
    ObjC: { import: () => {} },
    $: {
      NSRunningApplication: {
        runningApplicationsWithBundleIdentifier: () => ({ count: app ? "1" : "0", objectAtIndex: () => app }),
      },
    },
  });

  it("photosRunning tells process and start, from numbers that arrive as text", () => {
    const app = {
      processIdentifier: "4711",
      launchDate: { isNil: () => false, timeIntervalSince1970: "12.5" },
    };
    expect(runAlone(photosRunning, null, appKit(app))).toEqual({
      ok: true,
      value: { running: true, pid: 4711, launchedAtMs: 12_500 },
    });
  });

  it("photosRunning keeps the process when its start is not noted, and says no when there is none", () => {
    const app = { processIdentifier: 7, launchDate: { isNil: () => true } };
    expect(runAlone(photosRunning, null, appKit(app))).toMatchObject({
      value: { pid: 7, launchedAtMs: null },
    });
    expect(runAlone(photosRunning, null, appKit(null))).toMatchObject({
      value: { running: false, pid: null },
    });
  });

  it("photosRunning falls back to the plain question where AppKit cannot be reached", () => {
    const jxa = withPhotos({ running: () => true }, { ObjC: { import: raise(-2700) } });
    expect(runAlone(photosRunning, null, jxa)).toEqual({
      ok: true,
      value: { running: true, pid: null, launchedAtMs: null },
    });
  });

  it("quitPhotos sends nothing to a Photos that is not running", () => {
    expect(runAlone(quitPhotos, null, withPhotos({ running: () => false }))).toEqual({
      ok: true,
      value: null,
    });
  });

  it("launchPhotos launches only when asked, and is content with an empty library", () => {
    let launches = 0;
    const photos = { launch: () => void launches++, version: () => "10.0", mediaItems: { length: 0 } };
    expect(runAlone(launchPhotos, { launch: false }, withPhotos(photos))).toEqual({
      ok: true,
      value: { version: "10.0" },
    });
    expect(launches).toBe(0);
    runAlone(launchPhotos, { launch: true }, withPhotos(photos));
    expect(launches).toBe(1);
  });

  it("launchPhotos fails when the program answers but its library does not", () => {
    const photos = {
      version: () => "10.0",
      get mediaItems(): never {
        throw appleError(-1728);
      },
    };
    expect(runAlone(launchPhotos, { launch: false }, withPhotos(photos))).toMatchObject({
      number: -1728,
      step: "count items",
    });
  });
});
