import { expect, test } from "vitest";
import type { FileRole, MediaItem } from "../../src/catalogue/media-item.js";
import type { KnownItem } from "../../src/ledger/ledger-entry.js";
import type { PhoneFile } from "../../src/phone/phone.js";
import { compareWithLedger, type LedgerMemory } from "../../src/plan/compare-with-ledger.js";

const STILL = "/DCIM/100APPLE/IMG_0001.JPG";
const RECIPE = "/DCIM/100APPLE/IMG_0001.AAE";

const file = (path: string): PhoneFile => ({ path, sizeBytes: 10, modifiedAtMs: 0, bornAtMs: null });
const withFiles = (...files: [FileRole, string][]) =>
  ({ key: STILL, files: files.map(([role, path]) => ({ role, file: file(path) })) }) as unknown as MediaItem;
const whole = withFiles(["original", STILL], ["adjustments", RECIPE]);
const entry: KnownItem = {
  id: 1,
  state: "imported",
  key: STILL,
  runId: "",
  attempts: 0,
  isOtherPhones: false,
  files: [
    { sha256: "still", answer: "proved" },
    { sha256: "recipe", answer: "proved" },
  ],
};

/** The ledger of a phone whose photo came with its recipe, but for what is other here. */
function ledger(changes: {
  readonly hashes?: Readonly<Record<string, string>>;
  readonly sameSize?: readonly string[];
  readonly entry?: Partial<KnownItem>;
}): LedgerMemory {
  const hashes = changes.hashes ?? { [STILL]: "still", [RECIPE]: "recipe" };
  const known = { ...entry, ...changes.entry };
  return {
    sightings: {
      hashSeen: ({ path }) => hashes[path] ?? null,
      wasSeenWithSize: ({ path }) => changes.sameSize?.includes(path) ?? false,
      wasSeenAt: () => true,
      isMarked: () => false,
    },
    items: {
      resemblesOtherPhones: () => false,
      importedFrom: () => null,
      itemsWithFile: (sha256) => (known.files.some((one) => one.sha256 === sha256) ? [known] : []),
    },
  };
}

test.each([
  ["holds all its files is known", ledger({}), { kind: "known", newEdits: [] }],
  [
    "holds another recipe than the phone has now is known, and its edit is new",
    ledger({ hashes: { [STILL]: "still", [RECIPE]: "another" } }),
    { kind: "known", newEdits: [RECIPE] },
  ],
  [
    "holds a recipe of the same size and another time is new until it is read: it may be unchanged",
    ledger({ hashes: { [STILL]: "still" }, sameSize: [RECIPE] }),
    { kind: "new" },
  ],
  ["was only staged is begun", ledger({ entry: { state: "staged" } }), { kind: "begun" }],
  [
    "another phone imported and Photos refused is new",
    ledger({
      entry: { isOtherPhones: true, files: [{ sha256: "still", answer: "failed" }] },
      hashes: { [STILL]: "still" },
    }),
    { kind: "new" },
  ],
])("a photo of which one entry of the ledger %s", (_what, memory, expected) => {
  expect(compareWithLedger(whole, memory)).toMatchObject(expected);
});

test("an entry that lacks the video of a Live Photo does not make it known", () => {
  const live = withFiles(["original", STILL], ["live-movie", "/DCIM/100APPLE/IMG_0001.MOV"]);
  expect(compareWithLedger(live, ledger({}))).toMatchObject({ kind: "new" });
});
