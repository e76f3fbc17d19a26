import { expect, it } from "vitest";
import { fileKind } from "../../src/media/file-kinds.js";

it.each([
  ["photo", "heic heif jpg jpeg png gif webp tif tiff avif bmp jxl jfif mpo insp avci"],
  ["raw", "dng cr2 cr3 nef arw raf orf rw2"],
  ["video", "mov mp4 m4v 3gp avi qt m2v mpe mpg vob mts m2ts ts"],
  ["adjustments", "aae"],
  ["unknown", "txt xmp pdf zip exe constructor"],
])("%s: %s", (kind, extensions) => {
  for (const extension of extensions.split(" "))
    expect([extension, fileKind(extension)]).toEqual([extension, kind]);
});

it("a file without an extension is unknown", () => {
  expect(fileKind("")).toBe("unknown");
});
