import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  buildBinaryPropertyList,
  buildPropertyList,
  type PropertyList,
  parseDictionary,
  parsePropertyList,
} from "../../../src/usb/wire/property-list.js";
import { WireFormatError } from "../../../src/usb/wire/wire-format-error.js";

/** Without what XML forbids, and without what its parser takes for the end of a line and gives back as such. */
const anyText = fc
  .string({ unit: "grapheme", maxLength: 30 })
  .filter((text) => !/[\r\u0085\u2028\u2029\uFFFE\uFFFF\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(text));
const anyKey = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_ ]{0,12}$/).filter((key) => key !== "__proto__");
const anyList = fc.letrec<{ value: PropertyList }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyText,
    fc.integer({ min: 0, max: 0xffff_ffff }),
    fc.boolean(),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(anyKey, tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;
const anyDictionary = fc.dictionary(anyKey, anyList, { maxKeys: 6, noNullPrototype: true });

describe("property lists", () => {
  let logged: unknown[][];
  beforeEach(() => {
    logged = [];
    for (const level of ["error", "warn", "log"] as const) {
      vi.spyOn(console, level).mockImplementation((...words: unknown[]) => void logged.push(words));
    }
  });
  afterEach(() => vi.restoreAllMocks());

  test("what is built as XML reads back the same", () => {
    fc.assert(
      fc.property(anyDictionary, (value) => {
        expect(parsePropertyList(buildPropertyList(value))).toEqual(value);
      }),
    );
  });

  test("what is built as binary reads back the same", () => {
    fc.assert(
      fc.property(anyDictionary, (value) => {
        expect(parsePropertyList(buildBinaryPropertyList(value))).toEqual(value);
      }),
    );
  });

  test("entities, comments, empty elements and data with line breaks are read", () => {
    const list = `<?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
      <plist version="1.0"><!-- a comment --><dict>
        <key>a</key><string>Anna&apos;s &lt;phone&gt; &#x1F4F1;</string>
        <key>b</key><data>
          aGVs
          bG8=
        </data><key>c</key><true/><key>d</key><array/><key>e</key><string/></dict></plist>\n\0`;
    expect(parsePropertyList(Buffer.from(list))).toEqual({
      a: "Anna's <phone> 📱",
      b: new Uint8Array(Buffer.from("hello")),
      c: true,
      d: [],
      e: "",
    });
  });

  test.each([
    ["nothing", ""],
    ["no property list", "hello"],
    ["an old-style list", '{ a = "b"; }'],
    ["another root", "<dict></dict>"],
    ["a tag left open", "<plist><dict><key>a</key><string>b</dict></plist>"],
    ["an end that never comes", "<plist><dict>"],
    ["two roots", "<plist><true/></plist><plist><true/></plist>"],
    ["an unknown element", "<plist><script>1</script></plist>"],
    ["a declared entity", '<!DOCTYPE plist [<!ENTITY a "b">]><plist><string>&a;</string></plist>'],
    ["an unknown entity", "<plist><string>&nbsp;</string></plist>"],
    ["a bare ampersand", "<plist><string>a & b</string></plist>"],
    ["text between entries", "<plist><dict>text<key>a</key><true/></dict></plist>"],
    ["a value without a key", "<plist><dict><string>a</string></dict></plist>"],
    ["a key that reaches into the object", "<plist><dict><key>__proto__</key><dict/></dict></plist>"],
    ["a CDATA section", "<plist><string><![CDATA[a]]></string></plist>"],
    ["data that is no base64", "<plist><data>!!</data></plist>"],
    ["nesting without end", `<plist>${"<array>".repeat(100_000)}`],
    ["a comment with hyphens inside", "<plist><!-- a -- b --><dict/></plist>"],
    ["more elements than any answer has", `<plist><array>${"<true/>".repeat(20_000)}</array></plist>`],
  ])("%s is refused with a WireFormatError, and nothing is logged", (_, text) => {
    expect(() => parsePropertyList(Buffer.from(text))).toThrow(WireFormatError);
    expect(logged).toEqual([]);
  });

  test("attributes say nothing, and one that comes twice is not logged", () => {
    const list = `<plist version='1.0'><dict/></plist>`.replaceAll("'", '"');
    expect(parsePropertyList(Buffer.from(list))).toEqual({});
    expect(parsePropertyList(Buffer.from(list.replace(">", ' version=">">')))).toEqual({});
    expect(logged).toEqual([]);
  });

  test("a damaged list is read or refused, never logged and never another error", () => {
    const damaged = fc
      .tuple(
        anyDictionary,
        fc.boolean(),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(),
      )
      .map(([value, isBinary, edits, cut]) => {
        const bytes = isBinary ? buildBinaryPropertyList(value) : buildPropertyList(value);
        for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
        return bytes.subarray(0, bytes.length - (cut % 3 === 0 ? cut % bytes.length : 0));
      });
    fc.assert(
      fc.property(damaged, (bytes) => {
        logged = [];
        try {
          parsePropertyList(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireFormatError);
          expect((error as Error).cause).toBeUndefined();
        }
        expect(logged).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(["a\uFFFDb", "&#0;", "&#x110000;", "&#9999999;", "&#xD800;", "&amp;#1;", "\u{10FFFF}", "\u0085"])(
    "text %j is read or refused, and nothing is logged",
    (text) => {
      const list = `<plist><dict><key>k${text}</key><string>${text}</string></dict></plist>`;
      try {
        const value = parsePropertyList(Buffer.from(list)) as Record<string, string>;
        expect(Object.entries(value)).toEqual([[`k${Object.values(value)[0]}`, expect.any(String)]]);
      } catch (error) {
        expect(error).toBeInstanceOf(WireFormatError);
      }
      expect(logged).toEqual([]);
    },
  );

  test("a name with a replacement character is read as it is", () => {
    const value = { "a\uFFFDb": "c\uFFFDd" };
    expect(parsePropertyList(buildPropertyList(value))).toEqual(value);
    expect(logged).toEqual([]);
  });

  test("an error never quotes the list", () => {
    const secret = "MARKER-5f2c";
    for (const text of [
      `<plist><dict><key>${secret}</dict></plist>`,
      `<plist><${secret}/></plist>`,
      secret,
    ]) {
      const error = caught(() => parsePropertyList(Buffer.from(text)));
      expect(`${error} ${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain(secret);
    }
  });

  test("a binary list that unfolds into billions of values is refused at once", () => {
    // Forty arrays, each holding the next one twice.
    const objects = Array.from({ length: 40 }, (_, i) => [0xa2, i + 1, i + 1]);
    const bytes = binaryList([...objects, [0x09]]);
    expect(() => parsePropertyList(bytes)).toThrow(WireFormatError);
  });

  test("a binary list that contains itself is refused", () => {
    expect(() => parsePropertyList(binaryList([[0xa1, 0]]))).toThrow(WireFormatError);
  });

  test("data of a binary list is never longer than the list", () => {
    const neighbour = Buffer.alloc(4096, "x");
    const list = binaryList([[0x4f, 0x11, 0x0f, 0xff]]);
    list.copy(neighbour, 16);
    expect(() => parsePropertyList(neighbour.subarray(16, 16 + list.length))).toThrow(WireFormatError);
  });

  test("a list that is no dictionary is refused where one is needed", () => {
    expect(() => parseDictionary(buildPropertyList(["a"]))).toThrow("not a dictionary");
  });
});

function binaryList(objects: number[][]): Buffer {
  const offsets: number[] = [];
  let at = 8;
  for (const object of objects) {
    offsets.push(at);
    at += object.length;
  }
  const trailer = Buffer.alloc(32);
  trailer[6] = 1;
  trailer[7] = 1;
  trailer.writeBigUInt64BE(BigInt(objects.length), 8);
  trailer.writeBigUInt64BE(BigInt(at), 24);
  return Buffer.concat([Buffer.from("bplist00"), Buffer.from(objects.flat()), Buffer.from(offsets), trailer]);
}

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
