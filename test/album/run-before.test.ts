import { expect, test } from "vitest";
import { LastImportAlbum, type LastImportOptions } from "../../src/album/last-import-album.js";
import { ManualTime } from "../../src/virtual/photos/virtual-time.js";

const LAST = "Last Import";

/** What is left of the album of the run before, into which Rollcall put A and B, when this run makes its own. */
async function whatIsLeft(name: string, contents: string[], keepAlbums = false): Promise<string | null> {
  const albums = new Map([["old", { name, ids: contents }]]);
  const told = (id: string) => {
    const album = albums.get(id);
    return album === undefined ? null : { id, name: album.name, length: album.ids.length };
  };
  const photos = {
    describeAlbum: async (id: string) => told(id),
    albumContents: async (id: string) => albums.get(id)?.ids.map((one) => ({ id: one })) ?? null,
    findAlbums: async () => [],
    createAlbum: async (title: string) => {
      albums.set("new", { name: title, ids: [] });
      return told("new");
    },
    addToAlbum: async (ids: readonly string[], id: string) => void albums.get(id)!.ids.push(...ids),
    renameAlbum: async (id: string, title: string) => void (albums.get(id)!.name = title),
    deleteAlbum: async (id: string) => albums.delete(id),
  };
  const ledger = {
    runs: {
      photosIds: (runId: string) => (runId === "before" ? ["A", "B"] : ["N"]),
      get: () => ({ album: null }),
    },
    albums: {
      ourAlbumNamed: () => ({ id: "old", runId: "before", madeAt: new Date("2026-11-20T12:00:00Z") }),
      updateOurAlbum: () => {},
      recordAlbum: () => {},
      pendingAlbum: () => null,
      recordPendingAlbum: () => {},
    },
  };
  const session = { ask: photos, change: photos };
  const options = { session, ledger, runId: "now", clock: new ManualTime(), keepAlbums };
  const journal = { requireThere: async () => {} };
  const album = new LastImportAlbum({ ...options, journal } as unknown as LastImportOptions);
  expect(await album.add(["N"])).toEqual({ expected: 1, length: 1 });
  expect(albums.get("new")).toEqual({ name: LAST, ids: ["N"] });
  return albums.get("old")?.name.replace(/ \d.*/, " of its date") ?? null;
}

test.each<[string, string, string[], string | null]>([
  ["goes when it holds exactly what that run put in", LAST, ["A", "B"], null],
  ["is kept when a person put a photo in", LAST, ["A", "B", "own"], "Import of its date"],
  ["is kept when a person took a photo out", LAST, ["A"], "Import of its date"],
  ["is kept when a person changed one photo for another", LAST, ["A", "own"], "Import of its date"],
  ["keeps the name that a person gave it", "Lisbon", ["A", "B"], "Lisbon"],
])("the album of the run before %s", async (_what, name, contents, left) => {
  expect(await whatIsLeft(name, contents)).toBe(left);
});

test("the album of the run before is kept under its date where that is asked for", async () => {
  expect(await whatIsLeft(LAST, ["A", "B"], true)).toBe("Import of its date");
});
