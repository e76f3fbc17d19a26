import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RollcallError } from "../../src/errors.js";
import { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";
import type { AppleEvent } from "../../src/virtual/photos/apple-event.js";
import {
  hookFor,
  type PhotosMisbehaviour,
  photosMisbehaviours,
} from "../../src/virtual/photos/photos-misbehaviour.js";
import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import { Desk } from "./one-desk.js";
import { jpeg, mov, phoneWith } from "./small-phones.js";

/** Pairs of misbehaviours in the normal run; more, and others, on request: ROLLCALL_TEST_CASES=1000 ROLLCALL_TEST_SEED=7. */
const pairs = Number(process.env.ROLLCALL_TEST_CASES ?? 15);
const seed = Number(process.env.ROLLCALL_TEST_SEED ?? 20_261_122);
/** With ROLLCALL_TEST_EVERY_STOP=1 each misbehaviour strikes at every event that it concerns; otherwise at every twelfth of them, and at one at least. */
const stride = process.env.ROLLCALL_TEST_EVERY_STOP === "1" ? 1 : 12;
const oneByOne = { withoutPhoneLibrary: true, batchLimits: { items: 1, bytes: 1e9 } } as const;

/** Rollcall ends for good. */
class Kill extends Error {}

const onPhone = {
  "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
  "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2, "LIVE"),
  "/DCIM/100APPLE/IMG_0002.MOV": mov(2, "LIVE"),
};

const examples = photosMisbehaviours.flatMap((described) => described.examples);
const events = await eventsOfOneRun();

for (const [number, how] of examples.entries()) {
  const all = placesOf(how);
  const step = Math.min(stride, all.length);
  const places = all.filter((_place, at) => at % step === number % step);
  const where = `at event${places.length === 1 ? "" : "s"} ${places.join(", ")}`;
  test(`${JSON.stringify(how)} ${where}: nothing is claimed that is not there, nothing comes twice, every file answers`, async () => {
    for (const atEvent of places) await importUnder([{ ...how, atEvent } as PhotosMisbehaviour], []);
  }, 120_000);
}

test(`two misbehaviours at any events, and a kill in between: the same holds (seed ${seed})`, async () => {
  const numbers = new SeededNumbers(seed);
  const anyOne = () => {
    const how = examples[numbers.below(examples.length)]!;
    return { ...how, atEvent: 1 + numbers.below(events.length) } as PhotosMisbehaviour;
  };
  for (let pair = 0; pair < pairs; pair += 1) {
    const stops = numbers.below(2) === 0 ? [] : [1 + numbers.below(40)];
    await importUnder([anyOne(), anyOne()], stops);
  }
}, 3_600_000);

/** The names of the events of an undisturbed run, in their order. */
async function eventsOfOneRun(): Promise<string[]> {
  using desk = new Desk();
  const seen: string[] = [];
  let before: Readonly<Record<string, number>> = {};
  const look = () => {
    const { events: counted } = desk.photos.counters();
    seen.push(...Object.keys(counted).filter((name) => counted[name] !== before[name]));
    before = counted;
  };
  desk.runScript = runInProcess(
    {
      ...desk.photos,
      runText: (text, options) => desk.photos.runText(text, { ...options, stillWanted: look }),
    },
    desk.clock,
  );
  await desk.import(phoneWith(onPhone), oneByOne);
  return seen;
}

/** From which events on a misbehaviour makes a difference: it strikes at the first that concerns it. */
function placesOf(how: PhotosMisbehaviour): number[] {
  const { concerns, standing } = hookFor(how);
  if (standing !== undefined) return [1];
  const isConcerned = (name: string) => {
    try {
      const event = { event: name, direct: [], parameters: {} } as unknown as AppleEvent;
      return concerns === undefined || concerns(event, undefined as never);
    } catch {
      return true; // it looks at more than the event
    }
  };
  const places = events.flatMap((name, at) => (isConcerned(name) ? [at + 1] : []));
  return places.length === 0 ? [1] : places;
}

/** Imports under the faults, which may end with a clear error; then Photos is well, and the run is finished. */
async function importUnder(faults: readonly PhotosMisbehaviour[], stops: readonly number[]): Promise<void> {
  try {
    await playUnder(faults, stops);
  } catch (error) {
    const what = `under ${JSON.stringify(faults)}, killed at ${JSON.stringify(stops)}`;
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

async function playUnder(faults: readonly PhotosMisbehaviour[], stops: readonly number[]): Promise<void> {
  using desk = new Desk();
  const phone = phoneWith(onPhone);
  const libraries = new Set([desk.photos.library.path]);
  const trouble: string[] = [];
  const attempt = async () => {
    try {
      return await desk.import(phone, oneByOne);
    } catch (error) {
      if (!(error instanceof Kill) && (!(error instanceof RollcallError) || error.code === "BUG"))
        throw error;
      trouble.push(error instanceof RollcallError ? error.code : "killed");
      return undefined;
    } finally {
      libraries.add(desk.photos.openLibraryPath());
    }
  };
  const whole = desk.runScript;
  let scripts = 0;
  desk.runScript = (script, input, options) => {
    scripts += 1;
    if (stops.includes(scripts)) throw new Kill();
    return whole(script, input, options);
  };

  desk.photos.misbehave(faults);
  if ((await attempt()) === undefined) await attempt();
  desk.photos.misbehave(null);
  desk.photos.openLibrary(desk.photos.library.path);
  desk.photos.answerSheet("ok");
  desk.photos.end();
  let finished = await attempt();
  if (finished === undefined) finished = await attempt();
  if (finished === undefined) throw new Error(`no end with a Photos that is well: ${trouble.join(", ")}`);
  desk.photos.catchUp();

  const isOn = (...names: PhotosMisbehaviour["name"][]) => faults.some(({ name }) => names.includes(name));
  const answers = [...finished.answers()];
  expect(answers.map(({ path }) => path).sort()).toEqual([...phone.files.keys()].sort());
  const kept = keptIn(libraries);
  for (const { path, answer, photosId } of answers) {
    // A reference is no copy: that Photos shows it is all that `present` says.
    const isReferred = isOn("imports-references", "ids-change");
    if (answer !== "proved" && (answer !== "present" || isReferred)) continue;
    const bytes = Buffer.from(phone.files.get(path)!.bytes);
    const isThere = kept.get(photosId!.slice(0, 36))?.some((file) => file.equals(bytes)) === true;
    expect(isThere, `${path} is said to be there, after ${trouble.join(", ")}`).toBe(true);
  }
  // Photos that says "nothing came in" of an item which it hides in the same breath is believed by any script.
  if (isOn("import-returns-nothing") && isOn("hides-items")) return;
  const all = [...kept.values()].flat().map((file) => file.toString("base64"));
  expect(all.length, `nothing is there twice, after ${trouble.join(", ")}`).toBe(new Set(all).size);
  // An album that was being made or deleted at the very moment when another library came up, or a Photos
  // that shows nothing yet, is not known to be there.
  if (!isOn("library-switched", "starts-slowly"))
    expect(Object.keys(desk.albums()).filter((title) => title.startsWith("Rollcall "))).toEqual([]);
}

/** Every original that these packages keep, by the id of its item. */
function keptIn(libraries: Iterable<string>): Map<string, Buffer[]> {
  const kept = new Map<string, Buffer[]>();
  for (const library of libraries) {
    for (const entry of readdirSync(join(library, "originals"), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const id = entry.name.slice(0, 36);
      kept.set(id, [...(kept.get(id) ?? []), readFileSync(join(entry.parentPath, entry.name))]);
    }
  }
  return kept;
}
