import { expect, test } from "vitest";
import { freeSpace, requireSpace } from "../../src/plan/space-needed.js";

const GB = 1e9;
const volumes = (free: Record<string, [string, number]>) => async (folder: string) => {
  const [volume, freeBytes] = free[folder]!;
  return { volume, freeBytes };
};

test("staging and library on one volume need the sum of both", async () => {
  const needs = [
    { what: "the staging folder", folder: "/staging", bytes: 3 * GB },
    { what: "the Photos library", folder: "/library", bytes: 3 * GB },
  ];
  const one = volumes({ "/staging": ["disk", 5 * GB], "/library": ["disk", 5 * GB] });
  await expect(requireSpace(needs, "or import less", one)).rejects.toMatchObject({
    code: "NOT_ENOUGH_SPACE",
    message: "Not enough space for the staging folder and the Photos library: 6.3 GB needed, 5.0 GB free.",
  });
  const two = volumes({ "/staging": ["disk", 5 * GB], "/library": ["other", 5 * GB] });
  await expect(requireSpace(needs, "or import less", two)).resolves.toBeUndefined();
});

test("a little is always left free", async () => {
  const need = [{ what: "the folder", folder: "/f", bytes: GB }];
  await expect(
    requireSpace(need, "or import less", volumes({ "/f": ["disk", GB + 1000] })),
  ).rejects.toMatchObject({
    code: "NOT_ENOUGH_SPACE",
  });
});

test("a folder that is not there yet is measured by its nearest parent", async () => {
  const { freeBytes } = await freeSpace("/tmp/not-there-yet/and/deeper");
  expect(freeBytes).toBeGreaterThan(0);
});
