import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { readLater } from "../../src/cli/compose/later-receipts.js";
import { parseSpan } from "../../src/cli/dates.js";
import { chainWords } from "../../src/cli/terminal/chain-words.js";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import { ANSWERS, type Answer, CLOUD_WORDS } from "../../src/receipt/answer.js";
import { planPruneOf } from "../../src/receipt/prune-folder.js";
import type { KeepRules, WhyKept } from "../../src/receipt/prune-plan.js";
import { finishPruning, pruneReceipts } from "../../src/receipt/prune-receipts.js";
import { prunedIn, writePruned } from "../../src/receipt/pruned-receipts.js";
import type { ReceiptHead } from "../../src/receipt/receipt.js";
import { pagePathOf, ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { safeToRemove } from "../../src/receipt/safe-to-remove.js";
import { phoneCloud } from "../../src/receipt/why-it-stays.js";
import { assertRandom, casesOr, seed } from "../random-cases.js";
import { answer, failed, headOf, proved } from "./some-answers.js";

const numRuns = casesOr(12);
const now = new Date("2026-12-31T12:00:00Z");

interface Run {
  /** Of 2026. */
  readonly day: number;
  /** So long it took. */
  readonly days?: number;
  readonly answers: readonly Answer[];
  readonly changes?: Partial<ReceiptHead>;
}

const endOf = (day: number, days = 0) => new Date(Date.UTC(2026, 0, day + days, 12, 1)).toISOString();

/** Keeps receipts as runs do, oldest first; named by their days. */
async function receiptsOf(runs: readonly Run[]) {
  const path = mkdtempSync(join(tmpdir(), "rollcall-prune-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const folder = new ReceiptFolder(path, commandWords);
  const kept: string[] = [];
  for (const { day, days, answers, changes } of runs) {
    const startedAt = new Date(Date.UTC(2026, 0, day, 12)).toISOString();
    const id = `run-${day}`;
    const times = { startedAt, finishedAt: endOf(day, days) };
    const own = headOf(answers, { id, ...times, previous: await folder.previous(id), ...changes });
    const same = await folder.sameAnswers(own, answers);
    const head = same === null ? own : { ...own, sameAnswersAs: same };
    const file = await folder.write(head, () => answers);
    utimesSync(file, new Date(startedAt), new Date(startedAt));
    kept.push(file);
  }
  return { folder, kept };
}

async function planOf(folder: ReceiptFolder, rules: KeepRules, unfinished: readonly string[] = []) {
  const isUnfinished = (id: string) => unfinished.includes(id);
  return await planPruneOf(folder, rules, { now, isUnfinished });
}

async function prune(folder: ReceiptFolder, rules: KeepRules): Promise<number> {
  const { going } = await planOf(folder, rules);
  await pruneReceipts(
    folder.path,
    going.map(({ path, head }) => ({ path, head: head! })),
    now,
  );
  return going.length;
}

/** Days of what goes, and why the rest stays. */
async function outcome(folder: ReceiptFolder, rules: KeepRules, unfinished: readonly string[] = []) {
  const { going, staying } = await planOf(folder, rules, unfinished);
  const dayOf = (head: ReceiptHead | null) => Number(head?.id.slice("run-".length));
  const why: Record<number, WhyKept | null> = {};
  for (const [{ head }, reason] of staying) why[dayOf(head)] = reason;
  return { going: going.map(({ head }) => dayOf(head)), why };
}

const photo = (number: number, changes: Partial<Answer> = {}) =>
  answer(`/DCIM/100APPLE/IMG_000${number}.JPG`, { ...proved, thisRun: false, ...changes });
const days = (...list: readonly number[]): Run[] =>
  list.map((day) => ({ day, answers: [photo(1, { checkedAt: `2026-11-22T10:00:00.${100 + day}Z` })] }));
const again = (day: number, of: number): Run => ({ day, answers: days(of)[0]!.answers });
const phone = headOf([]).phone;
const other = { phone: { ...phone, udid: "1".repeat(40) } };
const intoFolder = { destination: { kind: "folder", path: "/copies" } } as const;
const within = (span: string) => parseSpan("--keep-within", span);

describe("a receipt stays", () => {
  test.each<[string, Run[], KeepRules, number[]]>([
    ["if it is one of the last", days(1, 2, 3, 4), { last: 2 }, [1, 2]],
    ["if it is so long before the newest", days(1, 300, 320, 340), { within: within("1m") }, [1, 300]],
    ["if either rule keeps it", days(1, 300, 320, 340), { last: 3, within: within("1m") }, [1]],
    ["where a clock was a year ahead once", days(330, 350, 360, 900), { within: within("1m") }, [330]],
    [
      "if it is the newest of a phone, or of a place",
      [{ ...days(1)[0]!, changes: other }, { ...days(2)[0]!, changes: intoFolder }, ...days(3, 4, 5)],
      { last: 1 },
      [3, 4],
    ],
    ["if one that stays has its answers", [...days(1), again(2, 1), again(3, 1)], { last: 1 }, [2]],
    ["if nothing is older", days(1), { last: 1 }, []],
  ])("%s", async (_what, runs, rules, going) => {
    const { folder } = await receiptsOf(runs);
    expect((await outcome(folder, rules)).going).toEqual(going);
  });

  test("if its run was cut off", async () => {
    const { folder } = await receiptsOf(days(1, 2, 3));
    expect((await outcome(folder, { last: 1 }, ["run-2"])).going).toEqual([1]);
  });

  test("if it is the newest whole one, where a newer one was cut short", async () => {
    const { folder, kept } = await receiptsOf(days(1, 2, 3));
    const text = readFileSync(kept[2]!, "utf8");
    writeFileSync(kept[2]!, text.slice(0, text.indexOf('"answers": [') + 20));
    expect((await outcome(folder, { last: 1 })).going).toEqual([1]);
  });

  test("if it was changed, cannot be read, or is another's by name only", async () => {
    const { folder, kept } = await receiptsOf(days(1, 2, 3, 4, 5, 6, 7));
    writeFileSync(kept[1]!, "a list of mine");
    writeFileSync(kept[2]!, readFileSync(kept[2]!, "utf8").replace("0.1.0", "0.1.1"));
    writeFileSync(pagePathOf(kept[3]!), "a page of mine");
    rmSync(kept[4]!.replace(/json$/, "txt"));
    symlinkSync("/etc/hostname", kept[4]!.replace(/json$/, "txt"));
    for (const [at, path] of kept.entries()) utimesSync(path, at + 1, at + 1);
    expect(await outcome(folder, { last: 1 })).toMatchObject({
      going: [1, 6],
      why: { 3: "changed", 4: "not-ours", 5: "not-ours", 7: null },
    });
    await prune(folder, { last: 1 });
    expect(readFileSync(kept[1]!, "utf8")).toBe("a list of mine");
    expect(readFileSync(pagePathOf(kept[3]!), "utf8")).toBe("a page of mine");
    expect(existsSync(kept[5]!)).toBe(false);
  });
});

describe("what was pruned", () => {
  test("is gone with text, page and pictures, and what a person put beside it is not", async () => {
    const { folder, kept } = await receiptsOf(days(1, 2, 3));
    mkdirSync(kept[0]!.replace(/.json$/, " pictures"));
    writeFileSync(join(folder.path, "2026-01-01 notes.txt"), "mine");
    const before = readdirSync(folder.path);
    expect(await prune(folder, { last: 2 })).toBe(1);
    const left = readdirSync(folder.path);
    expect(before.filter((name) => !left.includes(name)).map((name) => name.replace(/^.*\./, ""))).toEqual([
      "html",
      "json",
      "txt",
    ]);
    expect(left.filter((name) => !before.includes(name))).toEqual([".rollcall-pruned"]);
  });

  test("raises no alarm in the chain, where another that vanished does, also one with its name", async () => {
    const { folder, kept } = await receiptsOf(days(1, 2, 3, 4, 5));
    await prune(folder, { last: 4 });
    rmSync(kept[2]!);
    const said = (await folder.chain()).map(chainWords);
    const name = (at: number) => basename(kept[at]!, ".json");
    expect(said).toEqual([
      `The receipt before ${name(1)} was pruned by you on 31 Dec 2026.`,
      `The receipt before ${name(3)} is not here any more.`,
      null,
    ]);
  });

  test("is said to be gone where the list of it is damaged, and that list is not written over", async () => {
    const { folder } = await receiptsOf(days(1, 2, 3));
    await prune(folder, { last: 2 });
    writeFileSync(join(folder.path, ".rollcall-pruned"), "{");
    expect((await folder.chain())[0]?.previousIs).toBe("gone");
    await expect(planOf(folder, { last: 1 })).rejects.toMatchObject({ code: "FOLDER_NOT_OURS" });
    expect(readFileSync(join(folder.path, ".rollcall-pruned"), "utf8")).toBe("{");
  });

  test("is a receipt again where a person puts it back", async () => {
    const { folder, kept } = await receiptsOf(days(1, 2, 3));
    const backup = `${folder.path}-backup`;
    onTestFinished(() => rmSync(backup, { recursive: true, force: true }));
    cpSync(folder.path, backup, { recursive: true });
    await prune(folder, { last: 2 });
    cpSync(join(backup, basename(kept[0]!)), kept[0]!);
    expect((await folder.chain()).map(({ previousIs }) => previousIs).sort()).toEqual([
      null,
      "there",
      "there",
    ]);
  });
});

test("after a kill at any point of pruning no receipt speaks that was to go, and the next pruning ends it", async () => {
  const runs = [...days(1), again(2, 1), ...days(3, 4)];
  const files = 3 * 3;
  for (let killedAfter = 0; killedAfter <= files; killedAfter += 1) {
    const { folder } = await receiptsOf(runs);
    const { going } = await planOf(folder, { last: 1 });
    expect(going).toHaveLength(3);
    const names = going.flatMap(({ path }) =>
      ["html", "txt", "json"].map((ending) => path.replace(/json$/, ending)),
    );
    const { pruned } = await decided(
      folder,
      going.map(({ path }) => path),
    );
    for (const name of names.slice(0, killedAfter)) rmSync(name);
    expect((await folder.list()).length).toBe(1);
    expect((await folder.chain()).map(({ previousIs }) => previousIs)).toEqual(["pruned"]);
    for (const path of await folder.list()) await readReceipt(path);
    await finishPruning(folder.path);
    expect(readdirSync(folder.path).length).toBe(4);
    expect(prunedIn(folder.path)).toEqual(pruned.map((one) => ({ ...one, isRemoved: true })));
  }
});

/** As far as the decision, and no file is gone. */
async function decided(folder: ReceiptFolder, paths: readonly string[]) {
  const copy = `${folder.path}-copy`;
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(folder.path, copy, { recursive: true, preserveTimestamps: true });
  const heads = await Promise.all(
    paths.map(async (path) => ({ path: join(copy, basename(path)), head: await readReceipt(path) })),
  );
  await pruneReceipts(copy, heads, now);
  const pruned = prunedIn(copy).map((one) => ({ ...one, isRemoved: false }));
  await writePruned(folder.path, pruned);
  return { pruned };
}

describe("no receipt that stays lists more as safe to remove than before", () => {
  /** The items that `safe-to-remove NAME` would list. */
  const safeBy = async (folder: ReceiptFolder, path: string): Promise<string[]> => {
    const receipt = await readReceipt(path);
    const later = await readLater(receipt, path, folder);
    const { safe } = safeToRemove(receipt.answers, {
      checkedFrom: new Date(0),
      isAsLastSeen: () => true,
      later: later.imports.flatMap(({ answers }) => answers),
      cloud: phoneCloud([receipt, ...later.imports, ...later.copiesThatSawICloud]),
    });
    return safe.map(([{ item }]) => item).sort();
  };
  const libraries = ["/a.photoslibrary", "/b.photoslibrary"];
  const inLibrary = (at: number) =>
    ({
      destination: { kind: "photos", library: libraries[at]!, album: null },
    }) as const;

  const checkedOn = (day: number) => ({ checkedAt: `2026-11-${day}T10:00:00.000Z` });

  test.each<[string, Partial<Answer>, Partial<ReceiptHead>]>([
    ["doubts it", failed, {}],
    ["saw other bytes", { sha256: "b".repeat(64) }, {}],
    ["found it in iCloud Photos", { cloud: "synced" }, {}],
    ["found the phone to use iCloud Photos", {}, { phoneLibrary: { usesICloudPhotos: true } }],
  ])("a receipt stays that %s alone", async (_how, changes, head) => {
    const b = inLibrary(1);
    const { folder } = await receiptsOf([
      { day: 1, answers: [photo(1)], changes: inLibrary(0) },
      { day: 2, answers: [photo(1), photo(2)], changes: b },
      { day: 3, answers: [photo(1, changes), photo(2, checkedOn(23))], changes: { ...b, ...head } },
      { day: 4, answers: [photo(1), photo(2, checkedOn(24))], changes: b },
    ]);
    const { going, why } = await outcome(folder, { last: 1 });
    expect(going).toEqual([2]);
    expect(why[3]).toBe("holds-back");
  });

  const words = fc.constantFrom(...ANSWERS, "proved", "proved", "proved");
  const someAnswer = (number: number) =>
    fc
      .record({
        word: words,
        sha256: fc.constantFrom("a", "a", "a", "b").map((letter) => letter.repeat(64)),
        cloud: fc.option(fc.constantFrom(...CLOUD_WORDS), { freq: 8, nil: undefined }),
        belongsTo: fc.option(fc.constantFrom("DCIM/100APPLE/IMG_0001", "DCIM/100APPLE/"), {
          freq: 8,
          nil: undefined,
        }),
        burst: fc.option(fc.constant("burst-1"), { freq: 5, nil: undefined }),
      })
      .map(({ word, cloud, belongsTo, burst, ...rest }) =>
        photo(number, {
          ...(word === "proved" ? proved : { ...failed, answer: word }),
          ...rest,
          ...(cloud !== undefined && { cloud }),
          ...(belongsTo !== undefined && { belongsTo }),
          ...(burst !== undefined && { burst }),
        }),
      );
  const someAnswers = fc
    .tuple(...[1, 2, 3, 4].map((number) => fc.option(someAnswer(number), { freq: 6, nil: null })))
    .map((all) => all.filter((one) => one !== null));
  const someRun = fc.record({
    /** -1: the same as before in that place. */
    answers: fc.option(someAnswers, { freq: 2, nil: null }),
    place: fc.constantFrom(0, 0, 0, 1, 2),
    isOther: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
    days: fc.constantFrom(0, 0, 0, 1, 4),
    usesICloud: fc.constantFrom(false, false, false, false, false, false, true, null),
  });

  test(`in random chains (seed ${seed})`, { timeout: 60_000 + numRuns * 500 }, async () => {
    let gone = 0;
    let held = 0;
    const isAll = await assertRandom(
      fc.asyncProperty(
        fc.array(someRun, { minLength: 3, maxLength: 9 }),
        fc.constantFrom<KeepRules>(
          { last: 1 },
          { last: 2 },
          { within: within("3d") },
          { last: 1, within: within("2d") },
        ),
        async (drawn, rules) => {
          const before = new Map<number, readonly Answer[]>();
          const runs = drawn.map(({ answers: own, place, isOther, usesICloud, days }, at): Run => {
            const answers = own ?? before.get(place) ?? [photo(1), photo(2)];
            before.set(place, answers);
            const destination = place === 2 ? intoFolder : inLibrary(place);
            const library = { phoneLibrary: { usesICloudPhotos: usesICloud } };
            return {
              day: at + 1,
              days,
              answers,
              changes: { ...destination, ...library, ...(isOther && other) },
            };
          });
          const { folder } = await receiptsOf(runs);
          const lists = new Map<string, string[]>();
          const isImport = async (path: string) => (await readReceipt(path)).destination.kind === "photos";
          for (const path of await folder.list())
            if (await isImport(path)) lists.set(path, await safeBy(folder, path));
          const { staying } = await planOf(folder, rules);
          held += [...staying.values()].filter((why) => why === "holds-back").length;
          gone += await prune(folder, rules);
          for (const path of await folder.list()) {
            if (!(await isImport(path))) continue;
            const more = (await safeBy(folder, path)).filter((item) => !lists.get(path)!.includes(item));
            expect(more).toEqual([]);
          }
          for (const link of await folder.chain())
            expect(chainWords(link) ?? "pruned by you").toContain("pruned by you");
          expect(await prune(folder, rules)).toBe(0);
        },
      ),
      { numRuns },
    );
    if (!isAll) return;
    expect(gone).toBeGreaterThan(numRuns / 4);
    expect(held).toBeGreaterThan(0);
  });
});
