import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { CommandHarness } from "./command-harness.js";

test("every photo of an import is proved; verify names one that rotted; another computer's audit finds all", async () => {
  await using harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder });
  await harness.plugIn();

  const receipt = await harness.receiptOf("import");
  expect(receipt.exitCode).toBe(0);
  expect(receipt.evidence).toEqual({ rung: 4, liftedBy: null });
  const imported = receipt.answers.filter(({ thisRun }) => thisRun);
  expect(new Set(imported.map(({ answer }) => answer))).toEqual(new Set(["proved"]));
  expect(readdirSync(join(harness.folder, "data", "staging"))).toEqual([]);

  harness.photos.resetCounters();
  const again = await harness.rollcall(["verify"]);
  expect(again.stdout).toMatch(/^\d+ photos \(\d+ files\) proved to the byte\./);
  expect(again.exitCode).toBe(0);

  const { path, photosId } = imported.find((answer) => answer.path.endsWith("IMG_0001.JPG"))!;
  const uuid = photosId!.slice(0, 36);
  const folder = join(harness.photos.library.path, "originals", uuid.charAt(0));
  const kept = join(folder, readdirSync(folder).find((name) => name.startsWith(`${uuid}.`))!);
  const bytes = readFileSync(kept);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(kept, bytes);
  const rotten = await harness.rollcall(["verify"]);
  expect(rotten.exitCode).toBe(3);
  expect(rotten.stdout).toContain(`${path}   differs: in its place the library keeps other bytes`);

  // A ledger that knows nothing: only the bytes tell.
  const audit = await harness.rollcall(["plan", "--audit"], {
    ROLLCALL_HOME: join(harness.folder, "other data"),
  });
  expect(audit.stderr).not.toContain("error");
  expect(audit.stdout).toMatch(/not in this library +1 /);
  expect(audit.stdout).toContain(path);
  expect(audit.exitCode).toBe(0);
  expect(harness.photos.counters().total).toBe(0);
});
