import { test } from "vitest";
import { type PhotosFault, photosFaults } from "../../src/virtual/photos/photos-fault.js";
import { sampled } from "../sampled.js";
import { ImportHarness } from "./import-harness.js";
import { expectHonest, importInTrouble } from "./photos-in-trouble.js";
import { jpeg, mov, phoneWith } from "./small-phones.js";

const onPhone = {
  "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
  "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2, "LIVE"),
  "/DCIM/100APPLE/IMG_0002.MOV": mov(2, "LIVE"),
  "/DCIM/100APPLE/IMG_0003.JPG": jpeg(3),
};
const faults = photosFaults
  .flatMap(({ examples }) => examples)
  .filter(({ name }) => name !== "hides-items")
  .flatMap((how) => ["plain", "by-hand"].map((event) => ({ how, event })));

/** The library's own bytes tell before anything is sent a second time. */
for (const { how, event } of sampled(faults, 20)) {
  const options = Object.entries(how).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  test(`a photo hidden from scripts comes once, whatever else happens: ${options.join(", ")}, ${event} event`, async () => {
    for (const atEvent of [1, 18]) {
      using harness = new ImportHarness();
      const limits = { items: 2, bytes: 1e9, ...(event === "by-hand" && { firstBytes: 1 }) };
      const faults: PhotosFault[] = [
        { name: "hides-items", names: "^IMG_000[23]\\." },
        { ...how, atEvent } as PhotosFault,
      ];
      const request = { withoutPhoneLibrary: true, batchLimits: limits };
      try {
        expectHonest(await importInTrouble(harness, phoneWith(onPhone), request, { faults, stops: [] }));
      } catch (error) {
        throw new Error(`under ${JSON.stringify(faults)}: ${(error as Error).message}`, { cause: error });
      }
    }
  });
}
