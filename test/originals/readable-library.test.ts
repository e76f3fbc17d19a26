import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isLibraryNotPermitted } from "../../src/originals/library-trouble.js";
import { requireReadable } from "../../src/originals/readable-library.js";

let library: string;
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), "rc-"));
  mkdirSync(join(library, "database"));
  writeFileSync(join(library, "database", "Photos.sqlite"), "SQLite format 3\0and so on");
});
afterEach(() => rmSync(library, { recursive: true }));

test("a library whose database and originals can be opened is readable, with originals or without any yet", async () => {
  await requireReadable(library);
  mkdirSync(join(library, "originals"));
  await requireReadable(library);
});

test.each([
  ["nothing", () => rmSync(join(library, "database"), { recursive: true })],
  ["something else", () => writeFileSync(join(library, "database", "Photos.sqlite"), "text")],
])("a package with %s in the place of its database is no library", async (_what, change) => {
  change();
  await expect(requireReadable(library)).rejects.toMatchObject({ code: "BAD_USAGE" });
});

test.skipIf(process.getuid?.() === 0)("what the system keeps from us is a matter of rights", async () => {
  chmodSync(join(library, "database"), 0o000);
  const error = await requireReadable(library).catch((reason: unknown) => reason);
  chmodSync(join(library, "database"), 0o700);
  expect(isLibraryNotPermitted(error)).toBe(true);
});
