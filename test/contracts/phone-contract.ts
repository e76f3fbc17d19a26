import assert from "node:assert/strict";
import {
  type FilePiece,
  isUnchanged,
  type Phone,
  type PhoneEntry,
  type PhoneFile,
  PhoneFileError,
  sameUdid,
} from "../../src/phone/phone.js";

/** One implementation of the port, opened anew for each sentence, and what is known of its media folder. */
export interface PhoneSetUp {
  readonly phone: Phone;
  /** Two files below `/DCIM`, the first of at least three bytes. */
  readonly files: readonly [string, string];
  /** What really lies in a file; null where only the phone knows. */
  content(path: string): Uint8Array | null;
  /** Null for a phone that must not be changed: a real one. */
  readonly owner: PhoneOwner | null;
}

/** What a person does with a phone in the hand. Times are whole milliseconds. */
export interface PhoneOwner {
  /** Adds a file, or puts another one in its place. */
  put(path: string, bytes: Uint8Array, modifiedAtMs: number): void;
  remove(path: string): void;
  makeFolder(path: string): void;
  /** A symbolic link to another path of the phone. */
  link(path: string, to: string): void;
  /** Where names that differ in case, or in how an accent is composed, are two. A Mac's disk takes them for one. */
  readonly keepsDuplicatesApart: boolean;
  /** A folder below DCIM that is listed, and in which nothing is, with a file in it. It is there from the start. */
  readonly shut: string;
  /** A file that is listed and that the phone will not describe. It is there from the start. */
  readonly refused: string;
}

/** What every implementation of Phone does. */
export interface Sentence {
  /** Goes on where "a phone" ends. */
  readonly says: string;
  /** Not to be tried on a phone that must not be changed. */
  readonly needsOwner?: true;
  /** Throws where it does not hold. */
  holds(world: PhoneSetUp): Promise<void>;
}

const DAY = Date.UTC(2026, 4, 1);
const NOWHERE = "/DCIM/rollcall never made this folder";

export const phoneContract: readonly Sentence[] = [
  {
    says: "says who it is, and nothing of it is empty",
    async holds({ phone: { identity } }) {
      assert.ok(sameUdid(identity.udid, identity.udid.replaceAll("-", "")));
      for (const said of [identity.udid, identity.name, identity.productType, identity.iosVersion])
        assert.notEqual(said, "");
    },
  },
  {
    says: "lists what lies beneath a folder at any depth, each path once, and not the folder itself",
    async holds({ phone, files }) {
      const entries = await listed(phone, "/DCIM");
      const paths = entries.map(pathOf);
      const told = entries.map((each) => `${each.type === "unreadable"} ${pathOf(each)}`);
      assert.equal(new Set(told).size, told.length);
      for (const path of paths) assert.match(path, /^\/DCIM\/./);
      for (const file of files) assert.ok(paths.includes(file), `${file} is not listed`);
      const folders = new Set(entries.flatMap((each) => (each.type === "folder" ? [each.path] : [])));
      for (const path of paths) {
        const above = path.slice(0, path.lastIndexOf("/"));
        assert.ok(above === "/DCIM" || folders.has(above), `${path} lies in no folder that is listed`);
      }
    },
  },
  {
    says: "describes a file by itself as it describes it in the listing",
    async holds({ phone, files }) {
      for (const entry of await listed(phone, "/DCIM")) {
        if (entry.type !== "file" || !files.includes(entry.file.path)) continue;
        const alone = await phone.describe(entry.file.path);
        assert.deepEqual(alone, entry.file);
        assert.ok(isUnchanged(entry.file, alone!));
      }
    },
  },
  {
    says: "yields nothing for a folder that is not there",
    async holds({ phone }) {
      assert.deepEqual(await listed(phone, NOWHERE), []);
      assert.deepEqual(await listed(phone, `${NOWHERE}/nor in it`), []);
    },
  },
  {
    says: "describes no folder, and nothing that is not there",
    async holds({ phone }) {
      assert.equal(await phone.describe("/DCIM"), null);
      assert.equal(await phone.describe(NOWHERE), null);
      assert.equal(await phone.describe(`${NOWHERE}/nor in it`), null);
    },
  },
  {
    says: "gives every byte of a file in order, as many as it says that there are",
    async holds({ phone, files, content }) {
      for (const path of files) {
        const bytes = await bytesOf(phone, path);
        assert.equal(bytes.length, (await phone.describe(path))?.sizeBytes);
        const known = content(path);
        if (known !== null) assert.ok(bytes.equals(known), "other bytes than lie there");
      }
    },
  },
  {
    says: "reads on from any byte, and has nothing to give from the end on",
    async holds({ phone, files: [path] }) {
      const whole = await bytesOf(phone, path);
      for (const offset of [1, Math.floor(whole.length / 2), whole.length - 1])
        assert.ok((await bytesOf(phone, path, { offset })).equals(whole.subarray(offset)));
      for (const offset of [whole.length, whole.length + 1_000_000])
        assert.equal((await bytesOf(phone, path, { offset })).length, 0);
    },
  },
  {
    says: "gives pieces of a file in the order asked, each as long as asked, or shorter where the file ends",
    async holds({ phone, files }) {
      for (const path of files) {
        const whole = await bytesOf(phone, path);
        const asked = [
          { offset: whole.length - 1, sizeBytes: 1 },
          { offset: 0, sizeBytes: 2 },
          ...Array.from({ length: 40 }, (_, index) => ({
            offset: index % whole.length,
            sizeBytes: 1 + index,
          })),
          { offset: whole.length - 2, sizeBytes: 1_000 },
          { offset: whole.length, sizeBytes: 10 },
          { offset: 1, sizeBytes: whole.length },
        ];
        const given = await piecesOf(phone, path, asked);
        assert.equal(given.length, asked.length);
        for (const [index, { offset, sizeBytes }] of asked.entries())
          assert.ok(given[index]!.equals(whole.subarray(offset, offset + sizeBytes)), `piece ${index}`);
        assert.deepEqual(await piecesOf(phone, path, []), []);
      }
    },
  },
  {
    says: "refuses pieces of what is no file, stops with a reason, may be left, and is well afterwards",
    async holds({ phone, files: [path] }) {
      const first = [{ offset: 0, sizeBytes: 1 }];
      const error = await failureOf(piecesOf(phone, NOWHERE, first));
      assert.ok(error instanceof PhoneFileError, String(error));
      await assert.rejects(piecesOf(phone, path, first, AbortSignal.abort("enough")), { code: "STOPPED" });
      for await (const _ of phone.readPieces(path, [...first, ...first, ...first])) break;
      assert.equal((await piecesOf(phone, path, first)).length, 1);
    },
  },
  {
    says: "gives several files side by side, each its own bytes",
    async holds({ phone, files: [one, other] }) {
      const inTurn = [await bytesOf(phone, one), await bytesOf(phone, other)];
      const together = await Promise.all([one, other, one].map((path) => bytesOf(phone, path)));
      assert.ok(together[0]!.equals(inTurn[0]!));
      assert.ok(together[1]!.equals(inTurn[1]!));
      assert.ok(together[2]!.equals(inTurn[0]!));
    },
  },
  {
    says: "may be left in the middle of a file or a listing, and is well afterwards",
    async holds({ phone, files: [path] }) {
      for await (const _ of phone.read(path)) break;
      for await (const _ of phone.list("/DCIM")) break;
      assert.ok((await phone.describe(path)) !== null);
      assert.ok((await bytesOf(phone, path)).length > 0);
    },
  },
  {
    says: "refuses a file that is not there, and a folder, as that one's trouble alone",
    async holds({ phone, files: [path] }) {
      for (const none of [NOWHERE, `${NOWHERE}/a`, "/DCIM"]) {
        const error = await failureOf(bytesOf(phone, none));
        assert.ok(error instanceof PhoneFileError, String(error));
        assert.equal(error.path, none);
        for (const said of [error.reason.code, error.reason.message, error.reason.remedy])
          assert.notEqual(said, "");
      }
      assert.ok((await bytesOf(phone, path)).length > 0);
    },
  },
  {
    says: "reads a file that is as expected",
    async holds({ phone, files }) {
      for (const path of files) {
        const expected = (await phone.describe(path))!;
        assert.equal((await bytesOf(phone, path, { expected })).length, expected.sizeBytes);
      }
    },
  },
  {
    says: "gives no byte of a file of a MiB and more that is not as expected, and of a smaller one only its own",
    needsOwner: true,
    async holds({ phone, owner }) {
      const path = "/DCIM/EXPECTED/IMG.MOV";
      for (const sizeBytes of [1_200_000, 5_000]) {
        const bytes = Buffer.alloc(sizeBytes, 7);
        owner!.put(path, bytes, DAY);
        const expected = (await phone.describe(path))!;
        for (const other of [
          { ...expected, sizeBytes: sizeBytes + 1 },
          { ...expected, modifiedAtMs: DAY + 1 },
        ]) {
          const given: Buffer[] = [];
          const reading = async () => {
            for await (const chunk of phone.read(path, { expected: other })) given.push(Buffer.from(chunk));
          };
          const error = await reading().catch((error: unknown) => error);
          // A smaller one may be given without being described again: its reader asks afterwards.
          if (sizeBytes < 1024 ** 2 && error === undefined) assert.ok(Buffer.concat(given).equals(bytes));
          else {
            assert.ok(error instanceof PhoneFileError, String(error));
            assert.equal(error.reason.code, "FILE_CHANGED");
            assert.equal(sizeBytes < 1024 ** 2 || given.length === 0, true);
          }
          assert.equal(isUnchanged(other, (await phone.describe(path))!), false);
        }
      }
    },
  },
  {
    says: "stops at once where it was told to before, keeps the reason, and is well afterwards",
    async holds({ phone, files: [path] }) {
      const signal = AbortSignal.abort("enough");
      for (const asked of [
        listed(phone, "/DCIM", signal),
        phone.describe(path, signal),
        bytesOf(phone, path, { signal }),
      ]) {
        const error = (await failureOf(asked)) as { code?: string; cause?: unknown };
        assert.equal(error.code, "STOPPED");
        assert.equal(error.cause, "enough");
      }
      assert.ok((await phone.describe(path)) !== null);
    },
  },
  {
    says: "stops in the middle of a file when it is told to, and is well afterwards",
    async holds({ phone, files: [path] }) {
      const stop = new AbortController();
      const reading = async () => {
        for await (const _ of phone.read(path, { signal: stop.signal })) stop.abort("enough");
      };
      assert.equal(((await failureOf(reading())) as { code?: string }).code, "STOPPED");
      assert.ok((await phone.describe(path)) !== null);
    },
  },
  {
    says: "answers nothing after it was put away, which may be done twice",
    async holds({ phone, files: [path] }) {
      await phone[Symbol.asyncDispose]();
      await phone[Symbol.asyncDispose]();
      for (const asked of [listed(phone, "/DCIM"), phone.describe(path), bytesOf(phone, path)])
        assert.equal(((await failureOf(asked)) as { code?: string }).code, "PHONE_GONE");
    },
  },
  {
    says: "knows names byte for byte: dots, case twins, both forms of an accent, line feeds, the longest",
    needsOwner: true,
    async holds({ phone, owner }) {
      const duplicates = owner!.keepsDuplicatesApart ? ["img.jpg", "e\u0301.JPG"] : [];
      const longest = `${"n".repeat(251)}.JPG`;
      const names = [".hidden", "IMG.JPG", "\u00e9.JPG", "a b\n.JPG", "🏖️.HEIC", longest, ...duplicates];
      for (const [at, name] of names.entries())
        owner!.put(`/DCIM/NAMES/.inner/${name}`, Uint8Array.of(at, at), DAY + at);
      const found = (await listed(phone, "/DCIM/NAMES")).filter(({ type }) => type === "file");
      assert.deepEqual(found.map(pathOf).sort(), names.map((name) => `/DCIM/NAMES/.inner/${name}`).sort());
      for (const [at, name] of names.entries())
        assert.deepEqual([...(await bytesOf(phone, `/DCIM/NAMES/.inner/${name}`))], [at, at]);
    },
  },
  {
    says: "keeps a file's time to the millisecond, and sees each change of it",
    needsOwner: true,
    async holds({ phone, owner }) {
      const path = "/DCIM/TIMES/IMG.JPG";
      owner!.put(path, Uint8Array.of(1), DAY + 7);
      const before = (await phone.describe(path))!;
      assert.equal(before.modifiedAtMs, DAY + 7);
      owner!.put(path, Uint8Array.of(1), DAY + 8);
      assert.equal(isUnchanged(before, (await phone.describe(path))!), false);
      owner!.put(path, Uint8Array.of(1), DAY + 7);
      assert.equal(before.sizeBytes, (await phone.describe(path))?.sizeBytes);
      owner!.put(path, Uint8Array.of(1, 2), DAY + 7);
      assert.equal(isUnchanged(before, (await phone.describe(path))!), false);
    },
  },
  {
    says: "has no chunk to give of a file without bytes",
    needsOwner: true,
    async holds({ phone, owner }) {
      owner!.put("/DCIM/EMPTY/IMG.JPG", new Uint8Array(0), DAY);
      for await (const _ of phone.read("/DCIM/EMPTY/IMG.JPG")) assert.fail("a chunk came");
      assert.equal((await phone.describe("/DCIM/EMPTY/IMG.JPG"))?.sizeBytes, 0);
    },
  },
  {
    says: "gives a file of many chunks whole, whatever the reader does between two of them",
    needsOwner: true,
    async holds({ phone, owner, files: [other] }) {
      const bytes = Uint8Array.from({ length: 1_300_001 }, (_, at) => (at * 31 + (at >> 11)) % 251);
      owner!.put("/DCIM/LONG/IMG.MOV", bytes, DAY);
      const parts: Buffer[] = [];
      for await (const chunk of phone.read("/DCIM/LONG/IMG.MOV")) {
        parts.push(Buffer.from(chunk)); // a chunk is lent until the next is asked for
        await bytesOf(phone, other);
      }
      assert.ok(parts.length > 1);
      assert.ok(Buffer.concat(parts).equals(bytes));
    },
  },
  {
    says: "lists an empty folder, and one that was only ever below DCIM stays out of another's listing",
    needsOwner: true,
    async holds({ phone, owner }) {
      owner!.makeFolder("/DCIM/1/EMPTY");
      owner!.makeFolder("/DCIM/10/OTHER");
      assert.deepEqual(await listed(phone, "/DCIM/1"), [{ type: "folder", path: "/DCIM/1/EMPTY" }]);
    },
  },
  {
    says: "tells links from files: they are listed as such, and neither followed, described nor read",
    needsOwner: true,
    async holds({ phone, owner, files: [path] }) {
      owner!.link("/DCIM/LINKS/to a file", path);
      owner!.link("/DCIM/LINKS/to a folder", "/DCIM");
      const entries = (await listed(phone, "/DCIM/LINKS")).sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
      assert.deepEqual(entries, [
        { type: "other", path: "/DCIM/LINKS/to a file" },
        { type: "other", path: "/DCIM/LINKS/to a folder" },
      ]);
      for (const entry of entries) {
        assert.equal(await phone.describe(pathOf(entry)), null);
        assert.ok((await failureOf(bytesOf(phone, pathOf(entry)))) instanceof PhoneFileError);
      }
    },
  },
  {
    says: "lists what it will not describe as unreadable, with the reason, and describes the others",
    needsOwner: true,
    async holds({ phone, owner, files: [path] }) {
      const { refused } = owner!;
      const entry = (await listed(phone, "/DCIM")).find((each) => pathOf(each) === refused);
      assert.equal(entry?.type, "unreadable");
      if (entry?.type !== "unreadable") return;
      for (const said of [entry.reason.code, entry.reason.message, entry.reason.remedy])
        assert.notEqual(said, "");
      assert.ok((await failureOf(phone.describe(refused))) instanceof PhoneFileError);
      assert.ok((await phone.describe(path)) !== null);
    },
  },
  {
    says: "tells of a folder that it will not open that it is one, and why nothing in it is listed",
    needsOwner: true,
    async holds({ phone, owner, files }) {
      const { shut } = owner!;
      const entries = await listed(phone, "/DCIM");
      const told = entries.filter((each) => pathOf(each).startsWith(shut));
      assert.deepEqual(told.map((each) => [each.type, pathOf(each)]).sort(), [
        ["folder", shut],
        ["unreadable", shut],
      ]);
      for (const file of files) assert.ok(entries.some((each) => pathOf(each) === file));
    },
  },
  {
    says: "goes on with a file as it was opened when another is put in its place, and gives the new one next",
    needsOwner: true,
    async holds({ phone, owner }) {
      const path = "/DCIM/REPLACED/IMG.MOV";
      const before = Buffer.alloc(1_200_000, 1);
      owner!.put(path, before, DAY);
      const expected = (await phone.describe(path))!;
      let [given, isMixed] = [0, false];
      for await (const chunk of phone.read(path, { expected })) {
        if (given === 0) owner!.put(path, Buffer.alloc(1_200_000, 2), DAY + 1);
        given += chunk.length;
        isMixed ||= Buffer.from(chunk).compare(before, 0, chunk.length) !== 0;
      }
      assert.deepEqual([given, isMixed], [before.length, false]);
      assert.ok((await bytesOf(phone, path)).equals(Buffer.alloc(1_200_000, 2)));
    },
  },
  {
    says: "knows nothing of a file that was deleted, and refuses to read it",
    needsOwner: true,
    async holds({ phone, owner }) {
      const path = "/DCIM/DELETED/IMG.JPG";
      owner!.put(path, Uint8Array.of(1), DAY);
      const expected = (await phone.describe(path))!;
      owner!.remove(path);
      assert.equal(await phone.describe(path), null);
      const error = await failureOf(bytesOf(phone, path, { expected }));
      assert.ok(error instanceof PhoneFileError, String(error));
      assert.equal(error.reason.code, "FILE_VANISHED");
      assert.deepEqual((await listed(phone, "/DCIM/DELETED")).map(pathOf), []);
    },
  },
];

async function listed(phone: Phone, folder: string, signal?: AbortSignal): Promise<PhoneEntry[]> {
  const entries: PhoneEntry[] = [];
  for await (const entry of phone.list(folder, signal)) entries.push(entry);
  return entries;
}

async function piecesOf(
  phone: Phone,
  path: string,
  pieces: readonly FilePiece[],
  signal?: AbortSignal,
): Promise<Buffer[]> {
  const given: Buffer[] = [];
  for await (const chunk of phone.readPieces(path, pieces, signal)) given.push(Buffer.from(chunk));
  return given;
}

async function bytesOf(
  phone: Phone,
  path: string,
  options: { offset?: number; expected?: PhoneFile; signal?: AbortSignal } = {},
): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of phone.read(path, options)) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

function pathOf(entry: PhoneEntry): string {
  return entry.type === "file" ? entry.file.path : entry.path;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => assert.fail("it did not fail"),
    (error: unknown) => error,
  );
}
