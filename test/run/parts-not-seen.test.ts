import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { statusOfAnswers, statusOfRun } from "../../src/cli/process/status-of-answers.js";
import { commandWords, inCommandWords } from "../../src/cli/terminal/command-words.js";
import { runInShort } from "../../src/cli/terminal/in-short.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import type { Answer } from "../../src/receipt/answer.js";
import { notAsSentOf, type ReceiptHead } from "../../src/receipt/receipt.js";
import { ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { receiptHtml } from "../../src/receipt/receipt-html.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { receiptText } from "../../src/receipt/receipt-text.js";
import { byItem, mayLeave } from "../../src/receipt/safe-to-remove.js";
import { sampled } from "../sampled.js";
import { EveryStop, putBack } from "./every-stop.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, phoneWith, richRoll } from "./small-phones.js";

/** What the first lines say that a person reads, and the status. */
function expectJudged(head: ReceiptHead, answers: () => Iterable<Answer>, said: string): void {
  expect(statusOfRun(head)).toBe(3);
  expect(summaryLines(head, answers(), null)[0]).toBe(`error: ${said}.`);
  const [first] = [...receiptText(head, answers, commandWords)].join("").split("\n");
  expect(first!.startsWith(`${said}. `)).toBe(true);
  const page = [...receiptHtml(head, answers, { words: commandWords })].join("");
  expect(/<h1>(.*)<\/h1>/.exec(page)?.[1]?.replaceAll("&quot;", '"').replaceAll("&#34;", '"')).toBe(first);
  expect(page).toContain("What went wrong");
  const short = runInShort(head, answers(), null);
  expect(short.summary.toLowerCase()).toContain(said.toLowerCase());
  expect(inCommandWords(short.remedy ?? "")).toMatch(/^Look/);
}

const request = { withoutPhoneLibrary: true } as const;

function harnessWithoutLibrary(folder?: string): ImportHarness {
  const harness = new ImportHarness(folder);
  harness.originals = {
    open: async () => ({
      code: "LIBRARY_NOT_PERMITTED",
      message: "It may not be read.",
      remedy: "Allow it.",
    }),
  };
  return harness;
}

const HALVES = ["IMG_0002.MOV", "IMG_0004.AAE", "IMG_E0004.JPG", "IMG_0005.DNG"];

test.each(["DNG$", "MOV$", null])(
  "a library that may not be read, without %s: each half says that nobody saw it",
  async (names) => {
    using harness = harnessWithoutLibrary();
    if (names !== null) harness.photos.faults({ name: "unsupported-file", manner: "left-out", names });
    const { head, answers } = await harness.import(phoneWith(richRoll), request);
    const all = [...answers()];
    const notSeen = all.filter(({ reason }) => reason?.code === "NOT_SEEN_BY_ITSELF");
    expect(notSeen.map(({ path }) => path.slice(path.lastIndexOf("/") + 1))).toEqual(HALVES);
    expect(all.filter(({ reason }) => reason !== null)).toEqual(notSeen);
    for (const { answer, evidence, reason } of notSeen) {
      expect([answer, evidence]).toEqual(["present", ["id", "album"]]);
      expect(reason?.message).toMatch(/^it came in one event with IMG_000\d\.JPG; not seen by itself$/);
    }
    expect(summaryLines(head, all, null)[0]).toBe(
      "9 new photos, all read back: Photos lists each under its id with the name it was given; " +
        "4 parts (moving and RAW halves, edits) were not seen by themselves.",
    );
    expect([...receiptText(head, () => all, commandWords)].join("")).toContain(
      "it came in one event with IMG_0005.JPG; not seen by itself",
    );
    expect([...byItem(all)].some(mayLeave(head, all))).toBe(false);
    expect(statusOfAnswers(head.totals)).toBe(0);
  },
);

test("a library that may not be read, without AAE$: the rendering that came apart is named, status 3", async () => {
  using harness = harnessWithoutLibrary();
  harness.photos.faults({ name: "unsupported-file", manner: "left-out", names: "AAE$" });
  const { head, answers } = await harness.import(phoneWith(richRoll), request);
  const why = new Map([...answers()].map(({ path, reason }) => [path, reason?.code]));
  expect(why.get("/DCIM/100APPLE/IMG_E0004.JPG")).toBe("EDIT_CAME_APART");
  expect(why.get("/DCIM/100APPLE/IMG_0004.AAE")).toBe("NOT_SEEN_BY_ITSELF");
  expect(harness.albums()["Rollcall: extra copies"]).toEqual(["IMG_E0004.JPG"]);
  expect(harness.albums()["Last Import"]).toHaveLength(9);
  expect(statusOfAnswers(head.totals)).toBe(3);
});

test("a half whose bytes were read in the library is proved, and has no such reason", async () => {
  using harness = new ImportHarness();
  const { answers } = await harness.import(phoneWith(richRoll), request);
  expect([...answers()].map(({ answer, reason }) => [answer, reason])).toEqual(
    Object.keys(richRoll).map(() => ["proved", null]),
  );
});

/** Photos makes an item of a file that nobody sent. */
function withStranger(harness: ImportHarness): void {
  const stranger = join(harness.folder, "IMG_9999.JPG");
  writeFileSync(stranger, jpeg(99));
  const whole = harness.runScript;
  harness.runScript = (script, input, options) => {
    if (!/^importFiles/.test(script.name)) return whole(script, input, options);
    const { paths } = input as { paths: string[] };
    return whole(script, { ...(input as object), paths: [...paths, stranger] } as typeof input, options);
  };
}

/** Photos puts the last one of several into no album, however often it is told to. */
function withShortAlbum(harness: ImportHarness): void {
  const whole = harness.runScript;
  harness.runScript = (script, input, options) => {
    if (script.name !== "addToAlbum") return whole(script, input, options);
    const { itemIds } = input as { itemIds: string[] };
    return whole(script, { ...(input as object), itemIds: itemIds.slice(0, -1) } as typeof input, options);
  };
}

test("an item that Photos made and no file of the run explains is named, and is in no album", async () => {
  using harness = harnessWithoutLibrary();
  withStranger(harness);
  const { head, answers, receiptPath } = await harness.import(
    phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) }),
    request,
  );
  expectJudged(
    head,
    answers,
    "Photos made 1 item that no file of this run explains, in the library and in no album: IMG_9999.JPG",
  );
  expect((await readReceipt(receiptPath)).destination).toEqual(head.destination);
  expect(harness.events).toContainEqual({
    type: "notice",
    code: "ITEMS_UNEXPLAINED",
    message:
      "Photos made 1 item that no file of this run explains, in the library and in no album: IMG_9999.JPG",
  });
  expect(harness.albums()).toEqual({ "Last Import": ["IMG_0001.JPG"] });
});

test("an album that does not take a photo: the notice names what is not in it", async () => {
  using harness = harnessWithoutLibrary();
  withShortAlbum(harness);
  const [one, two] = ["/DCIM/100APPLE/IMG_0001.JPG", "/DCIM/100APPLE/IMG_0002.JPG"] as const;
  const { head, answers, answersByPath } = await harness.import(
    phoneWith({ [one]: jpeg(1), [two]: jpeg(2) }),
    request,
  );
  expect(harness.events).toContainEqual({
    type: "notice",
    code: "ALBUM_LENGTH",
    message: 'the album "Last Import" holds 1 item where 2 were put in; not in it: IMG_0002.JPG',
  });
  expectJudged(
    head,
    answers,
    'The album "Last Import" holds 1 item where 2 were put in; not in it: IMG_0002.JPG',
  );
  // Photos lists it all the same: to call it unknown would offer to import it twice.
  expect(answersByPath.get(two)).toBe("present");
});

test("killed at any moment, a run says in the end what is not as sent, as if it had not been", async () => {
  const phone = () =>
    phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) });
  using harness = harnessWithoutLibrary();
  using every = new EveryStop(harness);
  withStranger(harness);
  withShortAlbum(harness);
  const { head } = await harness.import(phone(), request);
  harness.photos.close();
  const once = notAsSentOf(head);
  expect(once.map(({ code }) => code)).toEqual(["ALBUM_LENGTH", "ITEMS_UNEXPLAINED"]);
  const settled = every.stops.findIndex(({ where }) => where.endsWith("recordSeen"));
  expect(settled).toBeGreaterThan(0);
  for (const stop of [...sampled(every.stops.slice(0, settled), 8), ...every.stops.slice(settled)]) {
    putBack(stop, harness.folder);
    const resumed = harnessWithoutLibrary(harness.folder);
    withStranger(resumed);
    withShortAlbum(resumed);
    resumed.clock.pass(stop.at.getTime() - resumed.clock.now().getTime() + 60_000);
    await resumed.import(phone(), request);
    resumed.photos.close();
    const paths = await new ReceiptFolder(join(harness.folder, "receipts"), commandWords).list();
    const said = await Promise.all(paths.map(async (path) => notAsSentOf(await readReceipt(path))));
    expect({ killed: stop.where, said: said.filter(({ length }) => length > 0) }).toEqual({
      killed: stop.where,
      said: [once],
    });
  }
});
