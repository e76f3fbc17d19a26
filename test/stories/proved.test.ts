import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { Table } from "./built-command.js";

test("every photo of an import is proved; verify names the one that rotted since; an audit by another computer finds all", async () => {
  await using table = new Table();
  await makeCameraRoll({ folder: table.mediaFolder });
  await table.plugIn();

  const receipt = await table.receiptOf("import");
  expect(receipt.exitCode).toBe(0);
  expect(receipt.evidence).toEqual({ rung: 4, liftedBy: null });
  const brought = receipt.answers.filter(({ thisRun }) => thisRun);
  expect(new Set(brought.map(({ answer }) => answer))).toEqual(new Set(["proved"]));
  expect(readdirSync(join(table.folder, "data", "staging"))).toEqual([]);

  table.photos.resetCounters();
  const again = await table.rollcall(["verify"]);
  expect(again.stdout).toMatch(/^\d+ photos \(\d+ files\) proved to the byte\./);
  expect(again.exitCode).toBe(0);

  const { path, photosId } = brought.find((answer) => answer.path.endsWith("IMG_0001.JPG"))!;
  const uuid = photosId!.slice(0, 36);
  const folder = join(table.photos.library.path, "originals", uuid.charAt(0));
  const kept = join(folder, readdirSync(folder).find((name) => name.startsWith(`${uuid}.`))!);
  const bytes = readFileSync(kept);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(kept, bytes);
  const rotten = await table.rollcall(["verify"]);
  expect(rotten.exitCode).toBe(3);
  expect(rotten.stdout).toContain(`${path}   differs: in its place the library keeps other bytes`);

  // A ledger that knows nothing: only the bytes tell.
  const audit = await table.rollcall(["plan", "--audit"], {
    ROLLCALL_HOME: join(table.folder, "other data"),
  });
  expect(audit.stderr).not.toContain("error");
  expect(audit.stdout).toMatch(/not in this library +1 /);
  expect(audit.stdout).toContain(path);
  expect(audit.exitCode).toBe(0);
  expect(table.photos.counters().total).toBe(0);
});
