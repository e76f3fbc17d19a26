import { describe, expect, it } from "vitest";
import type { PhotosFault } from "../../../../src/virtual/photos/photos-fault.js";
import { all, faultyPhotos } from "./faulty-photos.js";

const second = "^IMG_0002\\.";
const others = ["IMG_0001.PNG", "IMG_0003.PNG"];

describe("a file that Photos cannot take", () => {
  it.each<[how: PhotosFault, answer: unknown, items: readonly string[]]>([
    [{ name: "poison-file", names: second }, -10000, []],
    [{ name: "poison-file", names: second, number: -1712 }, -1712, []],
    [{ name: "poison-file", names: second, importsEarlier: true }, -10000, all.slice(0, 1)],
    [{ name: "poison-file", names: second, manner: "alert" }, -1712, []],
    [{ name: "poison-file", names: second, manner: "kills" }, -609, []],
    [{ name: "unsupported-file", names: second, manner: "left-out" }, others, others],
    [{ name: "unsupported-file", names: second, manner: "fails" }, -10000, []],
    [{ name: "unsupported-file", names: second, manner: { alert: "others-first" } }, -1712, others],
    [{ name: "unsupported-file", names: second, manner: { alert: "others-after" } }, -1712, []],
    [{ name: "unsupported-file", names: second, manner: { alert: "others-never" } }, -1712, []],
    [{ name: "import-drops-some", share: 1 }, null, []],
  ])("%j", (how, answer, items) => {
    const { importInto, holds } = faultyPhotos(how);
    expect(importInto()).toEqual(answer);
    expect(holds()).toMatchObject({ items, trip: items });
  });

  it.each<PhotosFault>([
    { name: "poison-file", names: second },
    { name: "poison-file", names: second, manner: "kills" },
    { name: "unsupported-file", names: second, manner: { alert: "others-never" } },
  ])("%j: a batch without it comes in", (how) => {
    const { importInto, holds, paths } = faultyPhotos(how);
    expect(importInto([paths[0]!, paths[2]!])).toEqual(others);
    expect(holds().items).toEqual(others);
  });

  it.each<["others-first" | "others-after" | "others-never", string[]]>([
    ["others-first", others],
    ["others-after", others],
    ["others-never", []],
  ])("an alert (%s) keeps every event waiting until somebody clicks OK", (alert, items) => {
    const { importInto, holds, ask, photos, timed } = faultyPhotos({
      name: "unsupported-file",
      names: second,
      manner: { alert },
    });
    importInto();
    expect(photos.sheetText()).toMatch(/IMG_0002\.PNG/);
    expect(timed(() => expect(ask("return P.version()")).toBe(-1712))).toBe(60_000);
    expect(photos.answerSheet("ok")).toBe(true);
    expect(photos.sheetText()).toBeNull();
    expect(holds()).toMatchObject({ items, trip: items });
    expect(ask("return P.mediaItems.length")).toBe(items.length);
    expect(photos.answerSheet("ok")).toBe(false);
  });

  it("is dropped without a word, the same one for the same seed, and the answer lacks it", () => {
    const kept = [1, 2, 3, 4, 5, 6].map((seed) => {
      const { importInto, holds } = faultyPhotos({ name: "import-drops-some", share: 0.5, seed });
      const answer = importInto();
      expect(holds().items).toEqual(answer ?? []);
      return JSON.stringify(answer);
    });
    expect(new Set(kept).size).toBeGreaterThan(2);
  });
});

describe("files that are not what they were, the kind way", () => {
  it("imports the others when one file has vanished", () => {
    const { importInto, paths } = faultyPhotos({ name: "vanished-file-spares-others" });
    expect(importInto([paths[0]!, "/nowhere/IMG_9999.PNG", paths[2]!])).toEqual(others);
  });

  it("imports the others when an edit comes without its picture", () => {
    const { importInto, paths, media } = faultyPhotos({ name: "lonely-aae-spares-others" });
    expect(importInto([...paths, media.adjustments("IMG_0009.AAE")])).toEqual(all);
  });

  it.each([
    ["one-left-out" as const, ["IMG_0001.PNG"]],
    ["fails" as const, -10000],
  ])("one of each stem: %s", (manner, answer) => {
    const { importInto, paths, media } = faultyPhotos({ name: "one-of-each-stem", manner });
    expect(importInto([paths[0]!, media.jpeg("IMG_0001.JPG")])).toEqual(answer);
  });
});

describe("the sheet over a duplicate", () => {
  const withDuplicate = (...how: PhotosFault[]) => {
    const at = faultyPhotos(...how);
    at.importInto(at.paths.slice(0, 1));
    expect(at.ask("return P.import(input.map(function (p) { return Path(p); }))", at.paths)).toBe(-1712);
    return at;
  };

  it.each([
    ["cancel" as const, all.slice(0, 1)],
    ["don't import" as const, all],
    ["import" as const, ["IMG_0001.PNG", ...all]],
  ])("answered with %s", (button, items) => {
    const { photos, holds, ask } = withDuplicate();
    expect(photos.answerSheet(button)).toBe(true);
    expect(holds().items).toEqual(items);
    expect(ask("return P.version()")).toBe("11.0");
  });
});
