import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { temporaryFolder } from "../../src/cli/process/temporary-folder.js";
import { MARKER } from "../../src/owned-folder.js";
import { memoryDisk } from "../memory-disk.js";

/** Of a process that has ended. */
const ended = spawnSync(process.execPath, ["-e", "0"]).pid;
let tmp: string;
beforeEach(() => {
  tmp = mkdtempSync(join(memoryDisk, "rc-tmp-"));
  vi.stubEnv("TMPDIR", tmp);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(tmp, { recursive: true });
});

/** As a run leaves it that is killed. */
async function leave(name: string): Promise<string> {
  const made = await temporaryFolder();
  const path = join(tmp, name);
  mkdirSync(path);
  writeFileSync(join(path, MARKER), readFileSync(join(made.path, MARKER)));
  writeFileSync(join(path, "Photos.sqlite"), "a copy");
  await made[Symbol.asyncDispose]();
  return path;
}

test("what a killed run left in the temporary folder is removed by the next, with everything in it", async () => {
  const left = await leave(`rollcall-${ended}-aBc123`);
  await using made = await temporaryFolder();
  expect(existsSync(left)).toBe(false);
  expect(existsSync(made.path)).toBe(true);
});

test("what a run uses stays, and what has no mark, another name, or is a link", async () => {
  const used = await leave(`rollcall-${process.pid}-aBc123`);
  const renamed = await leave(`rollcall-${ended}-mine`);
  const unmarked = join(tmp, `rollcall-${ended}-dEf456`);
  mkdirSync(unmarked);
  const link = join(tmp, `rollcall-${ended}-gHi789`);
  symlinkSync(used, link);
  await using _made = await temporaryFolder();
  for (const path of [used, renamed, unmarked, link, join(used, "Photos.sqlite")])
    expect(existsSync(path), path).toBe(true);
});
