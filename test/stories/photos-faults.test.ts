import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { statusOfError } from "../../src/cli/process/exit-status.js";
import { statusOfAnswers } from "../../src/cli/process/status-of-answers.js";
import { errorLines } from "../../src/cli/terminal/error-lines.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import { RollcallError } from "../../src/errors.js";
import type { Answer } from "../../src/receipt/answer.js";
import { type PhotosFault, photosFaults } from "../../src/virtual/photos/photos-fault.js";
import { photosWithEdits, watchBatches } from "../run/edited-photos.js";
import { ImportHarness } from "../run/import-harness.js";
import { RICH_PHONE_PATHS, richPhone, STAYS_ON_PHONE } from "../run/rich-phone.js";
import { phoneWith, richRoll } from "../run/small-phones.js";
import { watchPhotos } from "../run/watched-photos.js";
import { sampled } from "../sampled.js";
import { photosFixture } from "../virtual/photos/photos-fixture.js";
import { type EditStory, editStories } from "./edited-photos-fault-stories.js";
import {
  type Circumstances,
  type Ending,
  MET_BY_NO_RUN,
  type Story,
  stories,
} from "./photos-fault-stories.js";

const plain = { withoutPhoneLibrary: true } as const;
const inPairs = { batchLimits: { items: 2, bytes: 1e9 } } as const;
const byHand = { batchLimits: { items: 2, bytes: 1e9, firstBytes: 1 } } as const;

/** The names that Photos lists of {@link richRoll}, where every photo came. */
const titles = Object.keys(richRoll)
  .map(nameOf)
  .filter((name) => !/^IMG_E|\.(AAE|MOV|DNG)$/.test(name))
  .sort();

type Run = Awaited<ReturnType<ImportHarness["import"]>>;

for (const story of sampled(stories, 20)) test(story.title, () => play(story));
for (const story of sampled(editStories, 6)) test(story.title, () => playEdits(story));

async function play({ how, ending, tells, circumstances, isAgain }: Story): Promise<void> {
  using harness = new ImportHarness();
  const phone = await richPhone();
  const watched = beginIn(harness, circumstances);
  harness.photos.faults([...circumstances.besides, ...how]);
  const first = await firstRun(harness, circumstances);
  expect(watched(), "the fault changed something").not.toBe(await undisturbed(circumstances));
  harness.photos.faults(null);
  harness.photos.openLibrary(harness.photos.library.path);
  harness.photos.answerSheet("ok");
  harness.photos.catchUp();

  expect(tells.filter((sentence) => !toldBy(harness).includes(sentence))).toEqual([]);
  if (first instanceof RollcallError) expect(stoppedAs(first)).toEqual(promised(ending, first));
  else expectFinished(harness, first, ending);
  if (ending.ends === "done") return;

  const request = circumstances.isByHand ? byHand : inPairs;
  const next = await harness.import(phone, { ...request, again: isAgain });
  expect(othersThan(ARRIVED, next.answers())).toEqual(STAYS_ON_PHONE);
  // An extra copy stays: no script can delete one.
  const extra = ending.ends === "without" ? (ending.extra ?? []) : [];
  if (extra.length === 0) expect(copiesInLibrary(harness)).toEqual([...new Set(copiesInLibrary(harness))]);
  const others = Object.keys(harness.albums()).filter((title) => title !== "Last Import");
  expect(others).toEqual(extra.length === 0 ? [] : ["Rollcall: extra copies"]);
}

/** @returns what tells all that passed between the run and Photos */
function beginIn(harness: ImportHarness, { isTheirs, vanishes }: Circumstances): () => string {
  if (isTheirs) harness.photos.launch();
  const watched = watchPhotos(harness);
  if (vanishes !== null) loseWhenSent(harness, vanishes);
  return watched;
}

async function firstRun(harness: ImportHarness, { isByHand }: Circumstances): Promise<Run | RollcallError> {
  return await harness.import(await richPhone(), isByHand ? byHand : inPairs).catch((error: unknown) => {
    if (error instanceof RollcallError) return error;
    throw error;
  });
}

/** A staged file is gone by the time at which it is first sent. */
function loseWhenSent(harness: ImportHarness, name: string): void {
  const whole = harness.runScript;
  let isLost = false;
  harness.runScript = (script, input, options) => {
    const { paths = [] } = (input ?? {}) as { paths?: string[] };
    const path = paths.find((one) => one.endsWith(`/${name}`));
    if (path !== undefined && !isLost) rmSync(path);
    isLost ||= path !== undefined;
    return whole(script, input, options);
  };
}

/** The same run with a Photos that is well, once for all who compare. */
const runsWithoutFault = new Map<string, Promise<string>>();

function undisturbed(circumstances: Circumstances): Promise<string> {
  const key = JSON.stringify(circumstances);
  const known = runsWithoutFault.get(key) ?? playUndisturbed(circumstances);
  runsWithoutFault.set(key, known);
  return known;
}

async function playUndisturbed(circumstances: Circumstances): Promise<string> {
  using harness = new ImportHarness();
  const watched = beginIn(harness, circumstances);
  harness.photos.faults(circumstances.besides);
  await firstRun(harness, circumstances);
  return watched();
}

async function playEdits({ how, files, extra, says, tells, batches }: EditStory): Promise<void> {
  using harness = new ImportHarness();
  const watched = watchPhotos(harness);
  const sizes = watchBatches(harness);
  harness.photos.faults(how);
  const { head, answers } = await harness.import(phoneWith(photosWithEdits(4)), plain);
  expect(watched()).not.toBe(await editsUndisturbed());
  harness.photos.faults(null);
  expect(sizes.splice(0)).toEqual(batches[0]);
  expect(othersThan(["proved"], answers())).toEqual(files);
  expect(statusOfAnswers(head.totals)).toBe(3);
  const photos = [1, 2, 3, 4].map((number) => `IMG_000${number}.JPG`);
  expect(harness.albums()).toEqual({
    "Last Import": photos,
    ...(extra !== null && { "Rollcall: extra copies": extra }),
  });
  const lines = summaryLines(head, answers(), null).join("\n");
  for (const sentence of says) expect(lines).toContain(sentence);
  expect(tells.filter((sentence) => !toldBy(harness).includes(sentence))).toEqual([]);

  const next = await harness.import(phoneWith(photosWithEdits(6)), plain);
  expect(sizes).toEqual(batches[1]);
  expect(othersThan(["proved"], next.answers())).toEqual(files);
  expect(harness.itemCount()).toBe(6 + (extra?.length ?? 0));
}

let withoutEditFault: Promise<string> | null = null;

function editsUndisturbed(): Promise<string> {
  withoutEditFault ??= (async () => {
    using harness = new ImportHarness();
    const watched = watchPhotos(harness);
    await harness.import(phoneWith(photosWithEdits(4)), plain);
    return watched();
  })();
  return withoutEditFault;
}

for (const { how, because, script } of MET_BY_NO_RUN) {
  test(`no run meets ${Object.values(how).join(": ")}, because ${because}; a script does`, () => {
    const { photos, media, script: run } = photosFixture();
    const paths = [media.jpeg("IMG_0001.jpg"), media.png("IMG_0001.png")];
    run(
      "P.import(input.map((path) => Path(path)), {skipCheckDuplicates: true}); P.make({new: 'album', named: 'Trip'})",
      paths,
    );
    photos.library.database.exec("UPDATE ZADDITIONALASSETATTRIBUTES SET ZORIGINALFILESIZE = 6000000000");
    const usual = run(script, { paths });
    photos.faults(how);
    expect(run(script, { paths })).not.toEqual(usual);
  });
}

test("every manner of every fault of the virtual Photos has a story", () => {
  const told = new Set([
    ...stories.flatMap(({ how }) => how.map(behaviorOf)),
    ...MET_BY_NO_RUN.map(({ how }) => behaviorOf(how)),
    ...editStories.map(({ how }) => behaviorOf(how)),
  ]);
  const behavior = photosFaults.flatMap(({ examples }) => examples.map(behaviorOf));
  expect(behavior.filter((manner) => !told.has(manner))).toEqual([]);
  expect(new Set(stories.map(({ title }) => title)).size).toBe(stories.length);
});

/** When it strikes, whom, and how much of it there is make no other manner. */
const AMOUNTS: ReadonlySet<string> = new Set([
  ...["atEvent", "times", "seed", "share", "names", "text", "afterItems", "failsAfterItems"],
  ...["lateByMs", "waitMs", "readyAfterMs", "afterMs", "slowByMs"],
]);
/** Of these it matters whether there are any. */
const SOME: ReadonlySet<string> = new Set(["comes", "everyMs", "thenBrokenMs"]);

function behaviorOf(how: PhotosFault): string {
  const parts = Object.entries(how).filter(([name]) => !AMOUNTS.has(name));
  return JSON.stringify(parts.map(([name, value]) => [name, SOME.has(name) ? "some" : value]).sort());
}

/** In Photos: by its bytes, or as far as a script can tell. */
const ARRIVED: readonly string[] = ["proved", "present"];

function toldBy({ events }: ImportHarness): string {
  return events
    .flatMap((event) => {
      if (event.type === "notice") return [event.message];
      return event.type === "relaunching" ? [event.because] : [];
    })
    .join("\n");
}

function stoppedAs(error: RollcallError) {
  return { code: error.code, status: statusOfError(error, null), lines: errorLines(error) };
}

/** The same error where it says all that it should; else what is missing in it. */
function promised(ending: Ending, error: RollcallError) {
  if (ending.ends !== "stopped") return { ending };
  const lines = errorLines(error);
  const missing = ending.says.filter((sentence) => !lines.join("\n").includes(sentence));
  return { code: ending.code, status: ending.status, lines: missing.length === 0 ? lines : { missing } };
}

function expectFinished(harness: ImportHarness, { head, answers }: Run, ending: Ending): void {
  if (ending.ends === "stopped") throw new Error("the run was to be stopped, and came to its end");
  const all = [...answers()];
  const lines = summaryLines(head, all, null);
  const others = othersThan(ARRIVED, all);
  const notInAlbum = (ending.ends === "done" ? ending.notInAlbum : undefined) ?? [];
  const came = titles.filter((title) => !(title in others) && !notInAlbum.includes(title));
  expect(all.map(({ path }) => path).sort()).toEqual([...RICH_PHONE_PATHS].sort());
  const extra = ending.ends === "without" ? ending.extra : undefined;
  expect(harness.albums()).toEqual({
    ...(came.length > 0 && { "Last Import": came }),
    ...(extra && { "Rollcall: extra copies": extra }),
  });
  expect(statusOfAnswers(head.totals)).toBe(ending.ends === "done" ? 0 : 3);
  if (ending.ends === "done") {
    expect(others).toEqual(STAYS_ON_PHONE);
    const isReferred = all.some(({ reason }) => reason?.code === "REFERENCED");
    const [sum, place, ...more] = lines;
    expect(sum).toBe(
      isReferred
        ? "9 new photos, all read back: Photos lists each under its id with the name it was given."
        : "9 new photos, all proved: the bytes in Photos are the bytes from the phone.",
    );
    const inAlbum = came.length === 0 ? "" : 'They are in the album "Last Import".   ';
    const number = notInAlbum.filter((name) => titles.includes(name)).length;
    const apart =
      number === 0
        ? ""
        : `${number} of them ${number === 1 ? "is" : "are"} in the library and not in the album.   `;
    expect(place).toBe(`${inAlbum}${apart}Not imported: 1 in iCloud only, 1 hidden.   Safe to unplug.`);
    expect(more.join("\n")).toMatch(isReferred ? /^Photos keeps references to \d+ files, no copies/ : /^$/);
    expect(new Set(copiesInLibrary(harness)).size).toBe(copiesInLibrary(harness).length);
    return;
  }
  expect(others).toEqual({ ...STAYS_ON_PHONE, ...ending.files });
  for (const sentence of ending.says) expect(lines.join("\n")).toContain(sentence);
  expect(lines.join("\n")).not.toContain("Safe to unplug");
}

/** What files answer otherwise, by their names. */
function othersThan(words: readonly string[], answers: Iterable<Answer>): Record<string, string> {
  const others = [...answers].filter(({ answer }) => !words.includes(answer));
  return Object.fromEntries(
    others.map(({ path, answer, reason }) => [nameOf(path), `${answer}: ${reason?.code}`]),
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The content of every file that the library keeps. */
function copiesInLibrary(harness: ImportHarness): string[] {
  return readdirSync(join(harness.photos.library.path, "originals"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString("base64"));
}
