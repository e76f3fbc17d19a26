import { describe, expect, it } from "vitest";
import { importFilesRaw } from "../../../../src/jxa/scripts/import-files-raw.js";
import type { PhotosFault } from "../../../../src/virtual/photos/photos-fault.js";
import { all, faultyPhotos } from "./faulty-photos.js";

/** Sends the script of the product; a number is that of its error. */
function handBuilt(photos: ReturnType<typeof faultyPhotos>) {
  const { paths, albumId } = photos;
  const body = `return (${importFilesRaw.toString()})(input)`;
  const envelope = photos.ask(body, { paths, albumId, timeoutSeconds: 600 }) as {
    ok: boolean;
    number?: number;
    value?: { ids: string[] | null; count: number };
  };
  return typeof envelope === "number" ? envelope : envelope.value;
}

describe("an import event that is built by hand", () => {
  it.each([-1728, -10000, -1708, -43, -128, -10004, -1743])(
    "is refused with %i, and nothing comes in",
    (number) => {
      const photos = faultyPhotos({ name: "hand-built-import-fails", number });
      expect(handBuilt(photos)).toBe(number);
      expect(photos.holds()).toMatchObject({ items: [], trip: [] });
    },
  );

  it("is refused, and everything is in", () => {
    const photos = faultyPhotos({ name: "hand-built-import-fails", number: -1700, isDone: true });
    expect(handBuilt(photos)).toBe(-1700);
    expect(photos.holds()).toMatchObject({ items: all, trip: all });
  });

  it.each([
    { as: "null", answer: { ids: null, count: 0 } },
    { as: "empty list", answer: { ids: null, count: 0 } },
    { as: "wrong id", answer: { ids: [expect.stringMatching(/^[0-9A-F-]{36}\/L0\/001$/)], count: 1 } },
  ] as const)("is answered well ($as), and nothing comes in", ({ as, answer }) => {
    const photos = faultyPhotos({ name: "hand-built-import-does-nothing", as });
    expect(handBuilt(photos)).toEqual(answer);
    photos.wait(3_600_000);
    expect(photos.holds()).toMatchObject({ items: [], trip: [] });
  });

  it("is answered with nothing, and everything comes later", () => {
    const photos = faultyPhotos({ name: "hand-built-import-does-nothing", lateByMs: 10_000 });
    handBuilt(photos);
    expect(photos.holds().items).toEqual([]);
    photos.wait(10_000);
    expect(photos.holds()).toMatchObject({ items: all, trip: all });
  });
});

it.each<PhotosFault>([
  { name: "hand-built-import-fails", number: -10000 },
  { name: "hand-built-import-does-nothing" },
])("a plain import is as always ($name)", (how) => {
  const photos = faultyPhotos(how);
  expect(photos.importInto()).toEqual(all);
});
