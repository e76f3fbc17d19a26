import { describe, expect, test } from "vitest";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import { ImportHarness } from "../run/import-harness.js";
import { jpeg, phoneWith } from "../run/small-phones.js";

const request = { withoutPhoneLibrary: true } as const;
const MINUTE_MS = 60_000;

function photos(count: number) {
  const files = Array.from({ length: count }, (_, at) => [
    `/DCIM/100APPLE/IMG_000${at + 1}.JPG`,
    jpeg(at + 1),
  ]);
  return phoneWith(Object.fromEntries(files) as Record<string, Buffer>);
}

/** A message comes up in Photos at the import event, once, and no event under it ever ends. */
const blocks: PhotosFault[] = [
  { name: "sheets-differ", blocksForGood: true },
  { name: "poison-file", names: "^IMG_", manner: "alert", times: 1 },
];
const hangs: PhotosFault[] = [
  { name: "sheets-differ", blocksForGood: true },
  { name: "poison-file", names: "^IMG_", manner: "alert" },
];

/** The longest deadline of any script, and how long the run took, in minutes. */
async function watched(harness: ImportHarness, run: () => Promise<unknown>) {
  const deadlines = new Map<string, number>();
  const whole = harness.runScript;
  harness.runScript = (script, input, options) => {
    deadlines.set(script.name, Math.max(options.deadlineMs, deadlines.get(script.name) ?? 0));
    return whole(script, input, options);
  };
  const startedMs = harness.clock.now().getTime();
  const ended = await run().then(
    () => "finished",
    (error: { code?: string }) => error.code,
  );
  return { ended, deadlines, minutes: (harness.clock.now().getTime() - startedMs) / MINUTE_MS };
}

describe("a Photos that answers nothing any more after an event of a few kilobytes", () => {
  test("is ended within some minutes where Rollcall had started it, and all photos come in the same run", async () => {
    using harness = new ImportHarness();
    harness.photos.faults(blocks);
    const { ended, minutes, deadlines } = await watched(harness, () => harness.import(photos(3), request));
    expect(ended).toBe("finished");
    expect(deadlines.get("importFiles")! / MINUTE_MS).toBeLessThan(3);
    expect(minutes).toBeLessThan(9);
    expect(harness.itemCount()).toBe(3);
    expect(harness.events).toContainEqual({ type: "relaunching", because: "it does not answer" });
  });

  test("is the person's if they opened it: it is reported, and the run ends within a quarter of an hour", async () => {
    using harness = new ImportHarness();
    harness.photos.launch();
    harness.photos.faults(hangs);
    const { ended, minutes } = await watched(harness, () => harness.import(photos(3), request));
    expect(ended).toBe("PHOTOS_UNAVAILABLE");
    expect(minutes).toBeLessThan(15);
    expect(harness.events).toContainEqual(expect.objectContaining({ type: "notice", code: "PHOTOS_SILENT" }));

    harness.photos.faults(null);
    harness.photos.answerSheet("ok");
    harness.photos.end();
    await harness.import(photos(3), request);
    expect(harness.itemCount()).toBe(3);
  });

  test("goes on where the person clicks the message away while the run waits for them", async () => {
    using harness = new ImportHarness();
    harness.photos.launch();
    harness.photos.faults(blocks);
    const whole = harness.runScript;
    harness.runScript = (script, input, options) => {
      if (harness.events.some((event) => event.type === "notice" && event.code === "PHOTOS_SILENT"))
        harness.photos.answerSheet("ok");
      return whole(script, input, options);
    };
    const { answersByPath } = await harness.import(photos(1), request);
    // What they did with it nobody knows, as long as that Photos is open.
    expect([...answersByPath.values()]).toEqual(["unknown"]);
  });

  test.each([
    { isTheirs: false, ends: "finished" },
    { isTheirs: true, ends: "PHOTOS_UNAVAILABLE" },
  ])(
    "is given a quarter of an hour at most when it falls silent at a question (theirs: $isTheirs)",
    async ({ isTheirs, ends }) => {
      using harness = new ImportHarness();
      if (isTheirs) harness.photos.launch();
      harness.photos.faults({ name: "stops-answering", manner: "blocks-for-good", atEvent: 14 });
      const { ended, minutes } = await watched(harness, () => harness.import(photos(3), request));
      expect(ended).toBe(ends);
      expect(minutes).toBeLessThan(15);
    },
  );
});
