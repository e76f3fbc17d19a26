import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { basename } from "node:path";
import type { Clock } from "../../src/clock.js";
import type { PhotosAlbum, PhotosItem } from "../../src/photos/photos-item.js";
import type { ImportReply, PhotosLibrary } from "../../src/photos/photos-library.js";
import type { PhotosProcess } from "../../src/photos/photos-process.js";
import type { ScratchMedia } from "./scratch-media.js";

/** One implementation of the two ports, a library that may be written to, and files to put in. */
export interface PhotosSetUp {
  readonly photos: PhotosLibrary;
  readonly process: PhotosProcess;
  /** Waits between two looks. */
  readonly clock: Clock;
  readonly media: ScratchMedia;
}

/** Begins the name of every album made here, so that what a crash left behind is found and deleted. */
export const SCRATCH_ALBUM = "rollcall-scratch-";

/** What every implementation of PhotosLibrary and PhotosProcess does, in the order in which it is tried. */
export interface Sentence {
  /** Goes on where "Photos" ends. */
  readonly says: string;
  /** Photos may show an alert over it that somebody has to click away: then nothing else is answered. */
  readonly mayAlert?: true;
  /** Throws where it does not hold. */
  holds(world: PhotosSetUp): Promise<void>;
}

const IMPORT_MS = 110_000;
const NEVER_AN_ALBUM = "00000000-0000-0000-0000-000000000000/L0/040";
const NEVER_AN_ITEM = "00000000-0000-0000-0000-000000000000/L0/001";

export const photosLibraryContract: readonly Sentence[] = [
  {
    says: "answers with its version when it is ready, and again when it is ready already",
    async holds({ photos }) {
      const { version } = await photos.makeReady();
      assert.match(version, /^\d+(\.\d+)*/);
      assert.deepEqual(await photos.makeReady(), { version });
    },
  },
  {
    says: "runs as one process with one start, as long as it runs",
    async holds({ process }) {
      const first = await instanceOf(process);
      assert.deepEqual(await process.running(), first);
    },
  },
  {
    says: "says which library package is open, by an absolute path",
    async holds({ process }) {
      assert.match((await process.openLibrary()) ?? "nobody knows", /^\/.*\.photoslibrary$/);
    },
  },
  {
    says: "makes an album that is empty and is found by its name",
    async holds(world) {
      await withAlbum(world, async (album) => {
        assert.equal(album.length, 0);
        assert.deepEqual(await world.photos.findAlbums(album.name), [album]);
        assert.deepEqual(await world.photos.describeAlbum(album.id), album);
        assert.deepEqual(await world.photos.albumContents(album.id), []);
      });
    },
  },
  {
    says: "keeps a name as it is, with quotes, accents, other scripts and emoji in it",
    async holds(world) {
      await withAlbum(world, async ({ id }) => {
        const name = `${freshName()} 'a' "b" \\n é 日本 \u{1f600} \u05d0`;
        await world.photos.renameAlbum(id, name);
        assert.equal((await world.photos.describeAlbum(id))?.name.normalize("NFC"), name.normalize("NFC"));
        assert.deepEqual(idsOf(await world.photos.findAlbums(name)), [id]);
      });
    },
  },
  {
    says: "finds an album by its name in either Unicode form, and not by one that differs in letter case",
    async holds(world) {
      await withAlbum(world, async ({ id }) => {
        const name = `${freshName()}-é`;
        await world.photos.renameAlbum(id, name);
        assert.deepEqual(idsOf(await world.photos.findAlbums(name.normalize("NFC"))), [id]);
        assert.deepEqual(idsOf(await world.photos.findAlbums(name.normalize("NFD"))), [id]);
        assert.deepEqual(await world.photos.findAlbums(name.toUpperCase()), []);
      });
    },
  },
  {
    says: "keeps an album's id when it is renamed, and forgets its old name",
    async holds(world) {
      await withAlbum(world, async ({ id, name }) => {
        const other = freshName();
        await world.photos.renameAlbum(id, other);
        assert.deepEqual(await world.photos.describeAlbum(id), { id, name: other, length: 0 });
        assert.deepEqual(await world.photos.findAlbums(name), []);
      });
    },
  },
  {
    says: "lists both of two albums that share a name",
    async holds(world) {
      await withAlbum(world, (one) =>
        withAlbum(world, async (two) => {
          await world.photos.renameAlbum(two.id, one.name);
          const found = idsOf(await world.photos.findAlbums(one.name));
          assert.deepEqual(found.sort(), [one.id, two.id].sort());
        }),
      );
    },
  },
  {
    says: "knows nothing, and does not fail, where no album or item has an id",
    async holds({ photos }) {
      assert.equal(await photos.describeAlbum(NEVER_AN_ALBUM), null);
      assert.equal(await photos.albumContents(NEVER_AN_ALBUM), null);
      assert.deepEqual(await photos.findAlbums(freshName()), []);
      assert.equal((await photos.describeItems([NEVER_AN_ITEM])).size, 0);
    },
  },
  {
    says: "imports pictures into the album it is told, under the names of their files",
    async holds(world) {
      await withAlbum(world, async ({ id }) => {
        const { media } = world;
        const paths = [media.picture(), media.png(), media.picture(" 'a' \"b\" é 日本 \u{1f600}")];
        const { reply, items } = await importInto(world, id, paths);
        assert.deepEqual(namesOf(items), paths.map(nameOf).sort());
        for (const item of items) {
          assert.match(item.id, /^[0-9A-F-]{36}\/L0\/001$/);
          const path = paths.find((each) => nameOf(each) === item.filename.normalize("NFC"));
          assert.ok(item.sizeBytes === null || item.sizeBytes === statSync(path ?? "").size, "its size");
        }
        const strange = (reply.ids ?? []).filter((each) => !idsOf(items).includes(each));
        assert.deepEqual(strange, [], "ids that were answered and are in no album");
        assert.equal((await world.photos.describeAlbum(id))?.length, 3);
      });
    },
  },
  {
    says: "makes a second item of a file that it is given again, and asks nobody about duplicates",
    async holds(world) {
      await withAlbum(world, async ({ id }) => {
        const path = world.media.picture();
        await importInto(world, id, [path]);
        const { items } = await importInto(world, id, [path], 2);
        assert.deepEqual(namesOf(items), [nameOf(path), nameOf(path)]);
        assert.equal(new Set(idsOf(items)).size, 2);
      });
    },
  },
  {
    says: "makes one item of both halves of a Live Photo, under the name of the still",
    async holds(world) {
      await withAlbum(world, async ({ id }) => {
        const [still, video] = world.media.livePhoto();
        const { items } = await importInto(world, id, [still, video], 1);
        assert.deepEqual(namesOf(items), [nameOf(still)]);
      });
    },
  },
  {
    says: "makes one item of an original, its AAE and its render, under the original's name",
    async holds(world) {
      await withAlbum(world, async ({ id }) => {
        const paths = world.media.edited();
        const { items } = await importInto(world, id, paths, 1);
        assert.deepEqual(namesOf(items), [nameOf(paths[0])]);
      });
    },
  },
  {
    says: "has an item that is added twice in an album once, and in both albums",
    async holds(world) {
      await withAlbum(world, (from) =>
        withAlbum(world, async (to) => {
          const { items } = await importInto(world, from.id, world.media.pictures(3));
          const ids = idsOf(items);
          // It may leave some out without a word: the caller compares, and asks again.
          await until(world, 30_000, "all three are there", async () => {
            await world.photos.addToAlbum(ids, to.id);
            return (await world.photos.describeAlbum(to.id))?.length === 3;
          });
          await world.photos.addToAlbum(ids, to.id);
          assert.deepEqual(idsOf(await contentsOf(world, to.id)).sort(), [...ids].sort());
          assert.deepEqual(idsOf(await contentsOf(world, from.id)).sort(), [...ids].sort());
        }),
      );
    },
  },
  {
    says: "deletes an album and keeps its photos; deleting it again is no error",
    async holds(world) {
      const album = await world.photos.createAlbum(freshName());
      const path = world.media.picture();
      const [item] = (await importInto(world, album.id, [path])).items;
      await world.photos.deleteAlbum(album.id);
      await world.photos.deleteAlbum(album.id);
      assert.equal(await world.photos.describeAlbum(album.id), null);
      assert.deepEqual(await world.photos.findAlbums(album.name), []);
      const known = await world.photos.describeItems([NEVER_AN_ITEM, item?.id ?? ""]);
      assert.deepEqual([...known.keys()], [item?.id]);
      assert.equal(known.get(item?.id ?? "")?.filename, nameOf(path));
    },
  },
  {
    says: "is asked nothing more by a caller that has stopped",
    async holds({ photos }) {
      const signal = AbortSignal.abort("stopped");
      const hasStopped = { code: "STOPPED" };
      const name = freshName();
      await assert.rejects(photos.createAlbum(name, signal), hasStopped);
      await assert.rejects(photos.albumContents(NEVER_AN_ALBUM, signal), hasStopped);
      const options = { albumId: NEVER_AN_ALBUM, timeoutMs: IMPORT_MS, signal };
      await assert.rejects(photos.importFiles([], options), hasStopped);
      assert.deepEqual(await photos.findAlbums(name), []);
    },
  },
  {
    says: "quits when it is asked, and comes back as another process with the same library",
    async holds(world) {
      const { process } = world;
      const before = await instanceOf(process);
      const library = await process.openLibrary();
      await process.quit();
      await ended(world);
      await process.start();
      await world.photos.makeReady();
      const after = await instanceOf(process);
      assert.notDeepEqual([after.pid, after.startedAt], [before.pid, before.startedAt]);
      assert.equal(await process.openLibrary(), library);
      await process.start(); // it runs: nothing happens
      assert.deepEqual(await process.running(), after);
    },
  },
  {
    says: "is ended without being asked where it is the very process that was named, and else not",
    async holds(world) {
      const instance = await instanceOf(world.process);
      await world.process.forceQuit({ ...instance, pid: instance.pid + 100_000 });
      assert.deepEqual(await world.process.running(), instance);
      await world.process.forceQuit(instance);
      await ended(world);
      await world.process.quit(); // it does not run: it is not started to be told
      assert.equal(await world.process.running(), null);
      await world.process.start();
      await world.photos.makeReady();
    },
  },
  {
    mayAlert: true,
    says: "given a text under a picture's name among pictures, answers or fails, and no photo is of that name",
    async holds(world) {
      await withAlbum(world, async ({ id }) => {
        const poison = world.media.poison();
        const paths = [world.media.picture(), poison, world.media.picture()];
        const options = { albumId: id, timeoutMs: IMPORT_MS };
        const error: unknown = await world.photos.importFiles(paths, options).then(
          () => null,
          (thrown) => thrown,
        );
        if (error !== null) assert.ok(isEventError(error), `not a PhotosEventError: ${error}`);
        const names = namesOf(await contentsOf(world, id));
        assert.ok(!names.includes(nameOf(poison)), "the text is in the album");
        assert.deepEqual(
          names.filter((name) => !paths.map(nameOf).includes(name)),
          [],
        );
      });
    },
  },
];

export function freshName(): string {
  return `${SCRATCH_ALBUM}${randomUUID()}`;
}

/** An album for as long as `use` takes. */
export async function withAlbum<Result>(
  { photos }: Pick<PhotosSetUp, "photos">,
  use: (album: PhotosAlbum) => Promise<Result>,
): Promise<Result> {
  const album = await photos.createAlbum(freshName());
  try {
    return await use(album);
  } finally {
    await photos.deleteAlbum(album.id);
  }
}

/**
 * Imports as Rollcall does: `into` the album, then looks; what came in and is not shown there is added by the ids
 * that the event answered, once nothing more appears by itself.
 * @param expected how many items the album is to hold afterwards
 */
export async function importInto(
  world: PhotosSetUp,
  albumId: string,
  paths: readonly string[],
  expected = paths.length,
): Promise<{ readonly reply: ImportReply; readonly items: PhotosItem[] }> {
  const reply = await world.photos.importFiles(paths, { albumId, timeoutMs: IMPORT_MS });
  const isThere = async () => (await world.photos.describeAlbum(albumId))?.length === expected;
  await until(world, 10_000, `${expected} in the album`, isThere).catch(async (error) => {
    if (reply.ids === null) throw error;
    await world.photos.addToAlbum(reply.ids, albumId);
  });
  const items = await contentsOf(world, albumId);
  assert.equal(items.length, expected, `items in the album: ${namesOf(items).join(", ")}`);
  return { reply, items };
}

/** Looks until it is so, once a second. */
export async function until(
  { clock }: Pick<PhotosSetUp, "clock">,
  timeoutMs: number,
  what: string,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const giveUpAt = clock.now().getTime() + timeoutMs;
  while (!(await isSo())) {
    if (clock.now().getTime() >= giveUpAt) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
    await clock.wait(1_000);
  }
}

async function ended(world: PhotosSetUp): Promise<void> {
  await until(world, 60_000, "Photos has ended", async () => (await world.process.running()) === null);
}

async function instanceOf(process: PhotosProcess) {
  const running = await process.running();
  assert.ok(running !== null && running !== "unknown", `which process Photos is: ${running}`);
  return running;
}

async function contentsOf({ photos }: Pick<PhotosSetUp, "photos">, id: string): Promise<PhotosItem[]> {
  const contents = await photos.albumContents(id);
  assert.ok(contents !== null, "the album is there");
  return contents;
}

/** By its shape, because the implementation may come from the build and this from the sources. */
function isEventError(error: unknown): boolean {
  return error instanceof Error && error.name === "PhotosEventError" && "mayHaveHappened" in error;
}

function idsOf(items: readonly { readonly id: string }[]): string[] {
  return items.map(({ id }) => id);
}

function namesOf(items: readonly PhotosItem[]): string[] {
  return items.map(({ filename }) => filename.normalize("NFC")).sort();
}

function nameOf(path: string): string {
  return basename(path).normalize("NFC");
}
