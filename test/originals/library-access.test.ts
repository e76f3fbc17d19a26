import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Clock } from "../../src/clock.js";
import type { AskedInChild, AskInChild } from "../../src/originals/ask-in-child.js";
import { firstTouchWork } from "../../src/originals/first-touch-work.js";
import { ANSWER_WITHIN_MS, libraryAccess } from "../../src/originals/library-access.js";
import { libraryOriginals } from "../../src/originals/library-originals.js";
import { smallLibrary } from "./small-library.js";

const hasStrace = spawnSync("strace", ["-V"]).status === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-access-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A package whose database is a pipe: whoever opens that to read waits in the kernel, as for a person's answer. */
function waitingLibrary(): { readonly path: string; answer(): void } {
  const path = join(folder, "Waiting.photoslibrary");
  const pipe = join(path, "database/Photos.sqlite");
  mkdirSync(join(path, "database"), { recursive: true });
  execFileSync("mkfifo", [pipe]);
  return { path, answer: () => closeSync(openSync(pipe, "w")) };
}

/** Time that stands still until the test lets the deadline come. */
class Deadline implements Clock {
  readonly waits: { readonly ms: number; readonly come: () => void }[] = [];
  nowMs = 0;
  now = () => new Date(this.nowMs);
  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
      this.waits.push({ ms, come: resolve });
    });
  }
}

/** The work of the child, done here: for what it finds, not for where it waits. */
const work = firstTouchWork(createRequire(import.meta.url));
const askHere: AskInChild = (question) => ({
  answer: work(question),
  hold: () => () => {},
  cancel: () => {},
});

describe("where a library lies is found without touching it", () => {
  const access = libraryAccess({ app: null, ask: askHere });
  const mayBeBlind = libraryAccess({ app: null, ask: askHere, isCaseBlind: true });

  test("a package in a folder, and one behind links", async () => {
    const real = join(folder, "disk", "Fotos.photoslibrary");
    mkdirSync(real, { recursive: true });
    symlinkSync("disk", join(folder, "Pictures"));
    symlinkSync("disk/Fotos.photoslibrary", join(folder, "Linked.photoslibrary"));
    for (const path of [
      real,
      join(folder, "Pictures/Fotos.photoslibrary"),
      join(folder, "Linked.photoslibrary"),
    ])
      expect(await access.locate(path)).toEqual({ kind: "folder", path: real });
  });

  test("a file, a name that is nowhere, and links that lead in a circle", async () => {
    const file = join(folder, "Notes.photoslibrary");
    writeFileSync(file, "");
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    expect(await access.locate(file)).toEqual({ kind: "other", path: file });
    for (const name of ["Nowhere.photoslibrary", "no/folder/X.photoslibrary", "Notes.photoslibrary/x"])
      expect(await access.locate(join(folder, name))).toEqual({ kind: "absent", path: join(folder, name) });
    expect(await access.locate(join(folder, "a"))).toMatchObject({ kind: "absent" });
  });

  test("on a disk that takes a for A, as it is spelled there", async () => {
    const real = join(folder, "F\u00eate.photoslibrary");
    mkdirSync(real);
    const typed = join(folder, "FE\u0302TE.photoslibrary");
    expect(await mayBeBlind.locate(typed)).toEqual({ kind: "folder", path: real });
    expect(await access.locate(typed)).toMatchObject({ kind: "absent" });
  });

  test("with the free space of its disk, also of one that is not there yet", async () => {
    const space = await access.freeSpace(join(folder, "none/X.photoslibrary"));
    expect(space?.freeBytes).toBeGreaterThan(0);
    expect(await access.freeSpace(join(folder, "X.photoslibrary"))).toMatchObject({ volume: space?.volume });
  });

  test.skipIf(!hasStrace)("and the package is not looked at (strace needed)", () => {
    const path = join(folder, "Own.photoslibrary");
    mkdirSync(path);
    const trace = join(folder, "trace");
    const script = `
      import { libraryAccess } from ${JSON.stringify(join(import.meta.dirname, "../../dist/originals/library-access.js"))};
      const access = libraryAccess({ app: null });
      await access.locate(${JSON.stringify(path)});
      await access.freeSpace(${JSON.stringify(path)});`;
    execFileSync("strace", [
      ...["-f", "-qq", "-e", "trace=%file,getdents64", "-o", trace],
      ...[process.execPath, "--input-type=module", "-e", script],
    ]);
    const calls = readFileSync(trace, "utf8");
    expect(calls).toContain(`"${folder}"`);
    expect(calls).not.toContain(path);
  });
});

describe("the first touch of a library about which macOS asks somebody", () => {
  test("waits in a process of its own: this one goes on, is told after 10 s, and hears of the answer", async () => {
    const library = waitingLibrary();
    const clock = new Deadline();
    const access = libraryAccess({ app: "Terminal", clock });
    const touch = access.touch(library.path);
    const inTime = touch.inTime();
    expect(clock.waits.map(({ ms }) => ms)).toEqual([ANSWER_WITHIN_MS]);
    clock.waits[0]?.come();
    expect(await inTime).toBe(false);
    expect(touch.waiting).toMatchObject({
      code: "LIBRARY_NOT_ANSWERED",
      message: expect.stringContaining(
        "macOS may be asking whether Terminal may access your photos: look behind the windows.",
      ),
    });

    // Who comes later joins it, and waits for what is left of the 10 s.
    clock.nowMs = 4_000;
    const again = access.touch(library.path);
    expect(again).toBe(touch);
    const later = again.inTime();
    expect(clock.waits[1]?.ms).toBe(6_000);
    library.answer();
    expect(await later).toBe(true);
    await touch.answered();
    await touch.answer;
  });

  test("is answered by every library that may be read, is damaged, or is not there", async () => {
    const access = libraryAccess({ app: null, ask: askHere });
    for (const path of [smallLibrary().libraryPath, folder, join(folder, "nowhere")])
      expect(await access.touch(path).inTime()).toBe(true);
  });

  test("comes again where there was nothing yet: the disk of the library may have been away", async () => {
    const asked: string[] = [];
    const access = libraryAccess({
      app: null,
      ask: (question) => {
        asked.push(question.path);
        return askHere(question);
      },
    });
    const path = join(folder, "Away.photoslibrary");
    await access.touch(path).answered();
    mkdirSync(path);
    for (const touch of [access.touch(path), access.touch(path)]) await touch.answer;
    await access.touch(path).answered();
    expect(asked).toEqual([path, path]);
  });

  test("heeds Ctrl-C, and leaves nothing waiting", async () => {
    const { path } = waitingLibrary();
    const stop = new AbortController();
    const touch = libraryAccess({ app: null }).touch(path);
    const waits = [touch.inTime(stop.signal), touch.answered(stop.signal)];
    stop.abort();
    for (const wait of waits) await expect(wait).rejects.toMatchObject({ code: "STOPPED" });
  });

  test("that could not be begun is no answer, and is begun anew", async () => {
    const failing: AskInChild = (): AskedInChild => ({
      answer: Promise.resolve({ kind: "failed", message: "spawn EAGAIN" }),
      hold: () => () => {},
      cancel: () => {},
    });
    const access = libraryAccess({ app: null, ask: failing });
    const touch = access.touch(folder);
    expect(await touch.inTime()).toBe(false);
    await expect(touch.answered()).rejects.toMatchObject({ code: "LIBRARY_UNREADABLE", why: "spawn EAGAIN" });
    expect(access.touch(folder)).not.toBe(touch);
  });

  test("keeps no process from ending, also one whose child is stopped", async () => {
    const { path } = waitingLibrary();
    const script = `
      import { libraryAccess } from ${JSON.stringify(join(import.meta.dirname, "../../dist/originals/library-access.js"))};
      const clock = { now: () => new Date(), wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 1000)) };
      const touch = libraryAccess({ app: null, clock }).touch(${JSON.stringify(path)});
      touch.answer.then(() => console.log("answered"));
      console.log(await touch.inTime());
      await new Promise((resolve) => process.stdin.once("data", resolve));
      process.stdin.destroy();`;
    const asking = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => asking.once("close", resolve));
    await new Promise((resolve) => asking.stdout.once("data", resolve));
    const [child] = execFileSync("pgrep", ["-P", String(asking.pid)], { encoding: "utf8" })
      .trim()
      .split("\n");
    process.kill(Number(child), "SIGSTOP");
    asking.stdin.write("end\n");
    expect(await ended).toBe(0);
    // Gone, or dead and not yet taken note of by the process that inherited it.
    const state = () =>
      spawnSync("ps", ["-o", "stat=", "-p", String(child)], { encoding: "utf8" }).stdout.trim();
    await vi.waitFor(() => expect(state()).toMatch(/^(Z.*)?$/));
  });

  test("is what a run waits for, no longer than 10 s; the library is opened when the answer comes", async () => {
    const { libraryPath } = smallLibrary();
    const clock = new Deadline();
    let answer = () => {};
    const ask: AskInChild = () => ({
      answer: new Promise((resolve) => {
        answer = () => resolve({ kind: "touched" });
      }),
      hold: () => () => {},
      cancel: () => {},
    });
    const originals = libraryOriginals({
      workFolder: folder,
      access: libraryAccess({ app: null, ask, clock }),
    });
    const opening = originals.open(libraryPath);
    clock.waits[0]?.come();
    const unanswered = await opening;
    if (!("later" in unanswered)) throw new Error("nobody was asked");
    expect(unanswered.message).toContain("whether this program may access your photos");
    answer();
    expect(await unanswered.later).toMatchObject({ path: libraryPath });
  });
});
