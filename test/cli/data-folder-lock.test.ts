import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { anotherWatch, lockDataFolder, lockWatch } from "../../src/cli/process/data-folder-lock.js";

const sqlite = fileURLToPath(import.meta.resolve("@photostructure/sqlite"));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-one-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const note = (role: string, holder: object) =>
  writeFileSync(join(folder, `${role}.json`), JSON.stringify(holder));

test("a second watch names the first process and its start; a watch and an import may run together", async () => {
  const first = (await lockWatch(folder))!;
  using _import = await lockDataFolder(folder);
  expect(await lockWatch(folder)).toBeNull();
  const { message, remedy } = anotherWatch(folder, "the log");
  expect(message).toMatch(
    new RegExp(`^A rollcall watch runs here already \\(process ${process.pid}, since \\d\\d:\\d\\d\\)\\.$`),
  );
  expect(remedy).toContain("setup agent --remove");
  await first.release();
  expect(existsSync(join(folder, "watching.lock")) || existsSync(join(folder, "watching.json"))).toBe(false);
  using second = await lockWatch(folder);
  expect(second).not.toBeNull();
});

test("since when is told with its day where that was another one", async () => {
  using _holder = await lockDataFolder(folder);
  note("at-work", { pid: process.pid, since: new Date(2026, 0, 2, 3, 4) });
  await expect(lockDataFolder(folder)).rejects.toMatchObject({
    message: `Another Rollcall is running here (process ${process.pid}, since 2 Jan 2026, 03:04).`,
  });
});

test.each([{ pid: "4711" }, { pid: -1 }, { pid: 999_999_999, since: "2026-11-22T10:00:00Z" }, {}])(
  "a note of %j names nobody, and the lock holds all the same",
  async (holder) => {
    using _holder = await lockDataFolder(folder);
    note("at-work", holder);
    await expect(lockDataFolder(folder)).rejects.toMatchObject({
      message: "Another Rollcall is running here.",
    });
  },
);

test("what a process that was killed held is free at once, whatever its note says", async () => {
  const program = `
    const { DatabaseSync } = require(${JSON.stringify(sqlite)});
    new DatabaseSync(${JSON.stringify(join(folder, "watching.lock"))}).exec("BEGIN EXCLUSIVE");
    console.log("held"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  note("watching", { pid: child.pid, since: new Date() });
  expect(await lockWatch(folder)).toBeNull();
  child.kill("SIGKILL");
  await once(child, "exit");
  note("watching", { pid: process.pid, since: new Date() });
  using taken = await lockWatch(folder);
  expect(taken).not.toBeNull();
});
