import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DistinctPlaces, foldsNames, safeRelativePath } from "../../src/transfer/safe-file-name.js";

test.each([
  ["/DCIM/100APPLE/IMG_0001.JPG", "DCIM/100APPLE/IMG_0001.JPG"],
  ["/DCIM/../../../etc/passwd", "DCIM/%2E%2E/%2E%2E/%2E%2E/etc/passwd"],
  ["//etc/passwd", "%/etc/passwd"],
  ["/DCIM/a\0b.JPG", "DCIM/a%00b.JPG"],
  ["/DCIM/two\nlines.JPG", "DCIM/two\nlines.JPG"],
  ["/DCIM/-rf.JPG", "DCIM/-rf.JPG"],
])("%j is kept as %j", (onPhone, here) => {
  expect(safeRelativePath(onPhone)).toBe(here);
});

test("a name of more than 255 bytes is shortened, keeps its extension, and stays apart from its duplicate", () => {
  const long = (end: string) => `/DCIM/${"\u{1f389}".repeat(100)}${end}.JPG`;
  const [one, two] = [safeRelativePath(long("a")), safeRelativePath(long("b"))];
  expect(Buffer.byteLength(one.slice("DCIM/".length))).toBeLessThanOrEqual(255);
  expect(one).toMatch(/\.JPG$/);
  expect(one).not.toBe(two);
});

test("no path from a phone leaves its folder", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("..", ".", "", "/")), {
        minLength: 1,
      }),
      (parts) => {
        const place = resolve("/staging", safeRelativePath(`/${parts.join("/")}`));
        expect(place.startsWith("/staging/")).toBe(true);
        expect(place).not.toContain("\0");
      },
    ),
    { numRuns: 1_000 },
  );
});

test("on a file system that folds case, two names that differ in case or Unicode form get two folders", () => {
  const places = new DistinctPlaces(true);
  expect(places.placeFor("/DCIM/100APPLE/IMG_0001.JPG")).toBe("DCIM/100APPLE/IMG_0001.JPG");
  expect(places.placeFor("/DCIM/100APPLE/img_0001.jpg")).toBe("DCIM/100APPLE~2/img_0001.jpg");
  expect(places.placeFor("/DCIM/100APPLE/IMG_0001.JPG")).toBe("DCIM/100APPLE/IMG_0001.JPG");
  expect(places.placeFor("/DCIM/e\u0301.JPG")).toBe("DCIM/e\u0301.JPG");
  expect(places.placeFor("/DCIM/\u00e9.JPG")).toBe("DCIM~2/\u00e9.JPG");
});

test("no two files have one place, each keeps its own, and the lowest number that is free is given", () => {
  const name = fc.constantFrom("a.JPG", "A.JPG", "a.jpg", "b.JPG");
  const folderName = fc.constantFrom("/DCIM/X", "/DCIM/x", "/DCIM/X~2", "/DCIM/x~3");
  const item = fc.tuple(
    folderName,
    fc.uniqueArray(name, { minLength: 1, maxLength: 2, selector: (one) => one.toLowerCase() }),
  );
  fc.assert(
    fc.property(fc.array(item, { maxLength: 30 }), (items) => {
      const places = new DistinctPlaces(true);
      const taken = new Map<string, string>();
      for (const [folder, names] of items) {
        const files = names.map((one) => ({ phonePath: `${folder}/${one}`, name: one }));
        const numbered = (number: number) =>
          names.map((one) => `${folder.slice(1)}${number === 1 ? "" : `~${number}`}/${one}`);
        const isFree = (number: number) =>
          numbered(number).every((place, at) =>
            [undefined, files[at]!.phonePath].includes(taken.get(place.toLowerCase())),
          );
        let lowest = 1;
        while (!isFree(lowest)) lowest += 1;
        expect(places.placesFor(folder, files)).toEqual(numbered(lowest));
        for (const [at, place] of numbered(lowest).entries())
          taken.set(place.toLowerCase(), files[at]!.phonePath);
      }
    }),
  );
});

test("where case counts, names stay where they are", () => {
  const places = new DistinctPlaces(false);
  places.placeFor("/DCIM/a.JPG");
  expect(places.placeFor("/DCIM/A.JPG")).toBe("DCIM/A.JPG");
});

test("the file system is asked whether it folds case, and nothing is left behind", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-case-"));
  try {
    expect(typeof (await foldsNames(folder))).toBe("boolean");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
