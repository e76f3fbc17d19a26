import { join } from "node:path";
import vm from "node:vm";
import { describe, expect, it, onTestFinished } from "vitest";
import { jxaPhotosRights } from "../../src/jxa/jxa-photos-rights.js";
import { ScriptDeadlineError } from "../../src/jxa/run-script.js";
import { programText } from "../../src/jxa/script-text.js";
import { mayReadLibrary } from "../../src/jxa/scripts/may-read-library.js";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import { openVirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { ManualTime } from "../../src/virtual/photos/virtual-time.js";
import { temporaryFolder } from "./stand-in-osascript.js";

async function rightsOf(isOpen: boolean, ...how: PhotosFault[]) {
  const folder = await temporaryFolder();
  const time = new ManualTime();
  const photos = openVirtualPhotos(join(folder.path, "Virtual.photoslibrary"), { time });
  onTestFinished(async () => {
    photos.close();
    await folder[Symbol.asyncDispose]();
  });
  if (isOpen) photos.launch();
  photos.faults(how);
  return { photos, time, rights: jxaPhotosRights(runInProcess(photos, time)) };
}

describe("what macOS lets us do with Photos", () => {
  it.each([
    ["allowed", true, []],
    ["refused", true, [{ name: "refuses-events" }]],
    ["not-asked-yet", true, [{ name: "asks-permission", answer: "nobody" }]],
    ["photos-closed", false, []],
    ["photos-closed", false, [{ name: "refuses-events" }]],
  ] as const)(
    "is %s with Photos open: %s, and %j; no event is sent and nobody waits",
    async (right, isOpen, how) => {
      const { photos, time, rights } = await rightsOf(isOpen, ...how);
      const before = time.now().getTime();
      expect(await rights.mayControl()).toBe(right);
      expect(await rights.isRunning()).toBe(isOpen);
      expect(await rights.mayReadLibrary()).toBe("allowed");
      expect(photos.counters().total).toBe(0);
      expect(photos.running() !== null).toBe(isOpen);
      expect(time.now().getTime()).toBe(before);
    },
  );

  it("is an error where macOS answers what nobody knows, or nothing at all", async () => {
    const answers = (answer: number) =>
      jxaPhotosRights(async () => ({ ok: true, value: { answer } as never }));
    await expect(answers(-1700).mayControl()).rejects.toThrow("macOS answered -1700");
    const silent = jxaPhotosRights(async (script) => {
      throw new ScriptDeadlineError(script.name, 30_000);
    });
    await expect(silent.isRunning()).rejects.toThrow("did not answer photosRunning within 30 s");
  });
});

describe("mayReadLibrary", () => {
  const answering = (status: unknown) => {
    const context = vm.createContext({ ObjC: { import: () => {} }, $: { PHPhotoLibrary: status } });
    return jxaPhotosRights(async (script) => {
      vm.runInContext(programText(script.toString(), "argument"), context);
      return JSON.parse(vm.runInContext(`run(["null"])`, context));
    }).mayReadLibrary();
  };

  it.each([
    [0, "not-asked-yet"],
    [1, "refused"],
    ["2", "refused"],
    ["3", "allowed"],
    [4, "refused"],
    [77, "unknown"],
  ])("reads PHAuthorizationStatus %j, as number or text, as %s", async (authorizationStatus, right) => {
    expect(await answering({ authorizationStatus })).toBe(right);
  });

  it("is unknown where the bridge does not know PhotoKit", async () => {
    expect(await answering(undefined)).toBe("unknown");
    expect(mayReadLibrary()).toMatchObject({ ok: false, step: "ask whether the library may be read" });
  });
});
