import {
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimDataFolder } from "../../src/cli/process/folders.js";
import {
  claimWorkshop,
  clearWorkshop,
  mailboxFolder,
  removeMailbox,
} from "../../src/integrations/app/mailbox.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { giveName, partialBeside, writeOwnFile } from "../../src/owned-file.js";
import {
  adoptFolder,
  claimFolder,
  isMarked,
  isPassingName,
  MARKER,
  makePassingFolder,
  removeFrom,
  removeIfEmpty,
} from "../../src/owned-folder.js";
import { partialCopyName } from "../../src/transfer/resumable-copy.js";
import { removePartialCopiesOfRuns } from "../../src/transfer/staging-folder.js";
import { Home, isRoot, snapshot } from "./strangers.js";

const RUN = "1a0b0c0d-0000-4000-8000-00000000000e";
const isLog = ({ name }: { readonly name: string }) => name === "a.log";
let home: Home;
let folder: string;
beforeEach(() => {
  home = new Home();
  folder = home.path("logs");
});
afterEach(() => home[Symbol.dispose]());

describe("a folder", () => {
  test("that Rollcall makes is marked, in words that a person understands, and goes when it is empty", () => {
    claimFolder(folder, isLog);
    expect(readFileSync(join(folder, MARKER), "utf8")).toMatch(
      /^Rollcall made this folder\. It removes here .*\n$/,
    );
    claimFolder(folder, isLog);
    writeFileSync(join(folder, "notes.txt"), "mine");
    expect(removeIfEmpty(folder)).toBe(false);
    expect(readdirSync(folder)).toEqual([MARKER, "notes.txt"]);
    claimFolder(home.path("other"), isLog);
    expect(removeIfEmpty(home.path("other"))).toBe(true);
    expect(existsSync(home.path("other"))).toBe(false);
  });

  test("that was empty is used, and never removed", () => {
    mkdirSync(folder);
    claimFolder(folder, isLog);
    expect(isMarked(folder)).toBe(true);
    expect(removeIfEmpty(folder)).toBe(false);
  });

  test("of an earlier version is taken over with its own names in it, and with no other", () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "a.log"), "");
    adoptFolder(folder, isLog);
    expect(removeFrom(folder, isLog)).toEqual([join(folder, "a.log")]);
    mkdirSync(home.path("other"));
    for (const name of ["a.log", "b.log"]) writeFileSync(home.path("other", name), "");
    adoptFolder(home.path("other"), isLog);
    expect(() => claimFolder(home.path("other"), isLog)).toThrow(
      expect.objectContaining({ code: "FOLDER_NOT_OURS" }),
    );
    expect(removeFrom(home.path("other"), isLog)).toEqual([]);
  });

  test.skipIf(!isRoot)("with another user's file of its own name in it is not taken over", () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "a.log"), "");
    chownSync(join(folder, "a.log"), 54_321, 54_321);
    adoptFolder(folder, isLog);
    expect(isMarked(folder)).toBe(false);
    expect(() => claimFolder(folder, isLog)).toThrow(expect.objectContaining({ code: "FOLDER_NOT_OURS" }));
  });

  test.skipIf(!isRoot)("with a mark that another user put there is not marked", () => {
    claimFolder(folder, isLog);
    chownSync(join(folder, MARKER), 54_321, 54_321);
    expect(isMarked(folder)).toBe(false);
  });

  test("loses a tree only by a passing name or a mark of its own, and what a kill left half written", () => {
    claimFolder(folder, isLog);
    const { path } = makePassingFolder(folder, "phone-library");
    symlinkSync(home.own, join(path, "link"));
    mkdirSync(join(folder, "a.log"));
    const own = snapshot(home.own);
    expect(removeFrom(folder, (entry) => isPassingName(entry) || isLog(entry))).toEqual([path]);
    expect(snapshot(home.own)).toEqual(own);
    expect(readdirSync(folder)).toEqual([MARKER, "a.log"]);
  });
});

test("a file gets its name by no rename over what came to be there meanwhile", () => {
  const path = home.path("page.html");
  const partial = partialBeside(path);
  writeFileSync(partial, "page");
  const mayReplace = () => {
    throw new Error("it was free a moment ago");
  };
  giveName(partial, path, mayReplace);
  expect(readFileSync(path, "utf8")).toBe("page");
  expect(() => writeOwnFile(path, "other", { mode: 0o600, mayReplace: () => false })).toThrow(/in its way/);
  expect(readFileSync(path, "utf8")).toBe("page");
  writeOwnFile(path, "other", { mode: 0o600, mayReplace: () => true });
  expect(readFileSync(path, "utf8")).toBe("other");
  expect(readdirSync(home.folder).sort()).toEqual(["own", "page.html"]);
});

test.skipIf(!isRoot)(
  "a link of another user's to a data folder is not followed, and one's own is",
  async () => {
    await claimDataFolder(home.path("data"));
    symlinkSync(home.path("data"), home.path("link"));
    await claimDataFolder(home.path("link"));
    lchownSync(home.path("link"), 54_321, 54_321);
    await expect(claimDataFolder(home.path("link"))).rejects.toMatchObject({
      code: "FOLDER_NOT_OURS",
      message: expect.stringContaining("user 54321's"),
    });
  },
);

test("in a staging folder that a person named, partial copies go from folders of runs alone", async () => {
  const partial = partialCopyName();
  for (const name of ["Vacation", RUN]) {
    mkdirSync(home.path("Pictures", name), { recursive: true });
    writeFileSync(home.path("Pictures", name, partial), "half");
  }
  await removePartialCopiesOfRuns(home.path("Pictures"));
  expect(readdirSync(home.path("Pictures", "Vacation"))).toEqual([partial]);
  expect(readdirSync(home.path("Pictures", RUN))).toEqual([]);
});

test("a data folder in which a person's folder work lies alone is refused as it is", async () => {
  mkdirSync(home.path("data", "work"), { recursive: true, mode: 0o755 });
  writeFileSync(home.path("data", "work", "thesis.txt"), "a year");
  const before = snapshot(home.path("data"));
  await expect(claimDataFolder(home.path("data"))).rejects.toMatchObject({ code: "FOLDER_NOT_OURS" });
  expect(snapshot(home.path("data"))).toEqual(before);
});

test.skipIf(!isRoot)("a ledger that is another user's link is not opened", async () => {
  symlinkSync(join(home.own, "letter.txt"), home.path("ledger.sqlite"));
  lchownSync(home.path("ledger.sqlite"), 54_321, 54_321);
  await expect(LedgerDatabase.open(home.path("ledger.sqlite"))).rejects.toMatchObject({
    code: "FOLDER_NOT_OURS",
  });
});

test("another program's database of the ledger's name is left as it was, to the byte", async () => {
  for (const version of [0, 1]) {
    const path = home.path(`ledger ${version}.sqlite`);
    const theirs = new DatabaseSync(path);
    theirs.exec(`CREATE TABLE account (id INTEGER); PRAGMA user_version = ${version}`);
    theirs.close();
    const before = readFileSync(path);
    await expect(LedgerDatabase.open(path)).rejects.toMatchObject({
      code: "LEDGER_DAMAGED",
      why: expect.stringContaining("another program's database"),
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  }
});

test("an app half built by a killed set-up of an earlier version goes before the next, and at --remove", () => {
  const app = mailboxFolder({ home: home.folder });
  const halfBuilt = () => mkdirSync(join(app, "building", "Rollcall.app", "Contents"), { recursive: true });
  halfBuilt();
  expect(readdirSync(claimWorkshop({ home: home.folder }))).toEqual([MARKER]);
  clearWorkshop({ home: home.folder });
  halfBuilt();
  expect(removeMailbox({ home: home.folder })).toEqual([app]);
  expect(existsSync(app)).toBe(false);
});
