import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandHarness } from "./command-harness.js";
import { layOutRealCameraRoll, whyNoRealData } from "./real-camera-roll.js";

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

test("real iPhone files go from a phone into Photos, and every byte is what their documentation says", async ({
  skip,
}) => {
  if (whyNoRealData !== undefined) skip(whyNoRealData);
  await using harness = new CommandHarness();
  const files = await layOutRealCameraRoll(harness.mediaFolder);
  await harness.plugIn();
  const receipt = await harness.receiptOf("import");
  expect(receipt.exitCode).toBe(0);

  const documented = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const originals = join(harness.photos.library.path, "originals");
  const resources = join(harness.photos.library.path, "resources");
  const kept = new Map<string, string[]>();
  for (const folder of [originals, resources]) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const uuid = /^[0-9A-F-]{36}/.exec(entry.name)?.[0] ?? "";
      kept.set(uuid, [...(kept.get(uuid) ?? []), sha256(join(entry.parentPath, entry.name))]);
    }
  }

  const answered = new Map(receipt.answers.map((answer) => [answer.path, answer]));
  expect([...answered.keys()].sort()).toEqual([...documented.keys()].sort());
  for (const [path, hash] of documented) {
    const answer = answered.get(path);
    if (answer?.answer === "set-aside") continue; // the sidecar whose video is not in the data
    expect(answer, path).toMatchObject({ answer: "proved", sha256: hash });
    expect(kept.get(answer!.photosId!.slice(0, 36)), path).toContain(hash);
  }
  expect(receipt.answers.filter(({ answer }) => answer === "set-aside").map(({ path }) => path)).toEqual([
    "/DCIM/100APPLE/IMG_O3932.AAE",
  ]);
  const livePhoto = ["HEIC", "MOV", "AAE"].map(
    (extension) => answered.get(`/DCIM/100APPLE/IMG_3582.${extension}`)?.photosId,
  );
  expect(new Set(livePhoto).size).toBe(1);
});
