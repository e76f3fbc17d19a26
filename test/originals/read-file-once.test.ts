import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isFingerprint, readFileOnce } from "../../src/originals/read-file-once.js";
import { allFacts } from "./facts.js";
import { hasRealLibraries, needsRealLibraries, realLibraries } from "./shared-data.js";
import { temporaryFolder } from "./small-library.js";

async function readingOf(bytes: Buffer, lookFor: readonly string[] = []) {
  const path = join(temporaryFolder(), "file");
  writeFileSync(path, bytes);
  await using file = await open(path);
  return await readFileOnce(file, { lookFor });
}

it.each([0, 1, 524_287, 524_288, 524_289, 1_500_000])("gives both hashes of %i bytes", async (length) => {
  const bytes = Buffer.alloc(length, "Rollcall");
  const salt = "com.apple.XattrObjectSalt\0com.apple.DataObjectSalt\0";
  const sha1 = createHash("sha1").update(salt).update(bytes).digest();
  expect(await readingOf(bytes)).toEqual({
    sizeBytes: length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    fingerprint: Buffer.concat([Buffer.of(1), sha1]).toString("base64"),
    found: new Set(),
  });
});

it("finds a text wherever it lies, also across two pieces, and no other", async () => {
  const text = "6C5A2F1E-0000-4000-8000-AB12CD34EF56";
  for (const at of [0, 1, 524_252, 524_253, 524_270, 524_287, 524_288, 1_048_570, 1_199_964]) {
    const bytes = Buffer.alloc(1_200_000, 0x2d);
    bytes.write(text, at, "latin1");
    expect([at, [...(await readingOf(bytes, [text, "something else"])).found]]).toEqual([at, [text]]);
  }
});

it("stops when asked, with the reason", async () => {
  const path = join(temporaryFolder(), "file");
  writeFileSync(path, Buffer.alloc(3_000_000));
  await using file = await open(path);
  await expect(readFileOnce(file, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
});

it.each([
  "",
  "AeEDxbF59PJG3L2U+Wh/7CQFM7O",
  "BeEDxbF59PJG3L2U+Wh/7CQFM7Ot",
  "AgEDxbF59PJG3L2U+Wh/7CQFM7Ot",
  null,
  7,
])("%j is no fingerprint that could be compared", (value) => {
  expect(isFingerprint(value)).toBe(false);
});

it.skipIf(!hasRealLibraries)(
  `every fingerprint of the real libraries is one${needsRealLibraries}`,
  async () => {
    const known = allFacts.flatMap(({ assets }) => assets.flatMap(({ fingerprint }) => fingerprint ?? []));
    expect(known.length).toBeGreaterThan(20);
    expect(known.filter((one) => !isFingerprint(one))).toEqual([]);
    const [first] = allFacts.flatMap(({ library, assets }) =>
      assets.flatMap(({ files }) =>
        files.flatMap(({ path, fingerprint, present }) =>
          present && fingerprint ? [{ library, path, fingerprint }] : [],
        ),
      ),
    );
    const bytes = readFileSync(join(realLibraries, first?.library ?? "", first?.path ?? ""));
    expect((await readingOf(bytes)).fingerprint).toBe(first?.fingerprint);
  },
);
