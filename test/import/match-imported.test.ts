import { expect, test } from "vitest";
import type { SentItem } from "../../src/import/imported-item.js";
import { matchImported } from "../../src/import/match-imported.js";

function sent(ledgerId: number, ...names: string[]): SentItem {
  return {
    ledgerId,
    excludedFiles: new Map(),
    files: names.map((name) => ({
      role: "original",
      path: `/DCIM/${name}`,
      name,
      copyPath: `/s/${name}`,
      sizeBytes: 10,
    })),
  };
}

const found = (id: string, filename: string, sizeBytes: number | null = 10) => ({ id, filename, sizeBytes });

test("items are paired by name whatever their order, and the files of one item share its id", () => {
  const { idsByItem, leftOver } = matchImported(
    [sent(1, "IMG_1.HEIC", "IMG_1.MOV"), sent(2, "IMG_2.JPG")],
    [found("B", "IMG_2.JPG"), found("A", "IMG_1.HEIC")],
  );
  expect(idsByItem.get(1)).toEqual(
    new Map([
      ["/DCIM/IMG_1.HEIC", "A"],
      ["/DCIM/IMG_1.MOV", "A"],
    ]),
  );
  expect(idsByItem.get(2)).toEqual(new Map([["/DCIM/IMG_2.JPG", "B"]]));
  expect(leftOver).toEqual([]);
});

test("halves that Photos kept apart have their own ids", () => {
  const { idsByItem } = matchImported(
    [sent(1, "IMG_1.JPG", "IMG_1.MOV")],
    [found("A", "IMG_1.MOV"), found("B", "IMG_1.JPG")],
  );
  expect(idsByItem.get(1)).toEqual(
    new Map([
      ["/DCIM/IMG_1.JPG", "B"],
      ["/DCIM/IMG_1.MOV", "A"],
    ]),
  );
});

test("a file that Photos left out has no id, and does not borrow one from its other half", () => {
  const { idsByItem } = matchImported([sent(1, "IMG_1.JPG", "IMG_1.MOV")], [found("A", "IMG_1.MOV")]);
  expect(idsByItem.get(1)).toEqual(new Map([["/DCIM/IMG_1.MOV", "A"]]));
});

test("case and Unicode form do not keep a name from being found", () => {
  const { idsByItem } = matchImported([sent(1, "Fr\u00edtest.jpg")], [found("A", "FRI\u0301TEST.JPG")]);
  expect(idsByItem.get(1)?.get("/DCIM/Fr\u00edtest.jpg")).toBe("A");
});

test("of two items with one name the one with the right size is it, and the other is left over", () => {
  const { idsByItem, leftOver } = matchImported(
    [sent(1, "A.JPG")],
    [found("wrong", "A.JPG", 99), found("right", "A.JPG")],
  );
  expect(idsByItem.get(1)?.get("/DCIM/A.JPG")).toBe("right");
  expect(leftOver.map(({ id }) => id)).toEqual(["wrong"]);
});

test("what Photos made of a rendering is an extra copy, also where the photo itself did not come", () => {
  const edited: SentItem = {
    ledgerId: 1,
    excludedFiles: new Map(),
    files: (
      [
        ["original", "IMG_1.JPG"],
        ["adjustments", "IMG_1.AAE"],
        ["edited", "IMG_E1.JPG"],
      ] as const
    ).map(([role, name]) => ({
      role,
      name,
      sizeBytes: 10,
      path: `/DCIM/${name}`,
      copyPath: `/s/${name}`,
    })),
  };
  const both = matchImported([edited], [found("E", "IMG_E1.JPG"), found("A", "IMG_1.JPG")]);
  expect(new Set(both.idsByItem.get(1)?.values())).toEqual(new Set(["A"]));
  expect(both.extra).toMatchObject([{ photo: { id: "E" }, ledgerId: 1, path: "/DCIM/IMG_E1.JPG" }]);
  const alone = matchImported([edited], [found("E", "IMG_E1.JPG")]);
  expect(alone.idsByItem.size).toBe(0);
  expect(alone.extra).toHaveLength(1);
  const twice = matchImported([edited], [found("A", "IMG_1.JPG"), found("B", "IMG_1.JPG", 99)]);
  expect(twice.idsByItem.get(1)?.get("/DCIM/IMG_1.JPG")).toBe("A");
  expect(twice.extra).toMatchObject([{ photo: { id: "B" }, path: "/DCIM/IMG_1.JPG" }]);
  expect([both, alone, twice].flatMap(({ leftOver }) => leftOver)).toEqual([]);
});

test("a stranger in the album is nobody's", () => {
  const { idsByItem, leftOver } = matchImported([sent(1, "A.JPG")], [found("X", "HOLIDAY.JPG")]);
  expect(idsByItem.size).toBe(0);
  expect(leftOver).toHaveLength(1);
});

test("many files of one name, none of whose sizes tells, cost a few steps each", () => {
  const number = 2_000;
  let asked = 0;
  const all = Array.from({ length: number }, (_, at) => ({
    ...sent(at, `${at}/IMG_1.JPG`),
    files: [{ ...sent(at, `${at}/IMG_1.JPG`).files[0]!, name: "IMG_1.JPG" }],
  }));
  const photos = Array.from({ length: number }, (_, at) => ({
    id: String(at),
    filename: "IMG_1.JPG",
    get sizeBytes() {
      asked += 1;
      return 10;
    },
  }));
  const { idsByItem, leftOver } = matchImported(all, photos);
  expect([idsByItem.size, leftOver.length]).toEqual([0, number]);
  expect(asked).toBeLessThanOrEqual(number * 4);
});
