// The worst input that each parser of foreign bytes takes, at the largest size that it allows. Run from the built
// program, in a process that can be ended: see worst-cases.test.ts. A row is [what the input is, what reads it].

import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { modelVersionOf } from "../../dist/catalogue/core-data-model-version.js";
import { refusalOfRecipe } from "../../dist/catalogue/edit-recipe.js";
import { groupFolder } from "../../dist/catalogue/group-files.js";
import { readPhoneLibrary } from "../../dist/catalogue/phone-library.js";
import { readCatalogue } from "../../dist/catalogue/read-catalogue.js";
import { parseSince } from "../../dist/cli/dates.js";
import { readConfig } from "../../dist/cli/process/config-file.js";
import { errorLines } from "../../dist/cli/terminal/error-lines.js";
import { fitToScreen } from "../../dist/cli/terminal/fit-to-screen.js";
import { startOf } from "../../dist/integrations/how-to-start.js";
import { idleSleepMinutes } from "../../dist/integrations/idle-sleep.js";
import { AGENT_LABEL } from "../../dist/integrations/launchd/agent-plist.js";
import { agentState } from "../../dist/integrations/launchd/agent-state.js";
import { libraryAmongOpenFiles } from "../../dist/jxa/open-files.js";
import { envelopeFromError, readEnvelope } from "../../dist/jxa/osascript-answer.js";
import { areLivePhotoHalves } from "../../dist/media/live-photo-halves.js";
import { modelVersionIn } from "../../dist/originals/model-version.js";
import { requireAlbum } from "../../dist/plan/require-album.js";
import { selectionTest } from "../../dist/plan/selection.js";
import { callTheRoll } from "../../dist/receipt/call-the-roll.js";
import { readChecksumList } from "../../dist/receipt/checksum-list.js";
import { smallPictureOf } from "../../dist/run/small-picture.js";
import { escapeControls } from "../../dist/text/escape-controls.js";
import { DistinctPlaces, safeRelativePath } from "../../dist/transfer/safe-file-name.js";
import { parseAfcFileInfo, parseNames } from "../../dist/usb/afc/afc-file-info.js";
import { encodeAfcDataHeader } from "../../dist/usb/afc/afc-packet.js";
import { AnswerReader } from "../../dist/usb/afc/answer-reader.js";
import { listTree } from "../../dist/usb/afc/list-tree.js";
import { LOCKDOWN_MAX_BODY_BYTES } from "../../dist/usb/lockdown/lockdown-packet.js";
import { usbmuxAddress } from "../../dist/usb/usbmux/usbmux-address.js";
import { parsePropertyList } from "../../dist/usb/wire/property-list.js";
import { Waiting } from "../../dist/usb/wire/waiting.js";

const MIB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), "rollcall-worst-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** What is refused is as well as what is read: it has ended. What is no answer of a parser is a fault. */
function orRefused(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw error;
    return error;
  }
}

const filled = (before, unit, after, bytes) =>
  before + unit.repeat(Math.floor((bytes - before.length - after.length) / Buffer.byteLength(unit))) + after;

// Property lists: 1 MiB from usbmuxd, 4 MiB from a phone that nobody trusts yet.

const [DICT, END] = ['<plist version="1.0"><dict>', "</dict></plist>"];
const [TEXT, END_OF_TEXT] = [`${DICT}<key>a</key><string>`, `</string>${END}`];
const propertyLists = [
  ["blanks between elements", DICT, " ", END],
  ["newlines between elements", DICT, "\n", END],
  ["blanks after the end", DICT + END, " ", ""],
  ["NULs after the end", DICT + END, "\0", ""],
  ["NULs and blanks in the middle", DICT, "\0 ", END],
  ["blanks before the beginning", "", " ", DICT + END],
  ["blanks in a tag", "<plist><dict", " ", `/></plist>`],
  ["blanks in a tag that is not closed", "<plist><dict", " ", "!"],
  ["letters in a tag", "<plist><", "a", ">"],
  ["attributes", "<plist", ' a="b"', `><dict/></plist>`],
  ["attributes, and no end of the tag", "<plist", ' a="b"', ""],
  ["blanks around an attribute", "<plist a", " ", `="b"><dict/></plist>`],
  ["comments before it", "", "<!-- -->", DICT + END],
  ["comments inside of it", DICT, "<!-- -->", END],
  ["a comment that is not closed", DICT, "<!--", END],
  ["a comment of hyphens", `${DICT}<!--`, "- ", `-->${END}`],
  ["a declaration", "<?xml", " a", `?>${DICT}${END}`],
  ["a document type", "<!DOCTYPE plist", " ", `>${DICT}${END}`],
  ["a document type that is not closed", "<!DOCTYPE", " ", ""],
  ["references", TEXT, "&amp;", END_OF_TEXT],
  ["references by number", TEXT, "&#65;", END_OF_TEXT],
  ["references that are none", TEXT, "&", END_OF_TEXT],
  ["replacement characters", TEXT, "\uFFFD", END_OF_TEXT],
  ["a long text", TEXT, "a", END_OF_TEXT],
  ["empty elements", "<plist><array>", "<true/>", "</array></plist>"],
  ["texts", "<plist><array>", "<string>a</string>", "</array></plist>"],
  ["keys", DICT, "<key>a</key><true/>", END],
  ["nested arrays", "<plist>", "<array>", ""],
  [
    "nested arrays, again and again",
    "<plist><array>",
    `${"<array>".repeat(60)}${"</array>".repeat(60)}`,
    "</array></plist>",
  ],
  ["data", `${DICT}<key>a</key><data>`, "AAAA", `</data>${END}`],
  ["data with blanks", `${DICT}<key>a</key><data>`, " A", `</data>${END}`],
  ["a whole number", `${DICT}<key>a</key><integer>`, "9", `</integer>${END}`],
  ["a number", `${DICT}<key>a</key><real>0.`, "0", `1</real>${END}`],
  ["a date", `${DICT}<key>a</key><date>`, "(", `</date>${END}`],
  ["opening brackets", DICT, "<", END],
].map(([what, before, unit, after]) => [
  `a property list with 4 MiB of ${what}`,
  () => orRefused(() => parsePropertyList(Buffer.from(filled(before, unit, after, LOCKDOWN_MAX_BODY_BYTES)))),
]);

/** Objects as they are, with offsets and references of four bytes. */
function binaryList(objects) {
  const offsets = Buffer.alloc(objects.length * 4);
  let at = 8;
  for (const [index, object] of objects.entries()) {
    offsets.writeUInt32BE(at, index * 4);
    at += object.length;
  }
  const trailer = Buffer.alloc(32);
  trailer.set([4, 4], 6);
  trailer.writeBigUInt64BE(BigInt(objects.length), 8);
  trailer.writeBigUInt64BE(BigInt(at), 24);
  return Buffer.concat([Buffer.from("bplist00"), ...objects, offsets, trailer]);
}

function sized(kind, count, content) {
  const head = Buffer.from([(kind << 4) | 15, 0x12, 0, 0, 0, 0]);
  head.writeUInt32BE(count, 2);
  return Buffer.concat([head, content]);
}

function references(kind, count, numbers) {
  const content = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) content.writeUInt32BE(number, index * 4);
  return sized(kind, count, content);
}

const array = (numbers) => references(0xa, numbers.length, numbers);
const repeated = (count, number) => Array.from({ length: count }, () => number);
const NEARLY_ALL = 4 * MIB - 200;
const binaryLists = [
  ["one text", () => binaryList([sized(5, NEARLY_ALL, Buffer.alloc(NEARLY_ALL, 97))])],
  [
    "one text four times",
    () => binaryList([array([1, 1, 1, 1]), sized(5, NEARLY_ALL, Buffer.alloc(NEARLY_ALL, 97))]),
  ],
  [
    "texts within the limit",
    () => binaryList([array(repeated(64, 1)), sized(5, 16_000, Buffer.alloc(16_000, 97))]),
  ],
  [
    "data four times",
    () => binaryList([array([1, 1, 1, 1]), sized(4, NEARLY_ALL, Buffer.alloc(NEARLY_ALL))]),
  ],
  ["references to one value", () => binaryList([array(repeated(1_000_000, 1)), Buffer.from([9])])],
  ["as many values as may be", () => binaryList([array(repeated(99_990, 1)), Buffer.from([9])])],
  [
    "keys",
    () =>
      binaryList([
        references(0xd, 49_990, [...repeated(49_990, 1), ...repeated(49_990, 2)]),
        Buffer.from([0x51, 97]),
        Buffer.from([9]),
      ]),
  ],
  ["values that nothing refers to", () => binaryList([array([1]), ...repeated(800_000, Buffer.from([9]))])],
  ["an array of itself", () => binaryList([array([0, 0])])],
  [
    "arrays of two that double each time",
    () => binaryList([...Array.from({ length: 60 }, (_, at) => array([at + 1, at + 1])), Buffer.from([9])]),
  ],
].map(([what, made]) => [
  `a binary property list of ${what}`,
  () => orRefused(() => parsePropertyList(made())),
]);

/** One dictionary with as many keys as fit, none of which is the one that is looked for. */
const manyKeys = () => {
  const count = Math.floor((MIB - 100) / 8);
  return binaryList([
    references(0xd, count, [...repeated(count, 1), ...repeated(count, 1)]),
    Buffer.from([0x5e, ...Buffer.from("PLModelVersioX")]),
  ]);
};

// AFC: 16 MiB of names, 64 KiB of a description, answers in whatever pieces.

async function listedFolder(names, fileType = "S_IFREG") {
  const info = {
    fileType,
    sizeBytes: 1,
    blocks: 1,
    linkCount: 1,
    modifiedAtNs: 1n,
    bornAtNs: 1n,
    linkTarget: null,
  };
  const source = { readDir: async (path) => (path === "/DCIM" ? names : []), getFileInfo: async () => info };
  let seen = 0;
  for await (const _ of listTree(source, "/DCIM", new Waiting(undefined))) seen += 1;
  if (seen !== names.length) throw new Error(`${seen} of ${names.length} were told`);
}

function answersByteByByte() {
  const packet = Buffer.concat([encodeAfcDataHeader(1, MIB), Buffer.alloc(MIB)]);
  let taken = 0;
  const reader = new AnswerReader(() => ({ room: (bytes) => Buffer.alloc(bytes), take: () => (taken += 1) }));
  for (let at = 0; at < packet.length; at += 1) reader.push(packet.subarray(at, at + 1));
  if (taken !== 1) throw new Error("the answer was not taken");
}

// Pictures and videos: as large as a phone likes.

const atom = (type, ...parts) => {
  const content = Buffer.concat(parts);
  const head = Buffer.alloc(8, type, "latin1");
  head.writeUInt32BE(8 + content.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, content]);
};
const bigEndian = (...numbers) => {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number, index * 4);
  return bytes;
};
const KEY = "com.apple.quicktime.content.identifier";
const video = (keys, values) =>
  Buffer.concat([
    atom("ftyp", Buffer.from("qt  ")),
    atom("moov", atom("meta", atom("keys", bigEndian(0, keys.length), ...keys), atom("ilst", ...values))),
  ]);
const SOUND_MOVIE = video(
  [atom("mdta", Buffer.from(KEY))],
  [atom("\0\0\0\x01", atom("data", bigEndian(1, 0), Buffer.from("3F2504E0-4F89-11D3-9A0C-0305E82C3301")))],
);

/** A TIFF block whose Apple maker note has one text of so many bytes as its content identifier. */
function tiffWithText(text) {
  const entry = (tag, type, count, value) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(tag, 0);
    bytes.writeUInt16BE(type, 2);
    bytes.writeUInt32BE(count, 4);
    bytes.writeUInt32BE(value, 8);
    return bytes;
  };
  const noteHead = Buffer.from("Apple iOS\0\0\x01MM", "latin1");
  const textAt = noteHead.length + 2 + 12 + 4;
  const note = Buffer.concat([
    noteHead,
    Buffer.from([0, 1]),
    entry(0x11, 2, text.length, textAt),
    bigEndian(0),
    text,
  ]);
  const exifAt = 8 + 2 + 12 + 4;
  const noteAt = exifAt + 2 + 12 + 4;
  return Buffer.concat([
    Buffer.from("MM\0*", "latin1"),
    bigEndian(8),
    Buffer.from([0, 1]),
    entry(0x8769, 4, 1, exifAt),
    bigEndian(0),
    Buffer.from([0, 1]),
    entry(0x927c, 7, note.length, noteAt),
    bigEndian(0),
    note,
  ]);
}

function jpeg(...segments) {
  const marked = segments.map(([marker, content]) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(content.length + 2, 2);
    return Buffer.concat([head, content]);
  });
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...marked]);
}

const heic = (iloc, entries = [atom("infe", Buffer.from([2, 0, 0, 0, 0, 1, 0, 0]), Buffer.from("Exif"))]) =>
  Buffer.concat([
    atom("ftyp", Buffer.from("heic")),
    atom("meta", bigEndian(0), atom("iinf", Buffer.from([0, 0, 0, 0, 0, 1]), ...entries), iloc),
  ]);

/** Items of another id, each with 65,535 extents whose fields have no width. */
function emptyExtents(bytes) {
  const items = Buffer.alloc(bytes);
  for (let at = 0; at + 6 <= bytes; at += 6) items.set([0, 2, 0, 0, 0xff, 0xff], at);
  return atom("iloc", Buffer.from([0, 0, 0, 0, 0, 0, 0xff, 0xff]), items);
}

function halves(still, video = SOUND_MOVIE) {
  const [stillPath, videoPath] = [join(folder, "still"), join(folder, "video")];
  writeFileSync(stillPath, still);
  writeFileSync(videoPath, video);
  return areLivePhotoHalves(stillPath, videoPath);
}

const nuls = (bytes) => Buffer.concat([Buffer.alloc(bytes), Buffer.from("a")]);
const pictures = [
  [
    "a JPEG whose maker note is 64 KiB of NULs",
    () => halves(jpeg([0xe1, Buffer.concat([Buffer.from("Exif\0\0"), tiffWithText(nuls(65_000))])])),
  ],
  ["a RAW whose maker note is 1 MiB of NULs", () => halves(tiffWithText(nuls(MIB - 200)))],
  ["a JPEG of segments alone", () => halves(jpeg(...repeated(100_000, [0xe0, Buffer.alloc(8)])))],
  ["a HEIC with 60 KB of empty extents", () => halves(heic(emptyExtents(60_000)))],
  ["a HEIC with 4 MB of empty extents", () => halves(heic(emptyExtents(4 * MIB - 100)))],
  [
    "a HEIC with an iloc of more than 4 GiB of items",
    () =>
      halves(
        heic(atom("iloc", Buffer.from([2, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]), Buffer.alloc(4 * MIB))),
      ),
  ],
  [
    "a HEIC with 100,000 entries",
    () => halves(heic(emptyExtents(100), repeated(100_000, atom("infe", Buffer.alloc(12))))),
  ],
  [
    "a HEIC of 100,000 boxes",
    () => halves(Buffer.concat([atom("ftyp", Buffer.from("heic")), ...repeated(100_000, atom("free"))])),
  ],
  [
    "a video of 100,000 boxes",
    () => halves(heic(emptyExtents(100)), Buffer.concat(repeated(100_000, atom("free")))),
  ],
  [
    "a video with 100,000 keys",
    () =>
      halves(heic(emptyExtents(100)), video(repeated(100_000, atom("mdta", Buffer.alloc(KEY.length))), [])),
  ],
  [
    "a video with 100,000 values",
    () =>
      halves(
        heic(emptyExtents(100)),
        video([atom("mdta", Buffer.from(KEY))], repeated(100_000, atom("\0\0\0\x02"))),
      ),
  ],
  [
    "a video of 1 TB that is one box",
    () => {
      const path = join(folder, "video");
      const file = openSync(path, "w");
      writeSync(file, bigEndian(1, 0x6d646174, 0xff, 0));
      ftruncateSync(file, 2 ** 40);
      closeSync(file);
      return areLivePhotoHalves(path, path);
    },
  ],
];

// The recipe of an edit, 4 MiB, and a small picture, 256 KiB.

const RECIPE_BYTES = 4 * MIB;
const xmlRecipe = (before, unit, after) =>
  refusalOfRecipe(Buffer.from(filled(DICT + before, unit, after + END, RECIPE_BYTES)));

/** A dictionary of 100 keys, all of them of one text as long as there is room for. */
function binaryRecipe() {
  const count = 100;
  const references = (of) => Buffer.from(Array.from({ length: count }, (_, at) => of(at)));
  const dictionary = Buffer.concat([
    Buffer.from([0xdf, 0x10, count]),
    references((at) => at + 2),
    references(() => 1),
  ]);
  const letters = RECIPE_BYTES - 2_000;
  const text = Buffer.concat([Buffer.from([0x5f, 0x12]), bigEndian(letters), Buffer.alloc(letters, "a")]);
  const keys = Array.from({ length: count }, (_, at) => Buffer.from(`\x53${100 + at}`));
  const objects = [dictionary, text, ...keys];
  let place = 8;
  const offsets = objects.map(({ length }) => {
    place += length;
    return bigEndian(place - length);
  });
  const trailer = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 4, 1]), Buffer.alloc(24)]);
  trailer.writeUInt32BE(objects.length, 12);
  trailer.writeUInt32BE(place, 28);
  return refusalOfRecipe(Buffer.concat([Buffer.from("bplist00"), ...objects, ...offsets, trailer]));
}

/** @throws where it is refused for another reason: then the case is none */
function becauseOfFormat(refusal) {
  if (!refusal.includes("name the format")) throw new TypeError(refusal);
}

const recipes = [
  ["a recipe of comments", () => becauseOfFormat(xmlRecipe("", "<!---->", ""))],
  ["a recipe of comments that are not closed", () => xmlRecipe("", "<!--", "")],
  ["a recipe of tags", () => becauseOfFormat(xmlRecipe("<key>a</key><array>", "<a/>", "</array>"))],
  ["a recipe of one tag that is not closed", () => xmlRecipe("<key>a</key><true", " ", "")],
  [
    "a recipe of references",
    () => becauseOfFormat(xmlRecipe("<key>a</key><array>", `${"&lt;".repeat(1_000)}<true/>`, "</array>")),
  ],
  ["a recipe of nested arrays", () => xmlRecipe("<key>a</key>", "<array>", "")],
  ["a recipe of base64", () => becauseOfFormat(xmlRecipe("<key>a</key><data>", "AAAA", "</data>"))],
  ["a binary recipe of 100 keys with one text of 4 MiB", () => becauseOfFormat(binaryRecipe()), 250],
  [
    "a small picture of fill bytes",
    () => smallPictureOf(Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(256 * 1024, 0xff)])),
  ],
  [
    "a small picture of segments alone",
    () =>
      smallPictureOf(
        Buffer.concat([Buffer.from([0xff, 0xd8]), ...repeated(65_000, Buffer.from([0xff, 0xe0, 0, 2]))]),
      ),
  ],
];

// The phone's database.

const PHOTOS = `
  CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZDIRECTORY VARCHAR, ZFILENAME VARCHAR, ZTRASHEDSTATE INTEGER, ZHIDDEN INTEGER);
  CREATE TABLE ZADDITIONALASSETATTRIBUTES (Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZORIGINALFILENAME VARCHAR);
  CREATE TABLE ZGENERICALBUM (Z_PK INTEGER PRIMARY KEY, ZKIND INTEGER, ZTITLE VARCHAR);
  CREATE TABLE Z_30ASSETS (Z_30ALBUMS INTEGER, Z_3ASSETS INTEGER);`;
const numbers = (from, to) =>
  `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;
const inAlbums = (photos, each, albums) => `${PHOTOS}
  ${numbers(1, photos)} INSERT INTO ZASSET SELECT i, 'DCIM/100APPLE', 'IMG_' || i || '.HEIC', 0, 0 FROM n;
  ${numbers(1, albums)} INSERT INTO ZGENERICALBUM SELECT i, 2, 'Album ' || i FROM n;
  ${numbers(0, photos * each - 1)} INSERT INTO Z_30ASSETS
    SELECT 1 + (i / ${each} * 7919 + i % ${each} * ${Math.floor(albums / each)}) % ${albums}, 1 + i / ${each} FROM n;`;

async function phoneLibrary(schema, isRight) {
  const path = join(folder, "Photos.sqlite");
  rmSync(path, { force: true });
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; ${schema} COMMIT`);
  database.close();
  const { openSync, readSync, statSync } = await import("node:fs");
  const phone = {
    describe: async (file) =>
      file.endsWith(".sqlite")
        ? { path: file, sizeBytes: statSync(path).size, modifiedAtMs: 1, bornAtMs: 1 }
        : null,
    async *readPieces(_file, pieces) {
      const descriptor = openSync(path, "r");
      for (const { offset, sizeBytes } of pieces) {
        const chunk = Buffer.alloc(sizeBytes);
        yield chunk.subarray(0, readSync(descriptor, chunk, 0, sizeBytes, offset));
      }
    },
  };
  const library = await readPhoneLibrary(phone, { workFolder: folder }).catch((error) => error);
  if (!isRight(library)) throw new Error(`it was read otherwise: ${library}`);
}

const memberships = (library) => {
  let sum = 0;
  for (const { albums } of library.rows()) sum += albums.length;
  return sum;
};

// Names, of which a phone has as many as it likes.

/** Names that differ in nothing but the case of their letters. */
const caseVariants = (count) =>
  Array.from({ length: count }, (_, at) =>
    [..."abcdefghijklmnopqr"]
      .map((letter, bit) => ((at >> bit) & 1 ? letter.toUpperCase() : letter))
      .join(""),
  );
const fileAt = (path) => ({ path, sizeBytes: 1, modifiedAtMs: 1, bornAtMs: 1 });

async function oneStem(count) {
  const paths = caseVariants(count).map((stem) => `/DCIM/100APPLE/${stem}.JPG`);
  const edit = "/PhotoData/Mutations/DCIM/100APPLE/abcdefghijklmnopqr/Adjustments/FullSizeRender.jpg";
  const rows = [{ path: paths[0], edited: true, bytesHere: "yes" }];
  const library = {
    rows: () => rows,
    find: () => null,
    without: () => [],
    partsAway: () => [],
    summary: {},
  };
  const phone = {
    async *list(below) {
      if (below === "/DCIM") for (const path of paths) yield { type: "file", file: fileAt(path) };
      if (below === "/PhotoData/Mutations") yield { type: "file", file: fileAt(edit) };
    },
  };
  const { items } = await readCatalogue(phone, { phoneLibrary: library });
  if (items.length !== count) throw new Error(`${items.length} items of ${count}`);
}

function distinctPlaces(count) {
  const places = new DistinctPlaces(true);
  for (const stem of caseVariants(count)) places.placeFor(`/DCIM/100APPLE/${stem}.JPG`);
  for (const stem of caseVariants(count)) places.placeFor(`/DCIM/100APPLE~2/${stem}.JPG`);
}

const itemCalled = (name, albums = []) => ({
  kind: "photo",
  key: `/DCIM/100APPLE/${name}`,
  files: [{ role: "original", file: fileAt(`/DCIM/100APPLE/${name}`) }],
  library: { albums },
});

function selected(selection, items) {
  const isChosen = selectionTest(selection);
  for (const item of items) isChosen(item);
}

const names = [
  [
    "a folder of 200,000 names",
    () => listedFolder(Array.from({ length: 200_000 }, (_, at) => `IMG_${at}.JPG`)),
  ],
  [
    "a folder of 150,000 names that cannot be used",
    () => listedFolder(Array.from({ length: 150_000 }, (_, at) => `a/${at}`)),
  ],
  ["16 MiB of names of one letter", () => parseNames(Buffer.alloc(16 * MIB, "a\0"))],
  ["16 MiB of empty names", () => parseNames(Buffer.alloc(16 * MIB))],
  [
    "a description of 64 KiB of keys",
    () => orRefused(() => parseAfcFileInfo(Buffer.alloc(64 * 1024, "a\0b\0"))),
  ],
  [
    "a size of 64 KiB of digits",
    () =>
      orRefused(() =>
        parseAfcFileInfo(Buffer.from(filled("st_ifmt\0S_IFREG\0st_size\0", "9", "\0", 64 * 1024))),
      ),
  ],
  ["an answer of 1 MiB, byte by byte", answersByteByByte],
  ["130,000 names of one stem, one of them edited", () => oneStem(130_000)],
  [
    "130,000 names of one stem in one folder",
    () => groupFolder(caseVariants(130_000).map((stem) => fileAt(`/DCIM/${stem}.JPG`))),
  ],
  ["twice 30,000 names that a Mac takes for one", () => distinctPlaces(30_000)],
  [
    "5,000 names of 1,000 bytes",
    () => {
      for (let at = 0; at < 5_000; at += 1) safeRelativePath(`/DCIM/${"é".repeat(480)}${at}.JPG`);
    },
  ],
  [
    "a name pattern of stars, and 200 names that nearly fit",
    () => selected({ name: `${"*a".repeat(20)}*b` }, repeated(200, itemCalled("a".repeat(255)))),
  ],
  [
    "a name pattern of braces",
    () => selected({ name: "{*a,a*}".repeat(500) }, repeated(4, itemCalled("a".repeat(255)))),
  ],
  ["a folder of 1 MiB of slashes", () => selected({ folder: `a${"/".repeat(MIB)}a` }, [itemCalled("a")])],
  [
    "an album chosen from 25,000 photos in 200 each",
    () => {
      const titles = Array.from({ length: 200 }, (_, at) => `Ånd ${at}`);
      selected({ album: "x" }, repeated(25_000, itemCalled("a", titles)));
    },
  ],
  [
    "an album that is not among 100,000",
    () =>
      orRefused(() =>
        requireAlbum(
          { album: "x".repeat(64) },
          { albums: Array.from({ length: 100_000 }, (_, at) => `${"y".repeat(58)}${at}`) },
        ),
      ),
  ],
  [
    "a photo with 25,000 files of its name beside it, all set aside",
    () => {
      const file = (path) => ({ path, sizeBytes: 1, modifiedAtMs: 0, bornAtMs: null });
      const key = "/DCIM/100APPLE/IMG_0001.JPG";
      const setAside = Array.from({ length: 25_000 }, (_, at) => ({
        file: file(`/DCIM/100APPLE/IMG_0001.X${at}`),
        ...{ code: "UNKNOWN_KIND", message: "m", item: key },
      }));
      const item = { key, kind: "photo", library: null, takenAtMs: null, stem: "IMG_0001" };
      const files = [{ role: "original", file: file(key) }];
      const decisions = [
        { action: "leave", answer: "not-chosen", reason: null, newEdits: [], item: { ...item, files } },
      ];
      const lists = { items: [], cloudOnly: [], awayParts: [], unreadable: [], folders: [] };
      const plan = { catalogue: { ...lists, setAside, phoneLibrary: null }, decisions };
      const answers = [...callTheRoll({ plan, runId: "r", imported: new Map() })];
      if (answers.length !== 25_001) throw new TypeError(`${answers.length} answers`);
    },
  ],
  ["a phone's text of 4 MiB of control characters", () => escapeControls("\u0007".repeat(4 * MIB))],
];

// What programs of macOS print, and files on this computer.

const printed = (stdout) => async () => ({ kind: "ended", status: 0, stdout, stderr: "" });
const outputs = [
  ["launchctl, 1 MiB of empty lines", () => agentState(printed(`${AGENT_LABEL}${"\n".repeat(MIB)}`), 501)],
  [
    "launchctl, 1 MiB of blocks that are not closed",
    () => agentState(printed(filled(AGENT_LABEL, "\narguments = {\n", "", MIB)), 501),
  ],
  ["pmset, 1 MiB of empty lines", () => idleSleepMinutes(printed("\n".repeat(MIB)))],
  ["pmset, 1 MiB of blanks", () => idleSleepMinutes(printed(" ".repeat(MIB)))],
  [
    "lsof, 64 MiB of names",
    () => libraryAmongOpenFiles(filled("", "n/database/Photos.sqlit\n", "", 64 * MIB)),
  ],
  [
    "osascript, 60 MiB of one text",
    () => readEnvelope("x", JSON.stringify({ ok: true, value: "a".repeat(60 * MIB) })),
  ],
  ["osascript, 60 MiB that are no JSON", () => orRefused(() => readEnvelope("x", " ".repeat(60 * MIB)))],
  ["osascript, an error of 60 MiB of numbers", () => envelopeFromError("(-1)".repeat(15 * MIB))],
  ["a start script of 1 MiB of quotes", () => startOf(filled("node=", "''", "x\n", MIB))],
  ["a start script of 1 MiB of lines that open a quote", () => startOf(filled("", "a='''x\n", "", MIB))],
  [
    "a list of hashes of 32 MiB",
    async () => {
      writeFileSync(join(folder, "rollcall.sha256"), filled("", `${"a".repeat(64)}  a\n`, "", 32 * MIB));
      await readChecksumList(folder);
    },
  ],
  [
    "a list of hashes whose one name is 16 MiB of backslashes",
    async () => {
      writeFileSync(join(folder, "rollcall.sha256"), filled(`\\${"a".repeat(64)}  `, "\\n", "\n", 16 * MIB));
      await readChecksumList(folder);
    },
  ],
  [
    "a config file of 1 MiB of names",
    async () => {
      writeFileSync(
        join(folder, "config.json"),
        `{${Array.from({ length: 80_000 }, (_, at) => `"${at}":1`).join()}}`,
      );
      await readConfig(folder).catch((error) => errorLines(error));
    },
  ],
  [
    "an error with 1 MiB of blanks",
    () => errorLines({ code: "BAD_USAGE", message: `a${" ".repeat(MIB)}a`, remedy: "\n".repeat(MIB) }),
  ],
  ["a line of 1 MiB of blanks on a screen", () => fitToScreen(`a${" ".repeat(MIB)}`, 80)],
  ["a line of 1 MiB of words on a screen", () => fitToScreen("a ".repeat(MIB / 2), 80)],
  ["a line of 64 KiB of paths on a screen", () => fitToScreen("/a b ".repeat(13_000), 80)],
  ["a date of 1 MiB", () => orRefused(() => parseSince("--since", "1".repeat(MIB)))],
  ["a date of 1 MiB of blanks", () => orRefused(() => parseSince("--since", `1${" ".repeat(MIB)}d`))],
  ["the address of a usbmuxd of 1 MiB", () => orRefused(() => usbmuxAddress(`[${":".repeat(MIB)}`))],
];

/** Name, what to do, and how many megabytes the process may have held when it is done, where that is the point. */
const cases = [
  ...propertyLists,
  ...binaryLists,
  ["the number of the model among 1 MiB of keys of a phone's database", () => modelVersionOf(manyKeys())],
  ["the number of the model among 1 MiB of keys of a library", () => modelVersionIn(manyKeys())],
  ...pictures,
  ...recipes,
  [
    "a phone's database that joins each of 2,000 rows with each of 2,000",
    () =>
      phoneLibrary(
        `${PHOTOS.replace("ZASSET (Z_PK INTEGER PRIMARY KEY", "ZASSET (Z_PK INTEGER")}
       ${numbers(1, 2_000)} INSERT INTO ZASSET SELECT 1, 'DCIM/100APPLE', 'IMG_' || i || '.HEIC', 0, 0 FROM n;
       ${numbers(1, 2_000)} INSERT INTO ZADDITIONALASSETATTRIBUTES SELECT i, 1, 'a' FROM n;`,
        ({ code, why }) => code === "PHONE_LIBRARY_UNREADABLE" && why.includes("again and again"),
      ),
  ],
  [
    "a phone's database of 20,000 folders a thousand deep",
    () =>
      phoneLibrary(
        `${PHOTOS} ${numbers(1, 20_000)} INSERT INTO ZASSET SELECT i, 'DCIM/' || i || replace(hex(zeroblob(480)), '00', '/a'), 'a.JPG', 0, 0 FROM n;`,
        // None is a place on a phone: each is answered by its number.
        (library) =>
          [...library.rows()].filter(({ path }) => path.startsWith("/PhotoData/Photos.sqlite/ZASSET/"))
            .length === 20_000,
      ),
  ],
  [
    "a phone's database of 5,000 photos in 100 of 5,000 albums each",
    () => phoneLibrary(inAlbums(5_000, 100, 5_000), (library) => memberships(library) === 500_000),
    300,
  ],
  ...names,
  ...outputs,
];

process.on("message", async (number) => {
  const [, work] = cases[number];
  try {
    await work();
    process.send({ outcome: "done", mostMb: mostMb() });
  } catch (error) {
    process.send({ outcome: String(error?.stack ?? error), mostMb: 0 });
  }
});
/** Linux counts what the parent had before exec into maxRSS; VmHWM is this program's own. */
function mostMb() {
  const own = existsSync("/proc/self/status")
    ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))
    : null;
  return (own === null ? process.resourceUsage().maxRSS : Number(own[1])) / 1024;
}

process.send(cases.map(([name, , mostMb = null]) => ({ name, mostMb })));
