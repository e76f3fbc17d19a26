import fc from "fast-check";
import { expect, test } from "vitest";
import { closedWith, jsonDocument, slowJsonDocument } from "../../src/cli/terminal/json-document.js";

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

test("a list that comes slowly gives the same text, and what follows it is asked for when it is at its end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), async (items) => {
      let seen = 0;
      async function* slowly() {
        for (const item of items) {
          seen += 1;
          yield item;
        }
      }
      const whole = JSON.stringify({ name: "a", items, seen: items.length }, null, 2);
      let text = "";
      for await (const piece of slowJsonDocument({
        name: "a",
        items: slowly(),
        none: undefined,
        seen: () => seen,
      }))
        text += piece;
      expect(text).toBe(`${whole}\n`);
    }),
  );
});

test.each([0, 1, 3])(
  "a list that breaks off after %i elements can still be made a whole document",
  async (length) => {
    async function* breaking() {
      for (let item = 0; item < length; item += 1) yield { item };
      throw new Error("enough");
    }
    let text = "";
    const reading = (async () => {
      for await (const piece of slowJsonDocument({ items: breaking(), never: () => 1 })) text += piece;
    })();
    await expect(reading).rejects.toThrow("enough");
    expect(JSON.parse(text + closedWith({ error: { code: "X" } }))).toEqual({
      items: Array.from({ length }, (_, item) => ({ item })),
      error: { code: "X" },
    });
  },
);
