import { expect, test } from "vitest";
import { type ConfirmDeps, confirmAbsent, confirmByBytes } from "../../src/import/confirm-absent.js";
import type { Lookup } from "../../src/import/find-imported.js";
import type { SentItem } from "../../src/import/imported-item.js";
import type { FoundByBytes } from "../../src/import/library-bytes.js";
import { pollUntilAccountedFor } from "../../src/import/poll-until-accounted-for.js";
import type { ShownByPhotos } from "../../src/ledger/ledger-entry.js";
import { QuickClock } from "../phone/quick-clock.js";

const begunAt = new Date("2026-11-22T00:00:00Z");
const before = new Date(begunAt.getTime() - 60_000);
const item: SentItem = {
  ledgerId: 1,
  excludedFiles: new Map(),
  files: [{ role: "original", path: "/DCIM/1.JPG", name: "1.JPG", copyPath: "/s/1.JPG", sizeBytes: 5 }],
};
const nothing: Lookup = { outcomes: [], absent: [item], mayBeThere: false, unexplained: [], extra: [] };

/** One photo was sent and is never listed. `counts`: how many items the library lists, at one look after the other. */
function deps({ counts = [0], bytes }: { counts?: number[]; bytes?: FoundByBytes | "not-there" | null }) {
  const clock = new QuickClock();
  let looks = 0;
  const shown: ShownByPhotos[] = [];
  const entry = { id: 1, state: "sent", files: [{ path: "/DCIM/1.JPG", photosId: null }] };
  const ledger = {
    items: {
      get: () => entry,
      itemsOfRun: () => [],
      renderingsOfRun: () => [],
      isKnownPhotosId: () => false,
    },
    together: (work: () => unknown) => work(),
    extraCopies: { ofRun: () => [] },
    batches: { recordShown: (_batch: number, what: ShownByPhotos) => shown.push(what) },
  };
  const found = new Map(bytes == null ? [] : [[1, bytes]]);
  const options = {
    ledger,
    clock,
    runId: "run",
    journal: { open: async () => "album", contents: async () => [], add: async () => {} },
    session: { ask: { countItems: async () => counts[Math.min(looks++, counts.length - 1)]! } },
    libraryBytes: async () => (bytes === undefined ? null : { find: async () => found }),
  } as unknown as ConfirmDeps;
  return { options, clock, shown, looks: () => looks, begunMs: clock.now().getTime() };
}

const seen = (addedAt: Date): FoundByBytes => ({ photosId: "A/L0/001", addedAt, findings: [] });

test.each([
  ["nobody may read the library", undefined, false],
  ["the library may be another one", null, false],
  ["the library holds nothing of it", "not-there" as const, false],
  ["the library held its bytes before", seen(before), true],
])(
  "what no script lists is sent again only where its bytes are not there: %s",
  async (_what, bytes, mayBeThere) => {
    const { options } = deps(bytes === undefined ? {} : { bytes });
    const look = await confirmByBytes(nothing, { begunAt }, options);
    expect([look.absent, look.mayBeThere]).toEqual([[item], mayBeThere]);
  },
);

test("what may be there by one of two looks is not absent for sure, unless the library's bytes say so", async () => {
  const first = { ...nothing, mayBeThere: true };
  const how = { id: 1, itemsBefore: null, begunAt };
  expect((await confirmAbsent([item], first, how, deps({}).options)).mayBeThere).toBe(true);
  expect((await confirmAbsent([item], nothing, how, deps({}).options)).mayBeThere).toBe(false);
  const readable = deps({ bytes: "not-there" });
  expect((await confirmAbsent([item], first, how, readable.options)).mayBeThere).toBe(false);
});

test("an absence is believed after fifteen seconds at the earliest", async () => {
  const { options, clock, begunMs } = deps({});
  await confirmAbsent([item], nothing, { id: 1, itemsBefore: null, begunAt }, options);
  expect(clock.now().getTime() - begunMs).toBe(15_000);
  expect(
    await confirmAbsent([item], { ...nothing, absent: [] }, { id: 1, itemsBefore: null, begunAt }, options),
  ).toEqual({ ...nothing, absent: [] });
});

test("a library that grew by more than was found is looked at for half a minute, and then may hold it", async () => {
  const grown = deps({ counts: [1] });
  const look = await pollUntilAccountedFor([item], { id: 1, itemsBefore: 0 }, grown.options);
  expect([look.mayBeThere, grown.looks(), grown.clock.now().getTime() - grown.begunMs]).toEqual([
    true,
    6,
    25_000,
  ]);
  expect(grown.shown).toEqual([{ ids: [], items: 1, at: grown.clock.now() }]);
  const settled = deps({ counts: [1, 1, 0] });
  expect((await pollUntilAccountedFor([item], { id: 1, itemsBefore: 0 }, settled.options)).mayBeThere).toBe(
    false,
  );
  expect([settled.looks(), settled.shown]).toEqual([3, []]);
});
