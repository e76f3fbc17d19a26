import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkUpScreen } from "../../src/cli/terminal/check-up-screen.js";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import { jsonLines } from "../../src/cli/terminal/json-lines.js";
import { liveText } from "../../src/cli/terminal/live-lines.js";
import { plainLines } from "../../src/cli/terminal/plain-lines.js";
import type { ReceiptHead } from "../../src/receipt/receipt.js";
import { ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import type { RunEvent } from "../../src/run/run-events.js";
import { cableForecast } from "../../src/words/cable-words.js";
import { earlierMsPerItem } from "../../src/words/earlier-pace.js";
import { RunProgress } from "../../src/words/run-progress.js";
import { bytes, bytesOfBytes, counted, duration } from "../../src/words/wording.js";
import { answer, headOf } from "./answers.js";

const phone = { udid: "x", name: "Anna's iPhone", productType: "iPhone16,1", iosVersion: "18.5" };
const begun: RunEvent = {
  type: "begun",
  runId: "r",
  isContinued: false,
  items: 412,
  bytes: 3.1e9,
  library: null,
};

describe("words", () => {
  test.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [1000, "1.0 kB"],
    [82_600, "82.6 kB"],
    [999_600, "1.0 MB"],
    [3_100_000_000, "3.1 GB"],
    [212e9, "212 GB"],
  ])("%i bytes read as %s", (number, text) => expect(bytes(number)).toBe(text));

  test.each([
    [26_000, "26 s"],
    [65_000, "1 min 5 s"],
    [120_000, "2 min"],
    [7_380_000, "2 h 3 min"],
  ])("%i ms read as %s", (ms, text) => expect(duration(ms)).toBe(text));

  test("one unit serves both sides of an of", () => {
    expect(bytesOfBytes(2.2e9, 3.1e9)).toBe("2.2 of 3.1 GB");
    expect(bytesOfBytes(200e6, 3.1e9)).toBe("200 MB of 3.1 GB");
    expect(counted(1, "photo")).toBe("1 photo");
    expect(counted(4812, "photo")).toBe("4,812 photos");
  });
});

describe("copies with another date, whose bytes are read", () => {
  const checking = (readBytes: number): RunEvent => ({
    type: "checking",
    copies: 412,
    bytes: 3.1e9,
    readBytes,
  });

  test("are told as they are read, on a terminal, until it is known what is to be copied", () => {
    const progress = new RunProgress();
    progress.see({ type: "phone", phone }, 0);
    progress.see(checking(2.2e9), 0);
    const lines = () => liveText(progress, { columns: 100, nowMs: 0, hasImport: false });
    expect(lines()).toEqual([
      expect.stringMatching(/^ {2}checking .* 2\.2 of 3\.1 GB {3}412 copies with another date$/),
    ]);
    progress.see(begun, 0);
    expect(lines()).toEqual([expect.stringMatching(/^ {2}copying /)]);
  });

  test("are told in a line at first, and every ten seconds, where there is no terminal", () => {
    let said = "";
    const screen = plainLines({
      write: (text) => (said += text),
      now: () => 0,
      destination: "",
      hasImport: false,
    });
    screen.report(checking(0));
    screen.report(checking(1e9));
    screen.tick();
    screen.close();
    expect(said).toBe(
      "checking 412 copies with another date: reading 3.1 GB\nchecked 1.0 of 3.1 GB, 412 copies with another date\n",
    );
  });
});

test("once all is imported, it is not said again and again: what goes on is, or nothing", () => {
  let nowMs = 0;
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  const screen = plainLines({ write, now: () => nowMs, destination: "Photos", hasImport: true });
  const ticks = (event: RunEvent | null, times = 2) => {
    written.length = 0;
    if (event !== null) screen.report(event);
    for (let time = 0; time < times; time += 1) {
      nowMs += 10_000;
      screen.tick();
    }
    return written.join("");
  };
  screen.report({ ...begun, items: 6, bytes: 10 });
  screen.report({ type: "copied", items: 6, bytes: 10 });
  expect(ticks({ type: "imported", items: 6 })).toBe("imported 6 of 6\n");
  expect(ticks({ type: "proved", items: 4 })).toBe("imported 6 of 6, 4 read back\n");
  expect(ticks({ type: "proved", items: 6 }, 1)).toBe("imported 6 of 6\n");
  expect(ticks(null)).toBe("");
  expect(ticks({ type: "ending", doing: "quitting-photos" })).toBe(
    "imported 6 of 6, Photos is being quit (10 s)\nimported 6 of 6, Photos is being quit (20 s)\n",
  );
  expect(ticks({ type: "ending", doing: "reading-library" }, 1)).toBe(
    "imported 6 of 6, the library is read once more, now that Photos has ended (10 s)\n",
  );
  ticks({ type: "ending", doing: "reading-library" }, 20);
  expect(written.join(""), "no window of a Photos that has ended is to be looked at").not.toContain("window");
  screen.close();
});

test("halves that turn out to be no Live Photo are counted as the two items they are", () => {
  const progress = new RunProgress();
  progress.see(begun, 0);
  progress.see({ type: "apart", items: 1 }, 1);
  progress.see({ type: "apart", items: 3 }, 2);
  expect(progress.total).toEqual({ items: 415, bytes: 3.1e9 });
});

function halfway(): RunProgress {
  const progress = new RunProgress();
  progress.see({ type: "phone", phone }, 0);
  progress.see(begun, 0);
  for (let second = 1; second <= 60; second += 1)
    progress.see({ type: "copied", items: 5 * second, bytes: 34e6 * second }, second * 1000);
  progress.see({ type: "imported", items: 200 }, 50_000);
  progress.see({ type: "importing", items: 50, bytes: 100e6 }, 48_000);
  return progress;
}

const waiting: RunEvent = {
  type: "waiting",
  code: "PHONE_LOCKED",
  message: "Anna's iPhone is locked.",
  remedy: "Unlock it.",
  leftMs: 120_000,
};

describe("while the phone is waited for", () => {
  test("a terminal has one line with the reason, what to do, and the time that is left", () => {
    const progress = new RunProgress();
    progress.see(waiting, 1_000);
    const text = (nowMs: number, columns = 100) => liveText(progress, { columns, nowMs, hasImport: true });
    expect(text(13_000)).toEqual(["  waiting    Anna's iPhone is locked: unlock it (1 min 48 s left)"]);
    // On a narrow terminal neither what to do nor the time is cut off.
    expect(liveText(progress, { columns: 50, nowMs: 13_000, hasImport: true })).toEqual([
      "  waiting    Anna's iPhone is locked: unlock it",
      "             (1 min 48 s left)",
    ]);
    progress.see({ ...waiting, code: "PHONE_TRUST_PENDING", message: "It asks.", leftMs: 100_000 }, 21_000);
    expect(text(22_000)).toEqual([
      "  waiting    It asks: tap Trust on it, and enter its passcode (1 min 39 s left)",
    ]);
    expect([...text(22_000, 30)[0]!].length).toBeLessThan(30);
    progress.see({ type: "phone", phone }, 23_000);
    expect(text(23_000)).toEqual(["  reading"]);
  });

  test("a phone that was open is to be plugged in again, and Photos goes on beside the wait", () => {
    const progress = new RunProgress();
    progress.see({ type: "phone", phone }, 0);
    progress.see({ type: "begun", runId: "r", isContinued: false, items: 4, bytes: 4e6, library: null }, 0);
    progress.see({ ...waiting, code: "PHONE_GONE", message: "It was unplugged." }, 0);
    progress.see({ type: "imported", items: 2 }, 5_000);
    const text = (nowMs: number) => liveText(progress, { columns: 100, nowMs, hasImport: true });
    expect(text(12_000)).toEqual([
      "  waiting    for Anna's iPhone: plug it in again (1 min 48 s left)",
      expect.stringContaining("copying"),
      expect.stringContaining("2 of 4"),
    ]);
    progress.see({ type: "going-on" }, 13_000);
    expect(text(13_000)).toHaveLength(2);
  });

  test("and a plain line comes when the reason is another, not each second", () => {
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    const screen = plainLines({ write, now: () => 0, destination: "Photos", hasImport: true });
    screen.report({ ...waiting, message: "\u001b[2Jgone is locked." });
    screen.tick();
    screen.tick();
    screen.close();
    expect(written).toEqual(["waiting: \\u001b[2Jgone is locked: unlock it (2 min left)\n"]);
  });
});

test.each([
  [480_000_000, 58.8e9, "USB 2 cable: about 28 min"],
  [10_000_000_000, 58.8e9, "USB 3 cable: about 3 min 55 s"],
  [12_000_000, 30e6, "USB 1 cable: about 30 s"],
  [null, 58.8e9, "about 28 min by cable"],
  [480_000_000, 10, "USB 2 cable: about 1 s"],
])("a cable of %s bits a second and %i bytes: %s", (bitsPerSecond, sizeBytes, words) => {
  expect(cableForecast(sizeBytes, bitsPerSecond)).toBe(words);
});

test("the forecast stands beside what is to be copied", () => {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  const screen = plainLines({ write, now: () => 0, destination: "Photos", hasImport: true });
  screen.report({ type: "phone", phone, cableBitsPerSecond: 480_000_000 });
  screen.report(begun);
  screen.close();
  expect(written.slice(1)).toEqual([
    "copying 412 items, 3.1 GB, USB 2 cable: about 1 min 29 s to copy; how long Photos takes is not known yet\n",
  ]);
});

test("where every copy is here already, nothing is said to be copied", () => {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  const screen = plainLines({ write, now: () => 0, destination: "Photos", hasImport: true });
  screen.report({ type: "phone", phone, cableBitsPerSecond: 480_000_000 });
  screen.report({ ...begun, items: 12, bytes: 0 });
  screen.report({ type: "copied", items: 12, bytes: 0 });
  screen.close();
  expect(written.slice(1)).toEqual(["nothing to copy: 12 items to hand to Photos once more\n"]);
});

describe("on a terminal", () => {
  test("both rows show counts, and the second a heartbeat while Photos says nothing", () => {
    const [copying, importing] = liveText(halfway(), { columns: 100, nowMs: 60_000, hasImport: true });
    expect(copying).toMatch(/^ {2}copying {4}[\u2588\u2591]+ {2}300 of 412 {3}2\.0 of 3\.1 GB {3}34 MB\/s$/);
    expect(importing).toMatch(
      /^ {2}importing {2}[\u2588\u2591]+ {2}200 of 412 {3}about 31 s left {3}Photos is working on 50 items \(12 s\)$/,
    );
  });

  test("when Photos takes far longer than a healthy one, a line says to look at its window", () => {
    const at = (seconds: number) =>
      liveText(halfway(), { columns: 100, nowMs: 48_000 + seconds * 1_000, hasImport: true });
    expect(at(120)).toHaveLength(2); // 50 items, 100 MB: 130 s at the most
    expect(at(131)[2]).toBe("  Photos takes long: look at its window, a message there may wait for you");
  });

  test("while Photos fills the album the row says so, and after a minute to look at its window", () => {
    const progress = halfway();
    progress.see({ type: "imported", items: 250 }, 60_000);
    progress.see({ type: "settling", items: 250 }, 60_000);
    const lines = (nowMs: number) => liveText(progress, { columns: 100, nowMs, hasImport: true });
    expect(lines(65_000)[1]).toMatch(/250 of 412 {3}Photos is filling the album \(5 s\)$/);
    expect(lines(121_000)[2]).toMatch(/look at its window/);
    progress.see({ type: "verified", items: 250 }, 122_000);
    expect(lines(122_000)[1]).toMatch(/250 of 412$/);
  });

  test("while Photos restarts, the row says so until the next batch is under way", () => {
    const progress = halfway();
    progress.see({ type: "relaunching", because: "it has become slow" }, 61_000);
    const row = () => liveText(progress, { columns: 100, nowMs: 64_000, hasImport: true })[1];
    expect(row()).toMatch(/200 of 412 {3}about .* left {3}Photos is restarting \(3 s\)$/);
    progress.see({ type: "importing", items: 50, bytes: 100e6 }, 64_000);
    expect(row()).toMatch(/Photos is working on 50 items \(0 s\)$/);
  });

  test.each([20, 40, 60, 80, 200])("no line reaches the last of %i columns", (columns) => {
    for (const line of liveText(halfway(), { columns, nowMs: 60_000, hasImport: true }))
      expect([...line].length).toBeLessThan(columns);
  });

  test("a copy into a folder has one row", () => {
    expect(liveText(halfway(), { columns: 80, nowMs: 60_000, hasImport: false })).toHaveLength(1);
  });
});

test("without a terminal there is a line when a stage begins, at every tick, and when it ends", () => {
  const written: string[] = [];
  let nowMs = 0;
  const screen = plainLines({
    write: (text) => written.push(text),
    now: () => nowMs,
    destination: "Photos",
    hasImport: true,
  });
  screen.report({ type: "phone", phone });
  screen.report(begun);
  nowMs = 10_000;
  screen.report({ type: "copied", items: 120, bytes: 0.9e9 });
  screen.tick();
  nowMs = 34_000;
  screen.report({ type: "importing", items: 50, bytes: 100e6 });
  screen.report({ type: "copied", items: 412, bytes: 3.1e9 });
  screen.report({ type: "copied", items: 412, bytes: 3.1e9 });
  nowMs = 46_000;
  screen.tick();
  nowMs = 200_000;
  screen.tick();
  screen.report({ type: "relaunching", because: "it has become slow" });
  screen.close();
  expect(written.join("")).toBe(
    [
      "reading Anna's iPhone",
      "copying 412 items, 3.1 GB",
      "copied 120 of 412, 900 MB of 3.1 GB, 90 MB/s",
      "imported 0 of 412",
      "importing into Photos",
      "copied 412 items, 3.1 GB, in 34 s",
      "imported 0 of 412, Photos is working on 50 items (12 s)",
      "imported 0 of 412, Photos is working on 50 items (2 min 46 s)",
      "Photos takes long: look at its window, a message there may wait for you",
      "restarting Photos: it has become slow",
      "",
    ].join("\n"),
  );
});

test("a name with an escape sequence in it does not reach the screen as one", () => {
  const written: string[] = [];
  const screen = plainLines({
    write: (text) => written.push(text),
    now: () => 0,
    destination: "Photos",
    hasImport: true,
  });
  screen.report({ type: "phone", phone: { ...phone, name: "\u001b[2Jgone" } });
  screen.close();
  expect(written).toEqual(["reading \\u001b[2Jgone\n"]);
});

test("--events writes one JSON object per line and thins out the bytes, never the items", () => {
  const written: string[] = [];
  let nowMs = 0;
  const write = jsonLines(
    (line) => written.push(line),
    () => nowMs,
  );
  for (let piece = 1; piece <= 1000; piece += 1) {
    nowMs += 1;
    write({ type: "copied", items: Math.floor(piece / 500), bytes: piece });
  }
  const events = written.map((line) => JSON.parse(line) as { items: number });
  expect(written.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
  expect(events.length).toBeLessThan(12);
  expect(new Set(events.map(({ items }) => items))).toEqual(new Set([0, 1, 2]));
});

describe("a check-up of a library", () => {
  const size = { items: 4_000, bytes: 12e9, words: "photos and videos" };

  test("without a terminal there is a line when it begins and at every tick, and none at the end", () => {
    const written: string[] = [];
    let nowMs = 0;
    const write = (text: string) => void written.push(text);
    const screen = checkUpScreen(size, { write, now: () => nowMs, columns: null });
    nowMs = 10_000;
    screen.see({ items: 1_000, bytes: 3e9 });
    screen.tick();
    screen.close();
    screen.close();
    expect(written).toEqual([
      "checking 4,000 photos and videos, 12.0 GB\n",
      "checked 1,000 of 4,000, 3.0 of 12.0 GB, 300 MB/s, 30 s left\n",
    ]);
  });

  test("on a terminal there is one line, which fits, is drawn over itself, and is gone at the end", () => {
    const written: string[] = [];
    let nowMs = 0;
    const write = (text: string) => void written.push(text);
    const screen = checkUpScreen(size, { write, now: () => nowMs, columns: () => 80 });
    nowMs = 10_000;
    screen.see({ items: 1_000, bytes: 3e9 });
    screen.tick();
    screen.close();
    expect(written.at(-2)).toMatch(
      /^ {2}checking {3}[\u2588\u2591]+ {2}1,000 of 4,000 {3}3\.0 of 12\.0 GB {3}300 MB\/s {3}30 s left\n$/,
    );
    expect([...(written.at(-2) ?? "")].length).toBeLessThanOrEqual(80);
    expect(written.at(-1)).toBe("\u001b[1A\u001b[0J");
  });

  test("that reads nothing tells of items alone", () => {
    const written: string[] = [];
    const write = (text: string) => void written.push(text);
    const screen = checkUpScreen({ ...size, bytes: 0 }, { write, now: () => 0, columns: null });
    screen.see({ items: 1_000, bytes: 0 });
    screen.tick();
    screen.close();
    expect(written).toEqual(["checking 4,000 photos and videos\n", "checked 1,000 of 4,000\n"]);
  });
});

describe("the time that is left is that of the whole job", () => {
  const items = 500;
  /** Photos takes a batch of 50 in 20 s; the cable has copied all in 10 s. */
  function slowPhotos(earlier: number | null, untilMs: number): RunProgress {
    const progress = new RunProgress(earlier);
    progress.see({ type: "phone", phone, cableBitsPerSecond: 480_000_000 }, 0);
    progress.see({ type: "begun", runId: "r", isContinued: false, items, bytes: 350e6, library: null }, 0);
    for (let ms = 0; ms <= Math.min(untilMs, 10_000); ms += 500)
      progress.see({ type: "copied", items: ms / 20, bytes: 35_000 * ms }, ms);
    for (let batch = 0; batch * 20_000 < untilMs; batch += 1) {
      progress.see({ type: "importing", items: 50, bytes: 35e6 }, batch * 20_000);
      if ((batch + 1) * 20_000 <= untilMs)
        progress.see({ type: "imported", items: (batch + 1) * 50 }, (batch + 1) * 20_000);
    }
    return progress;
  }

  test("learnt from this run's own batches, it comes true: never more than a batch off", () => {
    for (let nowMs = 20_000; nowMs < 200_000; nowMs += 5_000) {
      const leftMs = slowPhotos(null, nowMs).wholeLeftMs(nowMs)!;
      expect(Math.abs(nowMs + leftMs - 200_000), `at ${nowMs} ms`).toBeLessThanOrEqual(20_000);
    }
  });

  test("before the first batch it is as earlier runs were, and not told where there are none", () => {
    expect(slowPhotos(400, 5_000).wholeLeftMs(5_000)).toBe(195_000);
    expect(slowPhotos(null, 5_000).wholeLeftMs(5_000)).toBeNull();
  });

  test("the forecast is not the cable's alone", () => {
    expect(slowPhotos(400, 0).forecast(true)).toBe("about 3 min 20 s with Photos, as in earlier runs");
    expect(slowPhotos(null, 0).forecast(true)).toBe(
      "USB 2 cable: about 10 s to copy; how long Photos takes is not known yet",
    );
    expect(slowPhotos(400, 0).forecast(false)).toBe("USB 2 cable: about 10 s");
  });

  test("where the rest of the copying takes longer than Photos, that is what is left", () => {
    const progress = new RunProgress(1);
    const job = { items: 100, bytes: 100e6, library: null };
    progress.see({ type: "begun", runId: "r", isContinued: false, ...job }, 0);
    progress.see({ type: "copied", items: 10, bytes: 10e6 }, 10_000);
    expect(progress.wholeLeftMs(10_000)).toBe(90_000);
  });

  test.each([
    [48, /^ {2}copying {4}300 of 412 {3}34 MB\/s {3}31 s left$/],
    [40, /^ {2}copying {4}300 of 412 {3}31 s left$/],
  ])("in %i columns bytes go first, then the rate, and the time stays", (columns, expected) => {
    expect(liveText(halfway(), { columns, nowMs: 60_000, hasImport: false })[0]).toMatch(expected);
  });
});

test.each([
  ["the middle one of the newest", [10, 400, 20, 30, 500], 30],
  ["of imports alone, and of those with enough photos", [], null],
])("the pace of earlier imports is %s", async (_title, paces, expected) => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-pace-"));
  try {
    const receipts = new ReceiptFolder(folder, commandWords);
    const keep = async (pace: number, at: number, more: Partial<ReceiptHead> = {}, photos = 20) => {
      const answers = Array.from({ length: photos }, (_, number) =>
        answer(`/DCIM/${at}/${number}`, "proved"),
      );
      const startedAt = new Date(Date.UTC(2026, 10, 1 + at));
      const finishedAt = new Date(startedAt.getTime() + pace * photos).toISOString();
      const times = { id: randomUUID(), startedAt: startedAt.toISOString(), finishedAt };
      await receipts.write({ ...headOf(answers), ...times, ...more }, () => answers, new Map());
    };
    await keep(7_000, 0, { destination: { kind: "folder", path: "/copies" } });
    await keep(9_000, 1, {}, 19);
    for (const [at, pace] of paces.entries()) await keep(pace, 2 + at);
    expect(await earlierMsPerItem(receipts)).toBe(expected);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
