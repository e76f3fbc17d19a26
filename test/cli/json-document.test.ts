import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonDocument } from "../../src/cli/output/json-document.js";

test("the pieces together are what JSON.stringify gives, an array where a generator was", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.array(fc.jsonValue()),
      fc.option(fc.nat(), { nil: undefined }),
      (head, items, status) => {
        const whole = `${JSON.stringify({ ...head, items, status }, null, 2)}\n`;
        const inPieces = jsonDocument({ ...head, items: items.values(), status });
        expect([...inPieces].join("")).toBe(whole);
      },
    ),
  );
  expect([...jsonDocument({})].join("")).toBe("{}\n");
});

test("elements are asked for one at a time, so that a hundred thousand of them are never one text", () => {
  let asked = 0;
  function* items() {
    for (; asked < 100_000; asked += 1) yield { item: `DCIM/100APPLE/IMG_${asked}.JPG`, files: [asked] };
  }
  let longest = 0;
  let pieces = 0;
  let mostAhead = Number.NEGATIVE_INFINITY;
  for (const piece of jsonDocument({ totals: { items: 100_000 }, items: items() })) {
    longest = Math.max(longest, piece.length);
    pieces += 1;
    mostAhead = Math.max(mostAhead, asked - pieces);
  }
  expect(mostAhead).toBeLessThan(0);
  expect(asked).toBe(100_000);
  expect(longest).toBeLessThan(200);
});
