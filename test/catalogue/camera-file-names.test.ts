import { describe, expect, it } from "vitest";
import { cameraNameOf, fileNameOf, foldedStem, isUuidName } from "../../src/catalogue/camera-file-names.js";

describe("a file name is taken apart", () => {
  it.each([
    ["/DCIM/100APPLE/IMG_0001.HEIC", "IMG_0001", "heic"],
    ["IMG_0001.edited.JPG", "IMG_0001.edited", "jpg"],
    ["README", "README", ""],
    [".DS_Store", ".DS_Store", ""],
    ["IMG_0001.", "IMG_0001", ""],
  ])("%s is the stem %s and the extension '%s'", (path, stem, extension) => {
    expect(fileNameOf(path)).toEqual({ stem, extension });
  });
});

describe("what a camera's name means", () => {
  it.each([
    ["IMG_1234", "img_1234"],
    ["IMG_E1234", "img_1234"],
    ["img_o1234", "img_1234"],
    ["DSC_E0042", "dsc_0042"],
    ["E\u0301TE\u0301_E0001".normalize("NFD"), "été_0001"],
  ])("%s belongs to %s", (stem, plain) => {
    expect(cameraNameOf(foldedStem(stem))?.plain).toBe(plain);
  });

  it.each([
    "IMG_12345",
    "IMG_EO123",
    "IM_E1234",
    "IMAG_E1234",
    "IMG-E1234",
    "IMG_E1234 2",
    "IMG_X1234",
    "1MG_1234",
  ])("%s follows no such pattern", (stem) => expect(cameraNameOf(foldedStem(stem))).toBeNull());
});

it("only a UUID is a name that says nothing", () => {
  expect(isUuidName("EB1E6E42-2455-4EDC-9259-D00E097B5E82")).toBe(true);
  expect(isUuidName("IMG_0001")).toBe(false);
  expect(isUuidName("EB1E6E42-2455-4EDC-9259-D00E097B5E82 2")).toBe(false);
});
