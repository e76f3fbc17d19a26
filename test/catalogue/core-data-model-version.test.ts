import fc from "fast-check";
import { buildBinary } from "plist";
import { describe, expect, it } from "vitest";
import { modelVersionOf } from "../../src/catalogue/core-data-model-version.js";

const hashes = Object.fromEntries(
  Array.from({ length: 40 }, (_, number) => [`Entity${number}`, new Uint8Array(32)]),
);

describe("the model version in the metadata of a photo library", () => {
  it.each([7, 200, 13537, 19320, 4_000_000_000])("%i is found among other entries", (version) => {
    const list = buildBinary({ NSStoreModelVersionHashes: hashes, PLModelVersion: version, Z: "end" });
    expect(modelVersionOf(list)).toBe(version);
  });

  it("is null where the list does not say, or says no whole number", () => {
    expect(modelVersionOf(buildBinary({ Other: 1 }))).toBeNull();
    expect(modelVersionOf(buildBinary({ PLModelVersion: "13537" }))).toBeNull();
    expect(modelVersionOf(buildBinary(["PLModelVersion", 13537]))).toBeNull();
    expect(modelVersionOf(new Uint8Array(0))).toBeNull();
    expect(modelVersionOf(new TextEncoder().encode("<plist/>".repeat(20)))).toBeNull();
  });

  it("comes back with a number or null from whatever bytes, also from a list with spoilt ones", () => {
    const sound = buildBinary({ NSStoreModelVersionHashes: hashes, PLModelVersion: 13537 });
    const spots = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(spots, (changes) => {
        const spoilt = Uint8Array.from(sound);
        for (const [at, byte] of changes) spoilt[at] = byte;
        const version = modelVersionOf(spoilt);
        expect(version === null || Number.isSafeInteger(version)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
