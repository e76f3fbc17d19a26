import { describe, expect, type TestContext, test, vi } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { AskedCommandHarness, askedImpossible } from "./asked-library.js";

// Ten seconds are waited in each, and a busy machine takes longer.
vi.setConfig({ testTimeout: 120_000 });
const needsQuestion = (context: TestContext) => context.skip(askedImpossible !== null, askedImpossible ?? "");

const BEHIND_THE_WINDOWS =
  "macOS may be asking whether Terminal may access your photos: look behind the windows.";

/** Resolves as soon as a running command has printed this. */
function printed(command: ReturnType<AskedCommandHarness["start"]>, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = "";
    for (const stream of [command.stdout, command.stderr])
      stream?.on("data", (some) => {
        seen += String(some);
        if (seen.includes(text)) resolve();
      });
    void command.then(() => reject(new Error(`it ended without saying ${JSON.stringify(text)}: ${seen}`)));
  });
}

describe("macOS asks whether the library may be read, and every look at it waits", () => {
  test("nobody answers: the import ends well, says why nothing is proved, and the next run is not refused", async (context) => {
    needsQuestion(context);
    await using harness = new AskedCommandHarness();
    await makeCameraRoll({ folder: harness.mediaFolder, photos: 3 });
    await harness.plugIn();
    const first = await harness.receiptOf("import");
    expect(first.exitCode).toBe(0);
    expect(first.totals.byAnswer).toMatchObject({ proved: 0 });
    expect(first.totals.byAnswer.present).toBeGreaterThan(0);
    expect(first.evidence).toMatchObject({ rung: 2, liftedBy: expect.stringContaining(BEHIND_THE_WINDOWS) });
    expect(harness.album("Last Import").length).toBeGreaterThan(0);
    const again = await harness.rollcall(["import"]);
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Nothing new") });
  });

  test("the answer comes in the middle of the import: all photos are proved, also those of before", async (context) => {
    needsQuestion(context);
    await using harness = new AskedCommandHarness();
    await makeCameraRoll({ folder: harness.mediaFolder, photos: 12 });
    await harness.plugIn();
    const importing = harness.start(["import", "--batch-items", "2"]);
    await printed(importing, BEHIND_THE_WINDOWS);
    harness.answer();
    const { exitCode, stdout, stderr } = await importing;
    expect(stderr).toContain("The Photos library may be read now");
    expect(stdout).toContain("all proved");
    expect(exitCode).toBe(0);
  });

  test("Ctrl-C ends verify, which says what it waits for; after the answer it proves", async (context) => {
    needsQuestion(context);
    await using harness = new AskedCommandHarness();
    await makeCameraRoll({ folder: harness.mediaFolder, photos: 2 });
    await harness.plugIn();
    await harness.rollcall(["import"]);
    const stoppedByHand = harness.start(["verify"]);
    await printed(stoppedByHand, "Waiting for the answer");
    stoppedByHand.kill("SIGUSR1");
    expect(await stoppedByHand).toMatchObject({ exitCode: 130 });

    const waiting = harness.start(["verify"]);
    await printed(waiting, `${BEHIND_THE_WINDOWS} Waiting for the answer`);
    harness.answer();
    expect(await waiting).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("proved") });
  });

  test("library waits, and reads it after the answer", async (context) => {
    needsQuestion(context);
    await using harness = new AskedCommandHarness();
    const waiting = harness.start(["library"]);
    await printed(waiting, "Waiting for the answer");
    harness.answer();
    expect(await waiting).toMatchObject({ exitCode: 0 });
  });

  test("a plan asks for nothing, an audit ends with status 4 and what to do, doctor ends", async (context) => {
    needsQuestion(context);
    await using harness = new AskedCommandHarness();
    await makeCameraRoll({ folder: harness.mediaFolder, photos: 1 });
    await harness.plugIn();
    expect(await harness.rollcall(["plan"])).toMatchObject({ exitCode: 0 });
    const audit = await harness.rollcall(["plan", "--audit"]);
    expect(audit).toMatchObject({ exitCode: 4, stderr: expect.stringContaining(BEHIND_THE_WINDOWS) });
    const { stdout } = await harness.rollcall(["doctor"]);
    expect(stdout).toContain("library can be read");
  });
});
