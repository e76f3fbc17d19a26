import { expect, test } from "vitest";
import { AfcStatusError } from "../../../src/usb/afc/afc-errors.js";
import type { AfcFileInfo } from "../../../src/usb/afc/afc-file-info.js";
import { type FolderSource, listTree } from "../../../src/usb/afc/list-tree.js";
import { Waiting } from "../../../src/usb/wire/waiting.js";

const file: AfcFileInfo = {
  fileType: "S_IFREG",
  sizeBytes: 1,
  blocks: null,
  linkCount: 1,
  modifiedAtNs: 0n,
  bornAtNs: null,
  linkTarget: null,
};

async function entriesOf(source: FolderSource, signal?: AbortSignal) {
  const entries = [];
  for await (const entry of listTree(source, "/DCIM", new Waiting(signal))) {
    entries.push([entry.type, entry.type === "file" ? entry.file.path : entry.path]);
  }
  return entries.sort();
}

test("names that could leave their folder are named as unreadable and never asked for", async () => {
  const asked: string[] = [];
  const source: FolderSource = {
    readDir: async () => [".", "..", "", "a", "a", "../../etc/passwd", "x".repeat(2_000)],
    getFileInfo: async (path) => {
      asked.push(path);
      return file;
    },
  };
  expect(await entriesOf(source)).toEqual([
    ["file", "/DCIM/a"],
    ["unreadable", "/DCIM/..:..:etc:passwd"],
    ["unreadable", `/DCIM/${"x".repeat(255)}`],
  ]);
  expect(asked).toEqual(["/DCIM/a"]);
});

test("a name that is no text is unreadable where the phone cannot find it by that name", async () => {
  const source: FolderSource = {
    readDir: async () => ["IMG_\uFFFD.JPG", "gone.JPG"],
    getFileInfo: async () => {
      throw new AfcStatusError("get-file-info", 8);
    },
  };
  expect(await entriesOf(source)).toEqual([["unreadable", "/DCIM/IMG_\uFFFD.JPG"]]);
});

test('a listed name whose description fails with "maybe absent" has an answer, because it was listed', async () => {
  const source: FolderSource = {
    readDir: async () => ["IMG_0001.JPG"],
    getFileInfo: async () => {
      throw new AfcStatusError("get-file-info", 4);
    },
  };
  expect(await entriesOf(source)).toEqual([["unreadable", "/DCIM/IMG_0001.JPG"]]);
});

test("a folder that contains itself for ever comes to an end", async () => {
  const source: FolderSource = {
    readDir: async () => ["again"],
    getFileInfo: async () => ({ ...file, fileType: "S_IFDIR" }),
  };
  const entries = await entriesOf(source);
  expect(entries.at(-1)?.[0]).toBe("unreadable");
  expect(entries.length).toBeLessThan(50);
});

test("at most 64 descriptions and 8 folders are asked for at a time, and many are", async () => {
  const most = { describing: 0, listing: 0 };
  const now = { describing: 0, listing: 0 };
  const during = async <T>(what: "describing" | "listing", answer: T): Promise<T> => {
    now[what] += 1;
    most[what] = Math.max(most[what], now[what]);
    await new Promise((resolve) => setImmediate(resolve));
    now[what] -= 1;
    return answer;
  };
  const source: FolderSource = {
    readDir: (path) =>
      during(
        "listing",
        Array.from({ length: path === "/DCIM" ? 30 : 100 }, (_, index) => `n${index}`),
      ),
    getFileInfo: (path) =>
      during("describing", path.split("/").length === 3 ? { ...file, fileType: "S_IFDIR" } : file),
  };
  expect((await entriesOf(source)).length).toBe(30 + 30 * 100);
  expect(most).toEqual({ describing: 64, listing: 8 });
});

test("leaving the loop stops the asking", async () => {
  let asked = 0;
  const source: FolderSource = {
    readDir: async () => Array.from({ length: 5_000 }, (_, index) => `n${index}`),
    getFileInfo: async () => {
      asked += 1;
      return file;
    },
  };
  for await (const _ of listTree(source, "/DCIM", new Waiting(undefined))) break;
  const askedAtEnd = asked;
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toBe(askedAtEnd);
  expect(asked).toBeLessThan(5_000);
});

test("a broken connection ends the listing with its error", async () => {
  const source: FolderSource = {
    readDir: async () => ["a", "b"],
    getFileInfo: async () => {
      throw new Error("the cable was pulled");
    },
  };
  await expect(entriesOf(source)).rejects.toThrow("the cable was pulled");
});
