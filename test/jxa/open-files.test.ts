import { describe, expect, test } from "vitest";
import { libraryAmongOpenFiles } from "../../src/jxa/open-files.js";

const own = "/Users/eva/Pictures/Photos Bibliothek.photoslibrary";
const second = "/Volumes/Fotos/Archiv.photoslibrary";
const shared = "/Users/eva/Library/Photos/Libraries/Syndication.photoslibrary";

/** What `lsof -nP -Fn -p PID` prints for a Photos that has these files open. */
function lsof(...files: readonly string[]): string {
  return ["p4711", ...files.flatMap((file, at) => [`f${at + 20}`, `n${file}`])].join("\n");
}
const database = (library: string) => `${library}/database/Photos.sqlite`;

describe("the library that Photos has open, among the files that lsof lists", () => {
  const rows: readonly [what: string, files: readonly string[], library: string | null][] = [
    [
      "is the package around database/Photos.sqlite",
      ["/Applications/Photos", `${database(own)}-wal`, database(own)],
      own,
    ],
    ["is found though lsof lists its database twice", [database(own), database(own)], own],
    ['is never "Shared with You", which comes first', [database(shared), database(own)], own],
    ['is never "Shared with You", which comes last', [database(own), database(shared)], own],
    ['is not known where only "Shared with You" is open', [database(shared)], null],
    [
      'is never "Shared with You", spelled in any case',
      [database("/Users/eva/library/PHOTOS/libraries/syndication.PhotosLibrary"), database(own)],
      own,
    ],
    [
      'is never "Shared with You" of another home folder',
      [database("/Volumes/Homes/jo/Library/Photos/Libraries/Syndication.photoslibrary"), database(own)],
      own,
    ],
    [
      "is never another library of the system's own, beside or inside it",
      [
        database("/Users/eva/Library/Photos/Libraries/Other.photoslibrary"),
        database(`${shared}/scopes/x`),
        database(own),
      ],
      own,
    ],
    ["is no library inside the person's own", [database(`${own}/scopes/syndication`), database(own)], own],
    ["is not known where two are open", [database(own), database(second)], null],
    [
      'is not known where two are open beside "Shared with You"',
      [database(shared), database(second), database(own)],
      null,
    ],
    [
      "is not known where a package elsewhere has the name of the system's",
      [database("/Users/eva/Pictures/Syndication.photoslibrary")],
      null,
    ],
    ["is not known where no such file is open", ["/Users/eva/Photos.sqlite", "pipe"], null],
    ["is not known where its path could not be printed", [database("/L/\\xc3\\xa9.photoslibrary")], null],
    [
      "is not known where the path of a second one could not be printed",
      [database(own), database("/L/\\xc3\\xa9.photoslibrary")],
      null,
    ],
  ];
  test.each(rows)("%s", (_what, files, library) => {
    expect(libraryAmongOpenFiles(lsof(...files))).toBe(library);
  });

  test("is not known where lsof printed nothing", () => {
    expect(libraryAmongOpenFiles("")).toBeNull();
  });
});
