import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  CHECKSUM_LIST,
  checksumLine,
  extraFiles,
  readChecksumLine,
  readChecksumList,
  updateChecksumList,
} from "../../src/receipt/checksum-list.js";
import { recheckFolder } from "../../src/run/recheck-folder.js";

const nothingAside = async () => {
  throw new Error("nothing is in the way");
};

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hasSha256sum = spawnSync("sha256sum", ["--version"]).status === 0;
const whereAbsent = hasSha256sum ? "" : " (skipped: sha256sum is not here)";

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-list-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [place, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, place)), { recursive: true });
    writeFileSync(join(folder, place), content);
  }
  return folder;
}
const filesOf = (files: Record<string, string>) =>
  Object.entries(files).map(([place, content]) => ({ place, sha256: sha256(content) }));

const strange = {
  "DCIM/100APPLE/IMG_0001.JPG": "one",
  "DCIM/100APPLE/two words.JPG": "two",
  "DCIM/100APPLE/ leading and trailing .JPG ": "three",
  "DCIM/100APPLE/new\nline.JPG": "four",
  "DCIM/100APPLE/back\\slash\\n.JPG": "five",
  "DCIM/100APPLE/*star.JPG": "six",
  "DCIM/100APPLE/e\u0301\u{1f600}\u2028.JPG": "seven",
};

describe("the list beside a copy", () => {
  test("is read with the line ends of Windows and a byte order mark, and a name keeps what is its own", async () => {
    const files = { "a.JPG": "one", "b c.JPG": "two", "ends so\r": "three" };
    const folder = folderOf(files);
    const lines = filesOf(files).map(({ place, sha256: hash }) => `${hash}  ${place}`);
    writeFileSync(join(folder, CHECKSUM_LIST), `\ufeff${lines.join("\r\n")}\n`);
    const list = (await readChecksumList(folder))!;
    expect(new Set(list.keys())).toEqual(new Set(["a.JPG", "b c.JPG", "ends so\r"]));
    expect(await recheckFolder(folder, list)).toMatchObject({ ok: 3, missing: [], changed: [], extra: [] });
    // It is a list, so it is updated and not moved aside.
    expect(await updateChecksumList(folder, filesOf({ "a.JPG": "one" }), nothingAside)).toBeNull();
  });

  test.skipIf(!hasSha256sum)(`is what sha256sum writes, and what it checks${whereAbsent}`, async () => {
    const folder = folderOf(strange);
    await updateChecksumList(folder, filesOf(strange), nothingAside);
    const options = { cwd: folder, encoding: "utf8" } as const;
    execFileSync("sha256sum", ["--check", "--strict", "--quiet", CHECKSUM_LIST], options);
    const places = [...((await readChecksumList(folder)) ?? new Map<string, string>()).keys()];
    const theirs = execFileSync("sha256sum", ["--", ...places], options);
    expect(readFileSync(join(folder, CHECKSUM_LIST), "utf8")).toBe(theirs);
    writeFileSync(join(folder, "DCIM/100APPLE/new\nline.JPG"), "else");
    expect(spawnSync("sha256sum", ["-c", CHECKSUM_LIST], options).status).toBe(1);
  });

  test("is read back as it was written, whatever the names", () => {
    const name = fc
      .string({ minLength: 1, unit: "binary" })
      .filter((one) => !/[/\0]/.test(one) && !/^\.\.?$/.test(one));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const place = names.join("/");
        const line = checksumLine(place, sha256(place));
        expect(line.indexOf("\n")).toBe(line.length - 1);
        expect(readChecksumLine(line.slice(0, -1))).toEqual({ place, sha256: sha256(place) });
      }),
    );
  });

  test.each(["../x", "/etc/passwd", "a/../../x", "./x", "a//b"])(
    "leads nowhere outside of the folder: %s",
    (place) => {
      expect(readChecksumLine(`${sha256("")}  ${place}`)).toBeNull();
    },
  );

  test("keeps what an earlier copy imported and still has, drops the rest, is written only when it changes", async () => {
    const folder = folderOf({ "DCIM/a": "a", "DCIM/b": "b", "DCIM/c": "c" });
    await updateChecksumList(folder, filesOf({ "DCIM/a": "a", "DCIM/b": "b" }), nothingAside);
    rmSync(join(folder, "DCIM/b"));
    await updateChecksumList(folder, filesOf({ "DCIM/c": "c" }), nothingAside);
    expect(await readChecksumList(folder)).toEqual(
      new Map([
        ["DCIM/a", sha256("a")],
        ["DCIM/c", sha256("c")],
      ]),
    );
    const { ino } = statSync(join(folder, CHECKSUM_LIST));
    await updateChecksumList(folder, filesOf({ "DCIM/c": "c" }), nothingAside);
    expect(statSync(join(folder, CHECKSUM_LIST)).ino).toBe(ino);
    expect(readdirSync(folder).sort()).toEqual(["DCIM", CHECKSUM_LIST]);
    expect(await readChecksumList(folderOf({}))).toBeNull();
  });
});

test("a folder is checked by its list: missing, changed and extra files are three things", async () => {
  const files = { "DCIM/a": "a", "DCIM/b": "b", "DCIM/c": "c", "DCIM/d": "d" };
  const folder = folderOf({
    ...files,
    "Replaced/then/DCIM/a": "mine",
    "DCIM/.DS_Store": "",
    "DCIM/z/new": "n",
  });
  await updateChecksumList(folder, filesOf(files), nothingAside);
  rmSync(join(folder, "DCIM/b"));
  writeFileSync(join(folder, "DCIM/c"), "C");
  rmSync(join(folder, "DCIM/d"));
  mkdirSync(join(folder, "DCIM/d"));
  const list = (await readChecksumList(folder))!;
  expect(await recheckFolder(folder, list)).toEqual({
    ok: 1,
    missing: ["DCIM/b"],
    changed: ["DCIM/c", "DCIM/d"],
    unreadable: [],
    extra: ["DCIM/z/new"],
  });
  expect(await extraFiles(folder, () => true)).toEqual([]);
});
