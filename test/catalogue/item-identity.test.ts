import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { itemIdentity } from "../../src/catalogue/item-identity.js";

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const still = { role: "original", sha256: hash("still") } as const;
const video = { role: "live-movie", sha256: hash("video") } as const;

it("an item is known again in whatever order its files come", () => {
  expect(itemIdentity([still, video])).toBe(itemIdentity([video, still]));
});

it("an item that gained an edit is another one", () => {
  const recipe = { role: "adjustments", sha256: hash("recipe") } as const;
  expect(itemIdentity([still, video, recipe])).not.toBe(itemIdentity([still, video]));
});

it("the same bytes twice are not the same bytes once", () => {
  expect(itemIdentity([still, still])).not.toBe(itemIdentity([still]));
});

it("the identity is the SHA-256 over the sorted hashes, one a line", () => {
  const lines = [still.sha256, video.sha256].sort().map((line) => `${line}\n`);
  expect(itemIdentity([video, still])).toBe(hash(lines.join("")));
});
