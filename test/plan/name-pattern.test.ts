import { expect, test } from "vitest";
import { namePattern } from "../../src/plan/name-pattern.js";

test.each<[pattern: string, takes: string[], leaves: string[]]>([
  ["IMG_12*", ["IMG_12", "img_1234.HEIC"], ["IMG_1.JPG", "XIMG_12"]],
  ["*.mov", ["IMG_0001.MOV", ".mov"], ["mov", "IMG_0001.MOV.aae"]],
  ["IMG_000?.*", ["IMG_0001.HEIC", "IMG_000é.JPG"], ["IMG_00010.JPG", "IMG_000.JPG"]],
  ["*[0-9]", ["a1"], ["1a"]],
  ["[!a-c]x", ["dx", "DX"], ["ax", "BX", "x"]],
  ["[^_]x", ["ax"], ["_x"]],
  ["[]]x", ["]x"], ["[x"]],
  ["[a-]", ["a", "-"], ["b"]],
  ["IMG_{0001,0002}.{jpg,he{ic,if}}", ["IMG_0002.JPG", "img_0001.heif"], ["IMG_0003.JPG", "IMG_0001.he"]],
  ["{a,}b", ["ab", "b"], ["a"]],
  ["IMG_0001 (1).*", ["IMG_0001 (1).JPG"], ["IMG_0001 1.JPG"]],
  ["!IMG*", ["!IMG_1"], ["DSC_1"]],
  ["a\\*", ["a*"], ["ab"]],
  ["[ab", ["[ab"], ["a"]],
  ["{ab}", ["{ab}"], ["ab"]],
  ["**", ["", "a"], []],
  ["😀?", ["😀😀"], ["😀"]],
])("the pattern %j takes the names that a shell would", (pattern, takes, leaves) => {
  const isTaken = namePattern(pattern);
  expect(takes.filter((name) => !isTaken(name))).toEqual([]);
  expect(leaves.filter(isTaken)).toEqual([]);
});

test("a pattern longer than any that a person types is refused", () => {
  expect(() => namePattern("a".repeat(4_097))).toThrow(
    expect.objectContaining({
      code: "BAD_USAGE",
      message: "The pattern has 4097 letters, of 4096 at most.",
    }),
  );
});
