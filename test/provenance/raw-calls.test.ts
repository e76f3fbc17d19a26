import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/**
 * Who may remove, replace, empty, or change the mode of something by a call of the system's own, and why that is no
 * person's. Everybody else goes through `owned-file.ts` and `owned-folder.ts`, which look whose it is.
 * A new line here is a decision: see docs/decisions/027-provenance.md.
 */
const ALLOWED: Readonly<Record<string, readonly [calls: string, reason: string]>> = {
  "owned-file.ts": [
    "ftruncate link rename rm unlink writeFile",
    "the rule itself: a regular file of this user, by no link, that the caller knows",
  ],
  "owned-folder.ts": [
    "fchmod mkdtemp rm rmdir",
    "the rule itself: a folder of this user that is marked, or known by its content",
  ],
  "transfer/disk-work.ts": [
    "ftruncate futimes rename rm utimes",
    "copies that this process made under a new name (wx), or found by that name, of this user, with no second name",
  ],
  "transfer/copy-file.ts": ["rm", "a partial copy that this process made, by its random name"],
  "transfer/copy-items.ts": ["rename", "moves a person's file out of the way, to a free name"],
  "transfer/whole-copy.ts": ["utimes", "dates a file with the copy's own bytes, read just before; no link"],
  "transfer/disk-names.ts": ["mkdtemp rmdir unlink", "in the empty folder that was made the moment before"],
  "transfer/safe-file-name.ts": ["mkdtemp rmdir", "an empty folder that was made the moment before"],
  "receipt/receipt-json.ts": ["rm", "a partial file that this call made (wx), by its random name"],
  "receipt/page-pictures.ts": ["copyFile", "never over a file (COPYFILE_EXCL)"],
  "originals/library-copy.ts": ["chmod copyFile rm", "in the passing folder that this call made"],
  "cli/commands/report/run.ts": ["writeFile", "a new file (wx)"],
  "run/fetch-thumbnails.ts": ["writeFile", "in the passing folder that this call made"],
  "jxa/script-input.ts": ["writeFile", "a new file (wx), in the temporary folder that this call made"],
  "cli/commands/watch/watch-log.ts": [
    "rename",
    "in a marked folder, from one name of Rollcall's to another, both looked at",
  ],
  "integrations/app/mailbox.ts": ["rename", "in Rollcall.app's own folder: of two takers one gets the job"],
  "integrations/app/app-bundle.ts": [
    "rename",
    "a new bundle to a name that is free by then: no folder replaces a full one",
  ],
  // The virtual phone and the virtual Photos: below a folder that the demo made, or a package that bears their mark.
  "virtual/iphone/camera-roll.ts": [
    "utimes writeFile",
    "the virtual phone's media, in the demo's own empty folder",
  ],
  "virtual/iphone/phone-database.ts": [
    "copyFile ftruncate rm",
    "the virtual phone's media, in the demo's own empty folder",
  ],
  "virtual/iphone/virtual-usbmuxd.ts": ["chmod rm", "a socket of this user that nobody serves, and its own"],
  "virtual/photos/store-item.ts": ["copyFile", "inside a virtual library"],
  "virtual/photos/late-files.ts": ["rename", "inside a virtual library"],
  "virtual/photos/library-accidents.ts": ["rename rm", "inside a virtual library"],
  "virtual/photos/virtual-library.ts": ["writeFile", "inside a virtual library"],
};

const CALLS = [
  ...[
    "rm",
    "rmdir",
    "unlink",
    "rename",
    "link",
    "symlink",
    "cp",
    "copyFile",
    "truncate",
    "ftruncate",
    "mkdtemp",
  ],
  ...["chmod", "fchmod", "lchmod", "chown", "fchown", "lchown", "utimes", "lutimes", "futimes"],
  ...["writeFile", "appendFile", "createWriteStream"],
];
/** Through a module, as what `import * as fs` or `import()` gives. What a file handle is asked is not meant. */
const BY_MODULE = new RegExp(`\\b(?:fs|promises)\\.(${CALLS.join("|")})(?:Sync)?\\b`, "g");
const FROM_FS = /\bimport\s*\{([^}]*)\}\s*from\s*"node:fs(?:\/promises)?"/g;
const OUT_OF_FS = /\{([^}]*)\}\s*=\s*await import\("node:fs(?:\/promises)?"\)/g;
/** Opened so that it is emptied, made, or added to, and what it leads to with it. */
const RAW_OPEN = /(?<![.\w#])(?:fs\.)?open(?:Sync)?\([^;]*?,\s*"([wa]\+?|r\+)"/g;
const OPENED: Readonly<Record<string, string>> = {
  "cli/process/folders.ts": "a: the ledger, after it was looked at",
  "virtual/iphone/phone-database.ts": "r+: the virtual phone's media, in the demo's own empty folder",
};

const src = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "src");
const sources = readdirSync(src, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
  .sort();

/** Whole lines of comment only. */
function codeOf(path: string): string {
  return readFileSync(join(src, path), "utf8").replaceAll(/^[ \t]*(\/\/|\/\*|\*).*$/gm, "");
}

/** By the names that a file takes from the system's modules, whatever it calls them. */
function rawCallsIn(code: string): string {
  const taken = [...code.matchAll(FROM_FS), ...code.matchAll(OUT_OF_FS)]
    .flatMap(([, names = ""]) => names.split(","))
    .map((name) => /^\s*(\w+)/.exec(name)?.[1]?.replace(/Sync$/, "") ?? "");
  const asked = [...code.matchAll(BY_MODULE)].map(([, name = ""]) => name);
  return [...new Set([...taken, ...asked])]
    .filter((name) => CALLS.includes(name))
    .sort()
    .join(" ");
}

test("nobody removes, replaces, empties or changes the mode of anything but by the rules, or with a reason", () => {
  const found = Object.fromEntries(
    sources.map((path) => [path, rawCallsIn(codeOf(path))]).filter(([, calls]) => calls !== ""),
  );
  const allowed = Object.fromEntries(Object.entries(ALLOWED).map(([path, [calls]]) => [path, calls]));
  expect(found).toEqual(allowed);
});

test("nobody opens a file for writing that may be a person's, or a link", () => {
  const found = sources.filter((path) => [...codeOf(path).matchAll(RAW_OPEN)].length > 0);
  expect(found).toEqual(Object.keys(OPENED));
});

test("no file has the system's modules in another way than these tests can read", () => {
  const hidden = sources.filter((path) => /import (?:\* as )?(?!fs\b)\w+ from "node:fs/.test(codeOf(path)));
  expect(hidden).toEqual([]);
});

test.each([
  ['import { rm as remove, stat } from "node:fs/promises";', "rm"],
  ['import {\n  renameSync,\n  type Stats,\n} from "node:fs";', "rename"],
  ["fs.chmodSync(path, 0o700);", "chmod"],
  ["await promises.unlink(path)", "unlink"],
  ['const { rmSync } = await import("node:fs");', "rm"],
  ["this.#rename(a, b); handle.truncate(3);", ""],
  ['import { copyFile } from "./copy-file.js";', ""],
])("of %j these calls are found: %j", (code, calls) => {
  expect(rawCallsIn(code)).toBe(calls);
});
