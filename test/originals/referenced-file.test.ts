import { expect, test } from "vitest";
import type { LibraryItem } from "../../src/originals/library-item.js";
import { lookAtReferenced } from "../../src/originals/referenced-file.js";

const look = async (folder: string) => {
  const referenced = { folder, name: "a.jpg", volume: null };
  return await lookAtReferenced({ referenced, sizeBytes: 1 } as unknown as LibraryItem);
};

test.each([
  "/net/host.example/pictures",
  "//net/host.example/pictures",
  "/./net/host.example",
  "/Network/Servers/x",
])(
  "a path by which a stranger's library would have another computer asked is left alone: %s",
  async (folder) => {
    expect(await look(folder)).toEqual({ is: "not-looked-at", path: null });
  },
);

test("a folder whose name only begins like that is looked at", async () => {
  expect(await look("/nets-of-mine")).toEqual({ is: "away", path: "/nets-of-mine/a.jpg" });
});
