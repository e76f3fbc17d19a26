import { describe, expect, it, test } from "vitest";
import { chosenWords, factsWords } from "../../../src/gui/page/choice-words.js";
import { headlineOf } from "../../../src/gui/page/headline.js";
import { Lines } from "../../../src/gui/page/lines.js";
import { photoWords } from "../../../src/gui/page/photo-words.js";
import { nowWords, runWords, shareOf, waitingWords } from "../../../src/gui/page/run-words.js";
import type { Choice, PageState } from "../../../src/gui/page/server-state.js";
import { about, length, shortName, size, sizeOfSize } from "../../../src/gui/page/words.js";
import { A_RUN, headOf, LOCKED, NO_PHONE, PHONE, UDID } from "../../peers/gui-page/some-photos.js";
import { photo } from "./photos.js";

describe("the name of a tile, for somebody who does not see it", () => {
  it("says kind, day, time, name, size, and that it is new", () => {
    expect(photoWords(photo(1))).toBe("Photo, 3 May 2026, 14:02, IMG_0001.HEIC, 4.1 MB, new");
  });

  it("says everything that the badges show", () => {
    const film = photo(1, {
      kind: "video",
      seconds: 65,
      isFavorite: true,
      isEdited: true,
      state: "imported",
    });
    expect(photoWords(film)).toBe(
      "Video, 3 May 2026, 14:02, IMG_0001.HEIC, 1:05 long, favourite, edited, 4.1 MB, already imported",
    );
  });

  it("says why one stays on the phone, and what became of it in an import", () => {
    expect(photoWords(photo(1, { state: "left", note: "Hidden on the iPhone" }))).toMatch(/, Hidden on the/);
    expect(photoWords(photo(1, { state: "icloud-only", bytes: 0 }))).toMatch(/HEIC, in iCloud only$/);
    const answer = { id: 1, answer: "failed", reason: "Photos would not take it" } as const;
    expect(photoWords(photo(1), answer)).toMatch(/4\.1 MB, failed, Photos would not take it$/);
  });

  it("a hostile name cannot break the line, turn the writing round, or go on for ever", () => {
    expect(photoWords(photo(1, { name: "a\nb\u202egpj.exe" }))).toContain(", a\\u000ab\\u202egpj.exe,");
    expect(photoWords(photo(1, { name: `${"x".repeat(4096)}.JPG` })).length).toBeLessThan(120);
    expect(shortName("👩‍👩‍👧".repeat(40), 20)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });
});

test.each([
  [size(0), "0 bytes"],
  [size(999), "999 bytes"],
  [size(999_600), "1.0 MB"],
  [size(3_100_000_000), "3.1 GB"],
  [sizeOfSize(2_200_000, 3_100_000), "2.2 of 3.1 MB"],
  [sizeOfSize(900_000, 3_100_000), "900 kB of 3.1 MB"],
  [about(0.2), "a second"],
  [about(59), "59 seconds"],
  [about(95), "2 minutes"],
  [about(7380), "2 h 3 min"],
  [about(7200), "2 h"],
  [length(7), "0:07"],
  [length(3725), "1:02:05"],
])("%s", (words, expected) => {
  expect(words).toBe(expected);
});

describe("what is chosen, in words", () => {
  const choice: Choice = {
    revision: 1,
    items: 3,
    bytes: 12_400_000,
    cableSeconds: 95,
    freeBytes: 2e9,
    fits: true,
  };

  it("says how many, and how many of them the filters leave out", () => {
    expect(chosenWords({ items: 0, bytes: 0, notShown: 0 })).toBe("No photo selected");
    expect(chosenWords({ items: 3, bytes: 1, notShown: 1 })).toBe("3 photos selected (1 of them not shown)");
  });

  it("says bytes, time on the cable and room on the disk", () => {
    const now = { items: 3, bytes: 12_400_000, notShown: 0 };
    expect(factsWords(now, choice)).toBe("12.4 MB  ·  about 2 minutes on this cable  ·  2.0 GB free");
    expect(factsWords(now, { ...choice, fits: false })).toContain("only 2.0 GB free: this does not fit");
    expect(factsWords(now, { ...choice, cableSeconds: null, freeBytes: null })).toBe("12.4 MB");
  });

  it("says no time that belongs to an earlier choice", () => {
    expect(factsWords({ items: 4, bytes: 16_000_000, notShown: 0 }, choice)).toBe("16.0 MB  ·  2.0 GB free");
  });
});

describe("the import that is on, in words", () => {
  it("says what is proved, how fast, how long, and what Photos does", () => {
    const run = { ...A_RUN, photosIs: "Photos is working on 24 items (40 s)" };
    expect(nowWords(run)).toBe(
      "20 proved  ·  38.0 MB a second  ·  about 2 minutes left  ·  Photos is working on 24 items (40 s)",
    );
    expect(runWords(run)).toBe("Importing: 24 of 100 in Photos");
  });

  it("says what is waited for, and to look at Photos where it is silent", () => {
    expect(waitingWords(A_RUN)).toBeNull();
    expect(waitingWords({ ...A_RUN, waitingFor: "The iPhone is locked." })).toBe("The iPhone is locked.");
    expect(waitingWords({ ...A_RUN, isLookAtPhotos: true })).toMatch(/Look at its window/);
  });

  it("a bar goes by bytes where they are known, else by items, and never beyond its end", () => {
    expect(shareOf({ items: 1, ofItems: 4, bytes: 30, ofBytes: 60 })).toBe(0.5);
    expect(shareOf({ items: 1, ofItems: 4 })).toBe(0.25);
    expect(shareOf({ items: 0, ofItems: 0 })).toBe(0);
    expect(shareOf({ items: 9, ofItems: 4 })).toBe(1);
  });
});

describe("the sentence above the photos", () => {
  const opened = {
    udid: UDID,
    name: PHONE.name,
    phase: "ready",
    trouble: null,
    filesListed: 3,
    photos: headOf([photo(0), photo(1), photo(2, { state: "imported" })]),
    choice: null,
  } as const;
  const finished = {
    type: "finished",
    summary: "2 new photos, all proved",
    remedy: null,
    isTrouble: false,
    receipt: "r",
    album: "Last Import",
  } as const;
  const rows: [string, Partial<PageState>, string][] = [
    ["no phone: what to do", {}, "Connect your iPhone with its cable"],
    ["a locked phone: what is wrong with it", { phones: [LOCKED] }, "Anna's iPhone is locked."],
    ["a ready phone: it is opened", { phones: [PHONE] }, "Opening Anna's iPhone"],
    ["two phones: which", { phones: [PHONE, LOCKED] }, "Which iPhone?"],
    ["no service: why", { service: LOCKED.trouble }, "Anna's iPhone is locked."],
    [
      "reading: how far",
      { opened: { ...opened, phase: "reading", photos: null } },
      "Looking at Anna's iPhone",
    ],
    [
      "waiting: for whom",
      { opened: { ...opened, phase: "waiting", photos: null } },
      "Waiting for Anna's iPhone",
    ],
    ["ready: how many are new", { opened }, "2 new photos"],
    ["ready, nothing new", { opened: { ...opened, photos: headOf([]) } }, "Nothing new on Anna's iPhone"],
    ["an import is on", { opened, run: A_RUN }, "Importing into Photos"],
    [
      "an import has ended: its sum",
      { opened, run: { ...A_RUN, end: finished } },
      "2 new photos, all proved",
    ],
    [
      "an import was stopped",
      { run: { ...A_RUN, end: { type: "failed", trouble: { ...LOCKED.trouble!, code: "STOPPED" } } } },
      "The import was stopped",
    ],
  ];
  test.each(rows)("%s", (_, state, title) => {
    expect(headlineOf({ ...NO_PHONE, ...state }, false).title).toBe(title);
  });

  it("once the end was read, the photos are what it is about again", () => {
    const run = { ...A_RUN, end: finished };
    expect(headlineOf({ ...NO_PHONE, opened, run }, true).title).toBe("2 new photos");
  });
});

it("lines come out whole, however the bytes were cut", () => {
  const lines = new Lines();
  expect(["{1", "}\n{2}", "\n\n{3", "}\n"].map((piece) => lines.add(piece))).toEqual([
    [],
    ["{1}"],
    ["{2}"],
    ["{3}"],
  ]);
});
