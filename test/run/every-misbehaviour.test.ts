import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RollcallError } from "../../src/errors.js";
import { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";
import type { PhotosMisbehaviour } from "../../src/virtual/photos/photos-misbehaviour.js";
import { photosMisbehaviours } from "../../src/virtual/photos/photos-misbehaviour.js";
import { Desk } from "./one-desk.js";
import { jpeg, mov, phoneWith } from "./small-phones.js";

/** Samples of a misbehaviour at one event in the normal run; more, and others, on request: ROLLCALL_TEST_CASES=1000 ROLLCALL_TEST_SEED=7. */
const samples = Number(process.env.ROLLCALL_TEST_CASES ?? 30);
const seed = Number(process.env.ROLLCALL_TEST_SEED ?? 20_261_122);
const request = { withoutPhoneLibrary: true, batchLimits: { items: 2, bytes: 1e9 } } as const;

const examples = photosMisbehaviours.flatMap((described) => described.examples);

test.each(examples.map((how) => [JSON.stringify(how), how] as const))(
  "%s: nothing is claimed that is not there, nothing comes twice, every file answers",
  (_title, how) => importUnder([how]),
);

test(`a misbehaviour that strikes at any one event, alone or with another: the same holds (seed ${seed})`, async () => {
  const numbers = new SeededNumbers(seed);
  const anyOne = (): PhotosMisbehaviour => {
    const how = examples[numbers.below(examples.length)]!;
    return { ...how, atEvent: 1 + numbers.below(40) } as PhotosMisbehaviour;
  };
  for (let sample = 0; sample < samples; sample += 1) {
    const faults = numbers.below(3) === 0 ? [anyOne(), anyOne()] : [anyOne()];
    await importUnder(faults).catch((error: unknown) => {
      throw new Error(`under ${JSON.stringify(faults)}: ${(error as Error).message}`, { cause: error });
    });
  }
}, 600_000);

/** Two imports under the faults, each of which may end with a clear error; then Photos is well, and two more. */
async function importUnder(faults: PhotosMisbehaviour[]): Promise<void> {
  using desk = new Desk();
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2, "LIVE"),
    "/DCIM/100APPLE/IMG_0002.MOV": mov(2, "LIVE"),
    "/DCIM/100APPLE/IMG_0003.JPG": jpeg(3),
    "/DCIM/100APPLE/IMG_0004.JPG": jpeg(4),
  });
  const libraries = new Set([desk.photos.library.path]);
  const trouble: string[] = [];
  const attempt = async () => {
    try {
      return await desk.import(phone, request);
    } catch (error) {
      if (!(error instanceof RollcallError) || error.code === "BUG") throw error;
      trouble.push(error.code);
      return undefined;
    } finally {
      libraries.add(desk.photos.openLibraryPath());
    }
  };

  desk.photos.misbehave(faults);
  for (let time = 0; time < 2; time += 1) await attempt();
  desk.photos.misbehave(null);
  desk.photos.openLibrary(desk.photos.library.path);
  desk.photos.answerSheet("ok");
  desk.photos.end();
  let finished: Awaited<ReturnType<Desk["import"]>> | undefined;
  for (let time = 0; time < 2; time += 1) finished = await attempt();
  if (finished === undefined) throw new Error(`no end with a Photos that is well: ${trouble.join(", ")}`);
  desk.photos.catchUp();

  const answers = [...finished.answers()];
  expect(answers.map(({ path }) => path).sort()).toEqual([...phone.files.keys()].sort());
  const kept = keptIn(libraries);
  for (const { path, answer, photosId } of answers) {
    // A reference is no copy: that Photos shows it is all that `present` says.
    if (
      answer !== "present" ||
      faults.some(({ name }) => name === "imports-references" || name === "ids-change")
    )
      continue;
    const bytes = Buffer.from(phone.files.get(path)!.bytes);
    const isThere = kept.get(photosId!.slice(0, 36))?.some((file) => file.equals(bytes)) === true;
    expect(isThere, `${path} is said to be there, after ${trouble.join(", ")}`).toBe(true);
  }
  // Photos that says "nothing came in" of an item which it hides in the same breath is believed by any script.
  const isBeyondScripts = ["import-returns-nothing", "hides-items"].every((name) =>
    faults.some((fault) => fault.name === name),
  );
  if (isBeyondScripts) return;
  const all = [...kept.values()].flat().map((file) => file.toString("base64"));
  expect(all.length, `nothing is there twice, after ${trouble.join(", ")}`).toBe(new Set(all).size);
  // An album that was being made or deleted at the very moment when another library came up, or a Photos
  // that shows nothing yet, is not known to be there.
  if (!faults.some(({ name }) => name === "library-switched" || name === "starts-slowly"))
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
