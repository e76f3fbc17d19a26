import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../src/make-folder.js";

test("a folder is made with those above it, for this user alone; making it again does no harm", () => {
  const top = mkdtempSync(join(tmpdir(), "rollcall-folder-"));
  const path = join(top, "a/b/c");
  makeFolder(path);
  makeFolder(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(top, "a")).mode & 0o777).toBe(0o700);
  rmSync(top, { recursive: true });
});

test.skipIf(process.platform !== "linux")(
  "where the system takes no folders it says so at once (Linux: /proc)",
  () => {
    expect(() => makeFolder("/proc/not-there/deeper")).toThrow(/ENOENT/);
  },
);
