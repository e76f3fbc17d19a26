import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { JxaPhotosProcess, type JxaPhotosProcessDeps } from "../../src/jxa/jxa-photos-process.js";
import { type RunScript, ScriptDeadlineError } from "../../src/jxa/run-script.js";
import { PhotosEventError } from "../../src/photos/photos-library.js";
import { directAccess } from "../direct-access.js";
import { standIn, temporaryFolder } from "./stand-in-osascript.js";

function processAnswering(answer: object | Error, more: Partial<JxaPhotosProcessDeps> = {}) {
  const asked: unknown[] = [];
  const runScript: RunScript = async (script, input) => {
    asked.push([script.name, input]);
    if (answer instanceof Error) throw answer;
    return answer as never;
  };
  return {
    asked,
    photosProcess: new JxaPhotosProcess({ runScript, access: directAccess, macPrograms: null, ...more }),
  };
}

const running = (value: object) => ({
  ok: true,
  value: { running: true, pid: null, launchedAtMs: null, ...value },
});

describe("the program Photos, without the programs of a Mac", () => {
  it("is known by process and start", async () => {
    const { photosProcess } = processAnswering(running({ pid: 42, launchedAtMs: 1_000 }));
    expect(await photosProcess.running()).toEqual({ pid: 42, startedAt: new Date(1_000) });
  });

  it("keeps one start time for one process where the system noted none", async () => {
    const { photosProcess } = processAnswering(running({ pid: 42 }));
    expect(await photosProcess.running()).toEqual(await photosProcess.running());
  });

  it("is unknown where only the yes could be found out, and null when it does not run", async () => {
    expect(await processAnswering(running({})).photosProcess.running()).toBe("unknown");
    expect(await processAnswering(running({ running: false })).photosProcess.running()).toBeNull();
  });

  it("is unknown where the question itself fails, since nothing must be sent again on a guess", async () => {
    const failed = { ok: false, number: -2700, message: "Application can't be found.", step: "" };
    expect(await processAnswering(failed).photosProcess.running()).toBe("unknown");
    const late = new ScriptDeadlineError("photosRunning", 1);
    expect(await processAnswering(late).photosProcess.running()).toBe("unknown");
  });

  it("is ended without being asked by its pid alone", async () => {
    const { photosProcess, asked } = processAnswering({ ok: true, value: { ended: true } });
    await photosProcess.forceQuit({ pid: 41, startedAt: new Date(0) });
    expect(asked).toEqual([["forceQuitPhotos", { pid: 41 }]]);
  });

  it("is asked to quit by a script, and a refusal is said", async () => {
    const { photosProcess, asked } = processAnswering({ ok: true, value: null });
    await photosProcess.quit();
    expect(asked).toEqual([["quitPhotos", undefined]]);
    const busy = { ok: false, number: -128, message: "", step: "quit" };
    await expect(processAnswering(busy).photosProcess.quit()).rejects.toBeInstanceOf(PhotosEventError);
  });

  it("is started by a script, which need not get an answer from Photos yet", async () => {
    const slow = { ok: false, number: -600, message: "", step: "version" };
    const { photosProcess, asked } = processAnswering(slow);
    await photosProcess.start();
    expect(asked).toEqual([["launchPhotos", { launch: true }]]);
    await processAnswering(new ScriptDeadlineError("launchPhotos", 1)).photosProcess.start();
  });

  it("is not started when macOS does not permit it, and that is said", async () => {
    const { photosProcess } = processAnswering({ ok: false, number: -1743, message: "", step: "launch" });
    await expect(photosProcess.start()).rejects.toMatchObject({ code: "PHOTOS_NOT_PERMITTED" });
  });

  it("has the library that the person named, and no other", async () => {
    const named = processAnswering(running({ pid: 1 }), { configuredLibrary: "/p/My.photoslibrary" });
    expect(await named.photosProcess.openLibrary()).toBe("/p/My.photoslibrary");
    expect(named.asked).toEqual([]);
    expect(await processAnswering(running({ pid: 1 })).photosProcess.openLibrary()).toBeNull();
  });
});

describe("the program Photos, with the programs of a Mac", () => {
  it("is started by `open`, in the background and hidden, and by no script", async () => {
    await using folder = await temporaryFolder();
    const seen = join(folder.path, "seen");
    const open = await standIn(
      folder.path,
      `require("node:fs").writeFileSync(${JSON.stringify(seen)}, process.argv.slice(2).join(" "));`,
    );
    const { photosProcess, asked } = processAnswering(running({}), {
      macPrograms: { open, lsof: "/nowhere" },
    });
    await photosProcess.start();
    expect(await readFile(seen, "utf8")).toBe("-gj -a Photos");
    expect(asked).toEqual([]);
  });

  it("is started by a script where `open` is absent or fails", async () => {
    await using folder = await temporaryFolder();
    const failing = await standIn(folder.path, "process.exitCode = 1;");
    for (const open of ["/nowhere/open", failing]) {
      const { photosProcess, asked } = processAnswering(
        { ok: true, value: { version: "10.0" } },
        { macPrograms: { open, lsof: "/nowhere" } },
      );
      await photosProcess.start();
      expect(asked).toEqual([["launchPhotos", { launch: true }]]);
    }
  });

  it("tells its library by lsof, whose status does not matter, and none where lsof is absent", async () => {
    await using folder = await temporaryFolder();
    const lsof = await standIn(
      folder.path,
      `console.log("p" + process.argv.at(-1) + "\\nn/L/Été " + process.argv.at(-1) + ".photoslibrary/database/Photos.sqlite"); process.exitCode = 1;`,
    );
    const at = (lsof: string) =>
      processAnswering(running({ pid: 42 }), { macPrograms: { open: "/nowhere", lsof } }).photosProcess;
    expect(await at(lsof).openLibrary()).toBe("/L/Été 42.photoslibrary");
    expect(await at("/nowhere/lsof").openLibrary()).toBeNull();
  });

  it("is left alone when the caller had stopped", async () => {
    const macPrograms = { open: "/nowhere/open", lsof: "/nowhere/lsof" };
    const { photosProcess, asked } = processAnswering(running({}), { macPrograms });
    await expect(photosProcess.start(AbortSignal.abort())).rejects.toMatchObject({ code: "STOPPED" });
    expect(asked).toEqual([]);
  });
});
