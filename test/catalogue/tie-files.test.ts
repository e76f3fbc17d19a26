import { expect, test } from "vitest";
import { familyOf } from "../../src/catalogue/family.js";
import { readCatalogue } from "../../src/catalogue/read-catalogue.js";
import { catalogueOf, nameOf, phoneWith } from "./listed-phone.js";

const FAMILY = "/DCIM/100APPLE/img_0001";
const MUTATION = "/PhotoData/Mutations/DCIM/100APPLE/IMG_0001/Adjustments";

test.each([
  "/DCIM/100APPLE/IMG_0001.HEIC",
  "/DCIM/100APPLE/img_0001.mov",
  "/DCIM/100APPLE/IMG_E0001.JPG",
  "/DCIM/100APPLE/IMG_O0001.AAE",
  "/DCIM/100APPLE/IMG_0001.XMP",
  "/DCIM/100APPLE/IMG_0001.HEIC.xmp",
  "/DCIM/100APPLE/._IMG_0001.HEIC",
  "/DCIM/100APPLE/.IMG_0001.xmp",
  `${MUTATION}/FullSizeRender.heic`,
  MUTATION,
])("%s may belong to IMG_0001 of its folder", (path) => {
  expect(familyOf(path)).toBe(FAMILY);
});

test.each([
  "/DCIM/101APPLE/IMG_0001.HEIC",
  "/DCIM/100APPLE/IMG_0002.HEIC",
  "/DCIM/100APPLE/IMG_00010.HEIC",
  "/DCIM/100APPLE/Trip 12.05.JPG",
  "/PhotoData/CPLAssets/group1/IMG_0001.JPG",
])("%s does not", (path) => {
  expect(familyOf(path)).not.toBe(FAMILY);
});

test("a path of a million dots has its family in one pass", () => {
  const dots = ".".repeat(1_000_000);
  expect(familyOf(`/DCIM/${dots}/IMG_0001.HEIC`)).toBe(`/DCIM/${dots}/img_0001`);
});

test.each([
  ["an XMP", "IMG_0001.XMP"],
  ["an XMP with the whole name", "IMG_0001.HEIC.xmp"],
  ["a file of no known kind", "IMG_0001.TXT"],
  ["a dot file", "._IMG_0001.HEIC"],
])("%s beside one photo answers with it; beside two it says what they share", async (_title, name) => {
  const tied = async (...photos: string[]) =>
    (await catalogueOf([...photos, name])).setAside.map(({ item, belongsTo }) => [
      item && nameOf(item),
      belongsTo,
    ]);
  expect(await tied("IMG_0001.HEIC")).toEqual([["IMG_0001.HEIC", undefined]]);
  expect(await tied("IMG_0001.HEIC", "IMG_0001.PNG")).toEqual([[undefined, FAMILY]]);
  expect(await tied("IMG_0002.HEIC")).toEqual([[undefined, undefined]]);
});

test("a recipe that could be of two photos, and an empty one, name what they share", async () => {
  const names = ["IMG_0001.HEIC", "IMG_0001.PNG", "IMG_0001.AAE", "IMG_O0001.AAE"];
  const { setAside } = await catalogueOf(names, ["IMG_O0001.AAE"]);
  expect(setAside.map(({ belongsTo }) => belongsTo)).toEqual([FAMILY, FAMILY]);
});

test("a half that the phone would not describe says to which photo it may belong", async () => {
  const reason = { code: "FILE_REFUSED", message: "the phone refuses it", remedy: "Unlock it." };
  const phone = phoneWith(["IMG_0001.HEIC"], {});
  const listed = Object.assign(Object.create(phone), {
    list: async function* (folder: string) {
      yield* phone.list(folder);
      if (folder === "/DCIM")
        yield { type: "unreadable", path: "/DCIM/100APPLE/IMG_0001.MOV", reason } as const;
    },
  }) as typeof phone;
  const { unreadable } = await readCatalogue(listed, { phoneLibrary: null });
  expect(unreadable.map(({ belongsTo }) => belongsTo)).toEqual([FAMILY]);
});
