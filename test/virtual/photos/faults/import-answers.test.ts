import { describe, expect, it } from "vitest";
import type { PhotosFault } from "../../../../src/virtual/photos/photos-fault.js";
import { all, faultyPhotos } from "./faulty-photos.js";

describe("an import that imports everything and does not say so", () => {
  it.each<[PhotosFault, (answer: unknown) => void]>([
    [{ name: "import-returns-nothing" }, (answer) => expect(answer).toBeNull()],
    [{ name: "import-returns-nothing", as: "empty list" }, (answer) => expect(answer).toEqual([])],
    [
      { name: "import-returns-fewer", seed: 3 },
      (answer) => {
        expect((answer as string[]).length).toBeLessThan(3);
        expect(all).toEqual(expect.arrayContaining(answer as string[]));
      },
    ],
    [
      { name: "import-returns-other-order" },
      (answer) => {
        expect(answer).not.toEqual(all);
        expect([...(answer as string[])].sort()).toEqual(all);
      },
    ],
    [{ name: "import-spells-items", as: "through-album" }, (answer) => expect(answer).toEqual(all)],
    [
      { name: "import-spells-items", as: "by-index" },
      (answer) => expect(answer).toEqual([0, 1, 2].map((at) => `Application("Photos").mediaItems.at(${at})`)),
    ],
  ])("%j", (how, check) => {
    const { importInto, holds } = faultyPhotos(how);
    check(importInto());
    expect(holds()).toMatchObject({ items: all, trip: all });
  });

  it("gives the same answer for the same seed, and for some other seed another", () => {
    const answerOf = (seed: number) =>
      faultyPhotos({ name: "import-returns-other-order", seed }).importInto();
    expect(answerOf(5)).toEqual(answerOf(5));
    const answers = new Set([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => JSON.stringify(answerOf(seed))));
    expect(answers.size).toBeGreaterThan(1);
  });

  it("answers an import of nothing with a list of nothing, if told so", () => {
    const { importInto, media } = faultyPhotos({ name: "empty-import-answers-list" });
    expect(importInto([media.write("note.txt", "hello")])).toEqual([]);
    expect(importInto([])).toEqual([]);
  });
});
