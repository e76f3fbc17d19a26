import { describe, expect, it } from "vitest";
import { catalogueOf, itemsOf, setAsideOf } from "./listed-phone.js";

/** What lies in one folder, and the items that a person would count. */
const TABLE: [title: string, files: string[], items: string[], setAside?: string[]][] = [
  ["a HEIC is a photo", ["IMG_0001.HEIC"], ["photo: IMG_0001.HEIC"]],
  ["a MOV is a video", ["IMG_0001.MOV"], ["video: IMG_0001.MOV"]],
  ["a DNG is a RAW", ["IMG_0001.DNG"], ["raw: IMG_0001.DNG"]],
  [
    "a still and a MOV of one stem are a Live Photo, whatever the case of their names",
    ["IMG_0001.HEIC", "img_0001.mov"],
    ["live: IMG_0001.HEIC + img_0001.mov as live-movie"],
  ],
  [
    "an accent may be composed in one half and not in the other",
    ["Frítest.heic".normalize("NFD"), "Frítest.MOV".normalize("NFC")],
    [`live: ${"Frítest.heic".normalize("NFD")} + ${"Frítest.MOV".normalize("NFC")} as live-movie`],
  ],
  [
    "an MP4 beside a still is a video of its own",
    ["IMG_0001.HEIC", "IMG_0001.MP4"],
    ["photo: IMG_0001.HEIC", "video: IMG_0001.MP4"],
  ],
  [
    "a PNG has no moving half",
    ["IMG_0001.PNG", "IMG_0001.MOV"],
    ["video: IMG_0001.MOV", "photo: IMG_0001.PNG"],
  ],
  [
    "a RAW and a JPEG are one item with the JPEG as its original",
    ["IMG_0001.DNG", "IMG_0001.JPG"],
    ["raw: IMG_0001.JPG + IMG_0001.DNG as raw"],
  ],
  [
    "a RAW pair may have a moving half",
    ["IMG_0001.DNG", "IMG_0001.HEIC", "IMG_0001.MOV"],
    ["live: IMG_0001.HEIC + IMG_0001.DNG as raw + IMG_0001.MOV as live-movie"],
  ],
  [
    "a ProRAW may have a moving half",
    ["IMG_0001.DNG", "IMG_0001.MOV"],
    ["live: IMG_0001.DNG + IMG_0001.MOV as live-movie"],
  ],
  [
    "another camera's RAW has none",
    ["IMG_0001.CR2", "IMG_0001.MOV"],
    ["raw: IMG_0001.CR2", "video: IMG_0001.MOV"],
  ],
  [
    "two RAWs beside one JPEG are three items",
    ["IMG_0001.CR2", "IMG_0001.DNG", "IMG_0001.JPG"],
    ["raw: IMG_0001.CR2", "raw: IMG_0001.DNG", "photo: IMG_0001.JPG"],
  ],
  [
    "two pictures of one stem are two items, and a MOV beside them belongs to neither",
    ["IMG_1.HEIC", "IMG_1.JPG", "IMG_1.MOV"],
    ["photo: IMG_1.HEIC", "photo: IMG_1.JPG", "video: IMG_1.MOV"],
  ],
  [
    "an AAE goes with its photo",
    ["IMG_0001.AAE", "IMG_0001.HEIC"],
    ["photo: IMG_0001.HEIC + IMG_0001.AAE as adjustments"],
  ],
  [
    "a MOV with an AAE is an edited video",
    ["IMG_0001.AAE", "IMG_0001.MOV", "IMG_E0001.MOV"],
    ["video: IMG_0001.MOV + IMG_0001.AAE as adjustments + IMG_E0001.MOV as edited"],
  ],
  [
    "a full edit of a Live Photo is one item",
    ["IMG_0001.HEIC", "IMG_0001.MOV", "IMG_0001.AAE", "IMG_E0001.JPG", "IMG_E0001.MOV", "IMG_O0001.AAE"],
    [
      "live: IMG_0001.HEIC + IMG_0001.MOV as live-movie + IMG_0001.AAE as adjustments + " +
        "IMG_O0001.AAE as original-adjustments + IMG_E0001.JPG as edited + IMG_E0001.MOV as edited-live-movie",
    ],
  ],
  [
    "the letters before the underscore need not be IMG",
    ["DSC_0001.JPG", "DSC_0001.AAE", "dsc_e0001.jpg"],
    ["photo: DSC_0001.JPG + DSC_0001.AAE as adjustments + dsc_e0001.jpg as edited"],
  ],
  [
    "an edited picture without its AAE goes alone",
    ["IMG_0001.HEIC", "IMG_E0001.HEIC"],
    ["photo: IMG_0001.HEIC", "photo: IMG_E0001.HEIC"],
  ],
  [
    "an edited Live Photo without its original is a Live Photo",
    ["IMG_E0001.HEIC", "IMG_E0001.MOV"],
    ["live: IMG_E0001.HEIC + IMG_E0001.MOV as live-movie"],
  ],
  [
    "a video is no edited version of a still",
    ["IMG_0001.HEIC", "IMG_0001.AAE", "IMG_E0001.MOV"],
    ["photo: IMG_0001.HEIC + IMG_0001.AAE as adjustments", "video: IMG_E0001.MOV"],
  ],
  [
    "IMG_O of anything but an AAE is a photo of its own",
    ["IMG_0001.HEIC", "IMG_O0001.HEIC"],
    ["photo: IMG_0001.HEIC", "photo: IMG_O0001.HEIC"],
  ],
  [
    "IMG_O goes with its photo without an edit too",
    ["IMG_0001.HEIC", "IMG_O0001.AAE"],
    ["photo: IMG_0001.HEIC + IMG_O0001.AAE as original-adjustments"],
  ],
  [
    "an AAE alone is set aside",
    ["IMG_0001.AAE", "IMG_O0002.AAE"],
    [],
    ["IMG_0001.AAE: ADJUSTMENTS_WITHOUT_ORIGINAL", "IMG_O0002.AAE: ADJUSTMENTS_WITHOUT_ORIGINAL"],
  ],
  [
    "an AAE that could belong to either of two pictures belongs to neither",
    ["IMG_0001.AAE", "IMG_0001.HEIC", "IMG_0001.JPG"],
    ["photo: IMG_0001.HEIC", "photo: IMG_0001.JPG"],
    ["IMG_0001.AAE: ADJUSTMENTS_WITHOUT_ORIGINAL"],
  ],
  [
    "the same name in another folder belongs to nothing here",
    ["/DCIM/100APPLE/IMG_0001.HEIC", "/DCIM/101APPLE/IMG_0001.MOV"],
    ["photo: IMG_0001.HEIC", "video: /DCIM/101APPLE/IMG_0001.MOV"],
  ],
  [
    "files that are no pictures are set aside by name",
    ["IMG_0001.HEIC", "notes.txt", "README", "/DCIM/.MISC/Incoming/IMG_0002.JPG", "._IMG_0001.HEIC"],
    ["photo: IMG_0001.HEIC"],
    [
      "/DCIM/.MISC/Incoming/IMG_0002.JPG: HIDDEN_BY_NAME",
      "._IMG_0001.HEIC: HIDDEN_BY_NAME",
      "README: UNKNOWN_KIND",
      "notes.txt: UNKNOWN_KIND",
    ],
  ],
];

describe("files become items", () => {
  it.each(TABLE)("%s", async (_title, files, items, setAside = []) => {
    const catalogue = await catalogueOf(files);
    expect(itemsOf(catalogue)).toEqual(items);
    expect(setAsideOf(catalogue)).toEqual(setAside);
  });
});

describe("an empty file", () => {
  it("is set aside, and the video beside an empty still is a video without that still's edit", async () => {
    const files = ["IMG_0001.AAE", "IMG_0001.HEIC", "IMG_0001.MOV"];
    const catalogue = await catalogueOf(files, ["IMG_0001.HEIC"]);
    expect(itemsOf(catalogue)).toEqual(["video: IMG_0001.MOV"]);
    expect(setAsideOf(catalogue)).toEqual([
      "IMG_0001.AAE: ADJUSTMENTS_WITHOUT_ORIGINAL",
      "IMG_0001.HEIC: EMPTY_FILE",
    ]);
  });

  it("leaves the rest of its item whole where it is only the recipe of an edit", async () => {
    const catalogue = await catalogueOf(["IMG_0001.AAE", "IMG_0001.HEIC", "IMG_0001.MOV"], ["IMG_0001.AAE"]);
    expect(itemsOf(catalogue)).toEqual(["live: IMG_0001.HEIC + IMG_0001.MOV as live-movie"]);
    expect(setAsideOf(catalogue)).toEqual(["IMG_0001.AAE: EMPTY_FILE"]);
  });
});

it("an item bears the name, and the birth time, of its original", async () => {
  const catalogue = await catalogueOf(["IMG_0001.HEIC", "IMG_0001.MOV"]);
  expect(catalogue.items[0]).toMatchObject({
    key: "/DCIM/100APPLE/IMG_0001.HEIC",
    stem: "IMG_0001",
    arrivedAtMs: Date.parse("2026-05-01T10:00:00Z"),
    takenAtMs: null,
    trashed: false,
    hidden: false,
    cloud: "local",
  });
});
