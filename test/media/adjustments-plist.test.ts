import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MOST_ADJUSTMENTS_BYTES, readAdjustments } from "../../src/media/adjustments-plist.js";
import {
  buildBinaryPropertyList,
  buildPropertyList,
  type PropertyDictionary,
  parseDictionary,
  textAt,
} from "../../src/usb/wire/property-list.js";
import { WireFormatError } from "../../src/usb/wire/wire-format-error.js";
import { encodeAdjustments } from "../../src/virtual/iphone/adjustments.js";
import { hasSharedData, needsSharedData, sharedData } from "../catalogue/shared-data.js";

const SEVEN: PropertyDictionary = {
  adjustmentBaseVersion: 0,
  adjustmentData: Buffer.from("deflated"),
  adjustmentEditorBundleID: "com.apple.mobileslideshow",
  adjustmentFormatIdentifier: "com.apple.photo",
  adjustmentFormatVersion: "1.11",
  adjustmentRenderTypes: 0,
  adjustmentTimestamp: new Date("2026-11-01T10:00:00Z"),
};
const seven = (changes: PropertyDictionary = {}) => ({ ...SEVEN, ...changes });
const forms = [
  ["XML", buildPropertyList],
  ["binary", buildBinaryPropertyList],
] as const;

const formatOf = (bytes: Uint8Array): string => {
  const found = readAdjustments(bytes);
  return "why" in found ? `no edit: ${found.why}` : found.formatIdentifier;
};

describe.each(forms)("the property list of an edit, %s", (_form, build) => {
  test.each([
    ["a photo's", seven(), "com.apple.photo"],
    ["a video's", seven({ adjustmentFormatIdentifier: "com.apple.video" }), "com.apple.video"],
    ["a screenshot's", seven({ adjustmentFormatIdentifier: "ScreenshotServices" }), "ScreenshotServices"],
    ["in letters beyond ASCII", seven({ adjustmentFormatIdentifier: "photo ✂ é" }), "photo ✂ é"],
    ["with signs that XML escapes", seven({ adjustmentFormatIdentifier: "a<b>&\"'c" }), "a<b>&\"'c"],
    [
      "with containers of others beside",
      seven({ more: [{ adjustmentFormatIdentifier: "x" }, []] }),
      "com.apple.photo",
    ],
    [
      "with more bytes than its header counts in four bits",
      seven({ adjustmentData: Buffer.alloc(70_000) }),
      "com.apple.photo",
    ],
    [
      "of the shape that phones wrote before iOS 18",
      seven({ adjustmentRenderTypes: undefined }),
      "com.apple.photo",
    ],
  ])("names its format: %s", (_title, list, format) => {
    expect(formatOf(build(without(list)))).toBe(format);
  });

  test.each([
    ["without a format", seven({ adjustmentFormatIdentifier: undefined }), "does not name the format"],
    ["with a number for a format", seven({ adjustmentFormatIdentifier: 7 }), "not an identifier"],
    ["with bytes for a format", seven({ adjustmentFormatIdentifier: Buffer.from("x") }), "not an identifier"],
    [
      "with a list for a format",
      seven({ adjustmentFormatIdentifier: ["com.apple.photo"] }),
      "not an identifier",
    ],
    ["with an empty format", seven({ adjustmentFormatIdentifier: "" }), "not an identifier"],
    [
      "with a format too long to be one",
      seven({ adjustmentFormatIdentifier: "x".repeat(256) }),
      "not an identifier",
    ],
    ["without data", seven({ adjustmentData: undefined }), "holds no edit"],
    ["with empty data", seven({ adjustmentData: Buffer.alloc(0) }), "holds no edit"],
    ["with a text for data", seven({ adjustmentData: "eJw=" }), "holds no edit"],
    ["with a number for a version", seven({ adjustmentFormatVersion: 1.11 }), "version"],
    ["with a format only further down", { edit: seven() }, "does not name the format"],
    ["that holds nothing", {}, "does not name the format"],
  ])("is no edit %s", (_title, list, why) => {
    expect(formatOf(build(without(list)))).toContain(why);
  });

  test("is no edit where its top is a list or a text", () => {
    for (const top of [[seven()], "com.apple.photo"])
      expect(formatOf(build(top as never))).toContain("damaged, or not a property list");
  });

  test("is no edit when it is cut off anywhere, or larger than any edit", () => {
    const whole = build(seven());
    for (let end = 0; end < whole.length - 1; end++)
      expect(formatOf(whole.subarray(0, end))).toMatch(/^no edit/);
    const large = build(seven({ adjustmentData: Buffer.alloc(MOST_ADJUSTMENTS_BYTES) }));
    expect(formatOf(large)).toContain("larger than any edit");
  });

  test("with any byte changed names a format as the whole parser does, or is no edit; it never throws", () => {
    const whole = build(seven());
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const changed = Buffer.from(whole);
        changed[at] = byte;
        const format = formatOf(changed);
        if (format.startsWith("no edit")) return;
        const list = readWhole(changed);
        if (list !== null) expect(format).toBe(textAt(list, "adjustmentFormatIdentifier"));
      }),
      { numRuns: 3_000, seed: 20261130 },
    );
  });
});

test.each([
  ["a key that is there twice", entry("adjustmentFormatIdentifier", "<string>com.apple.video</string>")],
  ["an entity that is declared nowhere", entry("other", "<string>&photo;</string>")],
  ["a name of JavaScript for an entity", entry("other", "<string>&toString;</string>")],
  ["a tag that is not closed in its turn", entry("other", "<array><dict></array></dict>")],
  ["an element of another kind", entry("other", "<bytes>AAAA</bytes>")],
  ["a value without a key", "<string>x</string>"],
  ["a key without a value", "<key>other</key>"],
  ["data that are not base64", entry("other", "<data>a b c !</data>")],
  ["text between elements", "words"],
])("an XML property list with %s is damaged", (_title, more) => {
  expect(formatOf(xml(more))).toContain("damaged");
});

test("a hundred keys are read, and more are no edit", () => {
  const keys = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`key${at}`, true]));
  for (const [, build] of forms) {
    expect(formatOf(build({ ...seven(), ...keys(93) }))).toBe("com.apple.photo");
    expect(formatOf(build({ ...seven(), ...keys(94) }))).toContain("damaged");
  }
});

test("an XML property list may hold comments, white space, and characters by their numbers", () => {
  const text = xml("<!-- <key>adjustmentFormatIdentifier</key> -->\n").toString();
  const numbered = text.replace("com.apple.photo", "c&#111;m.&#x61;pple.photo");
  expect(formatOf(Buffer.from(`\uFEFF${numbered}\n\n`))).toBe("com.apple.photo");
  expect(
    formatOf(Buffer.from(numbered.replace("<!DOCTYPE plist", "<!DOCTYPE plist [<!ENTITY a 'b'>]"))),
  ).toContain("damaged");
});

test("what is no property list is no edit: empty, words, zeros, a picture, UTF-16", () => {
  const others = [
    Buffer.alloc(0),
    Buffer.from("words"),
    Buffer.alloc(1_000),
    Buffer.from("\xff\xd8\xff\xe0", "latin1"),
    Buffer.from(`\uFEFF${xml("")}`, "utf16le"),
    Buffer.from("bplist00"),
    Buffer.from("bplist17"),
  ];
  for (const bytes of others) expect(formatOf(bytes)).toMatch(/^no edit/);
});

test("random bytes behind either beginning are no edit, and none is thrown at", () => {
  const start = fc.constantFrom("", "bplist00", '<?xml version="1.0"?><plist version="1.0"><dict>');
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 300 }), (beginning, bytes) => {
      expect(formatOf(Buffer.concat([Buffer.from(beginning), bytes]))).toMatch(/^no edit/);
    }),
    { numRuns: 2_000, seed: 20261130 },
  );
});

describe.skipIf(!hasSharedData)(`real AAE files${needsSharedData}`, () => {
  const folder = join(sharedData, "media/aae");
  test("name com.apple.photo, as the whole parser reads them", () => {
    const names = hasSharedData ? readdirSync(folder) : [];
    expect(names).toHaveLength(4);
    for (const name of names) {
      const bytes = readFileSync(join(folder, name));
      expect(formatOf(bytes)).toBe("com.apple.photo");
      expect(textAt(parseDictionary(bytes), "adjustmentFormatIdentifier")).toBe("com.apple.photo");
    }
  });

  test("of a phone on iOS 18.5 have the seven keys that the virtual phone's have, of the same types", () => {
    const real = parseDictionary(readFileSync(join(folder, "IMG_3582.AAE")));
    const made = parseDictionary(encodeAdjustments(new Date("2026-11-01T10:00:00Z"), 0.5));
    const typesOf = (list: PropertyDictionary) =>
      Object.entries(list).map(([key, value]) => [
        key,
        value?.constructor.name.replace("Buffer", "Uint8Array"),
      ]);
    expect(typesOf(made)).toEqual(typesOf(real));
    expect(Object.keys(real)).toHaveLength(7);
  });
});

/** By the parser that usbmuxd's answers are read with; null where it refuses, as for a date that is none. */
function readWhole(bytes: Uint8Array): PropertyDictionary | null {
  try {
    return parseDictionary(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(WireFormatError);
    return null;
  }
}

function without(list: PropertyDictionary): PropertyDictionary {
  return Object.fromEntries(Object.entries(list).filter(([, value]) => value !== undefined));
}

function entry(key: string, value: string): string {
  return `<key>${key}</key>${value}`;
}

/** Those of a real edit, and `more` behind them. */
function xml(more: string): Buffer {
  return Buffer.from(
    encodeAdjustments(new Date("2026-11-01T10:00:00Z"), 0.5).toString().replace("</dict>", `${more}</dict>`),
  );
}
