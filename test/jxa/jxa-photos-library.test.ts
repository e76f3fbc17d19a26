import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/clock.js";
import { RollcallError } from "../../src/errors.js";
import { JxaPhotosLibrary } from "../../src/jxa/jxa-photos-library.js";
import { type RunScript, ScriptDeadlineError, type ScriptEnvelope } from "../../src/jxa/run-script.js";
import { PhotosEventError } from "../../src/photos/photos-library.js";
import type { PhotosInstance, PhotosProcess } from "../../src/photos/photos-process.js";
import { says } from "../says.js";

interface Asked {
  readonly script: string;
  readonly input: unknown;
  readonly deadlineMs: number;
}

type Answer = ScriptEnvelope<unknown> | Error;
const value = (value: unknown) => ({ ok: true, value }) as const;
const failure = (number: number) =>
  ({ ok: false, number, message: `said ${number}`, step: "a step" }) as const;

/** A library whose scripts answer what the test says, in order; and what they were asked. */
function libraryAnswering(given: Answer | Answer[]) {
  const answers = Array.isArray(given) ? given : [given];
  const asked: Asked[] = [];
  const starts: number[] = [];
  let running: PhotosInstance | null | "unknown" = { pid: 1, startedAt: new Date(0) };
  let now = 0;
  const runScript: RunScript = async (script, input, { deadlineMs }) => {
    asked.push({ script: script.name, input, deadlineMs });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer as ScriptEnvelope<never>;
  };
  const clock: Clock = {
    now: () => new Date(now),
    wait: async (ms, signal) => {
      signal?.throwIfAborted();
      now += ms;
    },
  };
  const photosProcess: PhotosProcess = {
    running: async () => running,
    start: async () => void starts.push(now),
    quit: async () => {},
    forceQuit: async () => {},
    openLibrary: async () => null,
  };
  const library = new JxaPhotosLibrary({ runScript, photosProcess, clock });
  return {
    library,
    asked,
    starts,
    timePassedMs: () => now,
    setRunning: (state: typeof running) => {
      running = state;
    },
  };
}

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("making Photos ready", () => {
  it("does not start a Photos that runs", async () => {
    const { library, starts } = libraryAnswering(value({ version: "10.0" }));
    expect(await library.makeReady()).toEqual({ version: "10.0" });
    expect(starts).toEqual([]);
  });

  it.each([null, "unknown"] as const)("starts it once when its state is %s", async (state) => {
    const { library, starts, setRunning } = libraryAnswering(value({ version: "10.0" }));
    setRunning(state);
    await library.makeReady();
    expect(starts).toHaveLength(1);
  });

  it("is patient with the failures of a cold start", async () => {
    const { library, timePassedMs } = libraryAnswering([
      failure(-600),
      failure(-1728),
      failure(-609),
      new ScriptDeadlineError("launchPhotos", 30_000),
      value({ version: "10.0" }),
    ]);
    expect(await library.makeReady()).toEqual({ version: "10.0" });
    expect(timePassedMs()).toBe(4_000);
  });

  it("gives up after 120 s, naming the last trouble", async () => {
    const { library, timePassedMs } = libraryAnswering(failure(-600));
    expect(await caught(library.makeReady())).toMatchObject({
      code: "PHOTOS_UNAVAILABLE",
      why: expect.stringContaining("-600"),
    });
    expect(timePassedMs()).toBeLessThanOrEqual(120_000);
    expect(timePassedMs()).toBeGreaterThan(110_000);
  });

  it.each([-1743, -1744])("says at once that permission is missing (%i)", async (number) => {
    const { library, asked } = libraryAnswering(failure(number));
    expect(await caught(library.makeReady())).toMatchObject({
      code: "PHOTOS_NOT_PERMITTED",
      remedy: says(/System Settings > Privacy & Security > Automation.*allow it when macOS asks/),
    });
    expect(asked).toHaveLength(1);
  });

  it("stops between two tries", async () => {
    const { library } = libraryAnswering(failure(-600));
    expect(await caught(library.makeReady(AbortSignal.abort()))).toMatchObject({ code: "STOPPED" });
  });
});

describe("importing", () => {
  const options = { albumId: "J/L0/040", timeoutMs: 300_000 };

  it("sends one script with the caller's deadline and hands on the ids", async () => {
    const { library, asked } = libraryAnswering(value({ ids: ["1/L0/001"] }));
    expect(await library.importFiles(["/a", "/b"], options)).toEqual({ ids: ["1/L0/001"] });
    expect(asked).toEqual([
      { script: "importFiles", input: { paths: ["/a", "/b"], albumId: "J/L0/040" }, deadlineMs: 300_000 },
    ]);
  });

  it.each([-1712, -1711, -609, -600])("may have happened after %i", async (number) => {
    const { library, asked } = libraryAnswering(failure(number));
    const error = await caught(library.importFiles(["/a"], options));
    expect(error).toBeInstanceOf(PhotosEventError);
    expect(error).toMatchObject({ number, mayHaveHappened: true });
    expect(asked).toHaveLength(1);
  });

  it.each([-10000, -1700, -1728, -43, -128, -2700, -12345])(
    "is over after %i, since Photos replied",
    async (number) => {
      const { library } = libraryAnswering(failure(number));
      expect(await caught(library.importFiles(["/a"], options))).toMatchObject({
        number,
        mayHaveHappened: false,
      });
    },
  );

  it("may have happened when our own deadline ended the wait", async () => {
    const deadline = new ScriptDeadlineError("importFiles", 1000);
    const { library } = libraryAnswering(deadline);
    expect(await caught(library.importFiles(["/a"], options))).toMatchObject({
      number: null,
      mayHaveHappened: true,
      cause: deadline,
    });
  });

  it("may have happened when osascript died or printed nonsense", async () => {
    const failed = new RollcallError("SCRIPT_FAILED", { message: "m", remedy: "r" });
    const { library } = libraryAnswering(failed);
    const error = await caught(library.importFiles(["/a"], options));
    expect(error).toBeInstanceOf(PhotosEventError);
    expect(error).toMatchObject({ number: null, mayHaveHappened: true, cause: failed });
  });

  it.each(["STOPPED", "NOT_MACOS", "OSASCRIPT_ABSENT"] as const)("lets %s through", async (code) => {
    const error = new RollcallError(code, { message: "m", remedy: "r" });
    const { library } = libraryAnswering(error);
    expect(await caught(library.importFiles(["/a"], options))).toBe(error);
  });

  it("says what Photos said, where, and with which number", async () => {
    const { library } = libraryAnswering(failure(-10000));
    const error = await caught(library.importFiles(["/a"], options));
    expect(String(error)).toMatch(/a step.*-10000.*said -10000/);
  });
});

describe("importing with an event built by hand", () => {
  const options = { albumId: "J/L0/040", timeoutMs: 1_800_000, event: "by-hand" } as const;

  it("gives the event a time-out just below the caller's", async () => {
    const { library, asked } = libraryAnswering([value({ ids: null })]);
    await library.importFiles(["/a"], options);
    expect(asked).toEqual([
      {
        script: "importFilesRaw",
        input: { paths: ["/a"], albumId: "J/L0/040", timeoutSeconds: 1_790 },
        deadlineMs: 1_800_000,
      },
    ]);
  });

  const notBuilt = { ok: false, number: -2700, message: "no bridge", step: "build" } as const;
  it.each([
    [failure(-1712), true],
    [failure(-10000), false],
    [failure(-1708), false],
    [notBuilt, false],
    [new ScriptDeadlineError("importFilesRaw", 1), true],
  ])("sends nothing else after it failed (%o): who sends it looks first", async (answer, mayHaveHappened) => {
    const { library, asked } = libraryAnswering([answer]);
    const error = await caught(library.importFiles(["/a"], options));
    expect(error).toBeInstanceOf(PhotosEventError);
    expect(error).toMatchObject({ mayHaveHappened });
    expect(asked).toHaveLength(1);
  });
});

it("a question waits no longer than one silent event, a change as long as two", async () => {
  const { library, asked } = libraryAnswering(value(null));
  await library.describeAlbum("A");
  await library.albumContents("A");
  await library.renameAlbum("A", "x");
  expect(asked.map(({ script, deadlineMs }) => [script, deadlineMs / 1000])).toEqual([
    ["describeAlbum", 150],
    ["albumContents", 150],
    ["renameAlbum", 300],
  ]);
});

describe("albums", () => {
  it("are found by name in any Unicode form, with case", async () => {
    const found = [
      { id: "1", name: "E\u0301te\u0301", length: 3 },
      { id: "2", name: "\u00e9t\u00e9", length: 4 },
    ];
    const { library } = libraryAnswering(value(found));
    expect(await library.findAlbums("\u00c9t\u00e9")).toEqual([found[0]]);
  });

  it("are made once and described as empty", async () => {
    const { library, asked } = libraryAnswering(value({ id: "A/L0/040" }));
    expect(await library.createAlbum("x")).toEqual({ id: "A/L0/040", name: "x", length: 0 });
    expect(asked.map(({ script }) => script)).toEqual(["createAlbum"]);
  });

  it("are null when gone, to describe and to read", async () => {
    const { library } = libraryAnswering(value(null));
    expect(await library.describeAlbum("A")).toBeNull();
    expect(await library.albumContents("A")).toBeNull();
  });

  it("are read as items", async () => {
    const { library } = libraryAnswering(value({ ids: ["1", "2"], filenames: ["a", "b"], sizes: [5, null] }));
    expect(await library.albumContents("A")).toEqual([
      { id: "1", filename: "a", sizeBytes: 5 },
      { id: "2", filename: "b", sizeBytes: null },
    ]);
  });

  it("that could not be read changed nothing", async () => {
    const { library } = libraryAnswering(new ScriptDeadlineError("albumContents", 1));
    expect(await caught(library.albumContents("A"))).toMatchObject({ number: null, mayHaveHappened: false });
  });

  it("that could not be changed in time may have been", async () => {
    const { library } = libraryAnswering(new ScriptDeadlineError("x", 1));
    for (const change of [
      library.createAlbum("x"),
      library.renameAlbum("A", "x"),
      library.deleteAlbum("A"),
      library.addToAlbum(["1"], "A"),
    ]) {
      expect(await caught(change)).toMatchObject({ mayHaveHappened: true });
    }
  });
});

it("items by id are asked for a hundred to a script, and unknown ones are absent", async () => {
  const { library, asked } = libraryAnswering([
    value([{ id: "0", filename: "a" }]),
    value([]),
    value([{ id: "249", filename: "z" }]),
  ]);
  const items = await library.describeItems(Array.from({ length: 250 }, (_, i) => String(i)));
  expect(asked.map(({ input }) => (input as { ids: string[] }).ids.length)).toEqual([100, 100, 50]);
  expect([...items.values()]).toEqual([
    { id: "0", filename: "a", sizeBytes: null },
    { id: "249", filename: "z", sizeBytes: null },
  ]);
});
