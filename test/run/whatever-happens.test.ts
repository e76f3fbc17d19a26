import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RollcallError } from "../../src/errors.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import {
  type PhotosMisbehaviour,
  photosMisbehaviours,
} from "../../src/virtual/photos/photos-misbehaviour.js";
import { Desk } from "./one-desk.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

/** Cases in the normal run; more, and others, on request: ROLLCALL_TEST_CASES=10000 ROLLCALL_TEST_SEED=7. */
const numRuns = Number(process.env.ROLLCALL_TEST_CASES ?? 300);
const seed = Number(process.env.ROLLCALL_TEST_SEED ?? 20_261_122);

/** Rollcall ends for good, with whatever it was doing. */
class Kill extends Error {}

const things = ["photo", "live", "halves", "edit", "twin", "broken", "note", "film"] as const;
type Thing = (typeof things)[number];

/** One misbehaviour by its name, with one of its examples, from some event on, once or always. */
const misbehaviour = fc
  .record({
    of: fc.constantFrom(...photosMisbehaviours),
    example: fc.nat(20),
    atEvent: fc.integer({ min: 1, max: 40 }),
    times: fc.constantFrom(1, 1, 2, undefined),
  })
  .map(({ of, example, atEvent, times }) => {
    const how = { ...of.examples[example % of.examples.length]!, atEvent };
    return (times === undefined ? how : { ...how, times }) as PhotosMisbehaviour;
  });

/** At which script, counted over all runs, and on which side of it. */
const stop = fc.record({
  script: fc.integer({ min: 1, max: 50 }),
  when: fc.constantFrom("before" as const, "after" as const),
});

const story = fc.record({
  things: fc.array(fc.constantFrom(...things), { minLength: 1, maxLength: 6 }),
  misbehaviours: fc.array(misbehaviour, { maxLength: 2 }),
  stops: fc.array(stop, { maxLength: 2 }),
  batchItems: fc.integer({ min: 1, max: 4 }),
  isPhotosOpen: fc.boolean(),
});
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

function rollOf(what: readonly Thing[]): MemoryPhone {
  const files: Record<string, Buffer> = {};
  what.forEach((thing, at) => {
    const stem = `/DCIM/${100 + (at % 2)}APPLE/IMG_${String(at + 1).padStart(4, "0")}`;
    if (thing === "note") files[`${stem}.TXT`] = Buffer.from(`note ${at}`);
    else if (thing === "broken") files[`${stem}.JPG`] = Buffer.from(`no picture ${at}`);
    else if (thing === "film") files[`${stem}.MOV`] = mov(at + 1);
    else files[`${stem}.JPG`] = jpeg(thing === "twin" ? 999 : at + 1, thing === "live" ? `LIVE-${at}` : null);
    if (thing === "live") files[`${stem}.MOV`] = mov(at + 1, `LIVE-${at}`);
    if (thing === "halves") files[`${stem}.MOV`] = mov(at + 1);
    if (thing === "edit") files[`${stem}.AAE`] = aae(at + 1);
  });
  return phoneWith(files);
}

/** Each stop strikes once; what would follow it in the same run never happens. */
function withStops(desk: Desk, stops: Story["stops"]): void {
  const whole = desk.runScript;
  let scripts = 0;
  desk.runScript = async (script, input, options) => {
    scripts += 1;
    const now = stops.filter((one) => one.script === scripts);
    if (now.some(({ when }) => when === "before")) throw new Kill();
    const envelope = await whole(script, input, options);
    if (now.some(({ when }) => when === "after")) throw new Kill();
    return envelope;
  };
}

async function play({ things, misbehaviours, stops, batchItems, isPhotosOpen }: Story): Promise<void> {
  using desk = new Desk();
  const phone = rollOf(things);
  const request = { withoutPhoneLibrary: true, batchLimits: { items: batchItems, bytes: 1e9 } };
  const libraries = new Set([desk.photos.library.path]);
  const trouble: string[] = [];
  const attempt = async () => {
    try {
      return await desk.import(phone, request);
    } catch (error) {
      if (!(error instanceof Kill) && (!(error instanceof RollcallError) || error.code === "BUG"))
        throw error;
      trouble.push(error instanceof RollcallError ? error.code : "killed");
      return undefined;
    } finally {
      libraries.add(desk.photos.openLibraryPath());
    }
  };

  if (isPhotosOpen) desk.photos.launch();
  withStops(desk, stops);
  desk.photos.misbehave(misbehaviours);
  if ((await attempt()) === undefined) await attempt();
  // The person looks at Photos: nothing is in its way any more, and the first library is open again.
  desk.photos.misbehave(null);
  desk.photos.openLibrary(desk.photos.library.path);
  desk.photos.answerSheet("ok");
  desk.photos.end();
  let finished: Awaited<ReturnType<typeof attempt>>;
  for (let time = 0; time < 3 && finished === undefined; time += 1) finished = await attempt();
  if (finished === undefined) throw new Error(`no end with a Photos that is well: ${trouble.join(", ")}`);
  desk.photos.catchUp();
  check(desk, phone, finished, keptIn(libraries), misbehaviours);
  const last = (await attempt()) ?? (await attempt()) ?? (await attempt());
  if (last === undefined) throw new Error(`no end of the last run: ${trouble.join(", ")}`);
  checkThatGoodOnesCame(last, things, misbehaviours);
}

/** What failed for Photos' sake alone comes in with a Photos that is well; what may be in already stays `unknown`. */
function checkThatGoodOnesCame(
  { answers }: Awaited<ReturnType<Desk["import"]>>,
  things: Story["things"],
  misbehaviours: readonly PhotosMisbehaviour[],
): void {
  // Under these Photos itself loses sight of what it took.
  const isLost = ["ids-change", "library-switched", "hides-items", "imports-references"];
  if (misbehaviours.some(({ name }) => isLost.includes(name))) return;
  for (const { path, answer } of answers()) {
    const thing = things[Number(/IMG_(\d+)/.exec(path)![1]) - 1];
    if (thing === "broken" || thing === "note" || path.endsWith(".AAE")) continue;
    expect(["proved", "present", "unknown"], `${path} of a good ${thing}`).toContain(answer);
  }
}

test(`whatever Photos does and wherever it stops: one answer a file, nothing claimed that is not there, nothing twice (seed ${seed})`, async () => {
  await fc.assert(fc.asyncProperty(story, play), { numRuns, seed });
}, 3_600_000);

function check(
  desk: Desk,
  phone: MemoryPhone,
  { answers, head }: Awaited<ReturnType<Desk["import"]>>,
  byId: ReadonlyMap<string, readonly Buffer[]>,
  misbehaviours: readonly PhotosMisbehaviour[],
): void {
  const isOn = (...names: PhotosMisbehaviour["name"][]) =>
    misbehaviours.some(({ name }) => names.includes(name));
  const all = [...answers()];
  expect(all.map(({ path }) => path).sort()).toEqual([...phone.files.keys()].sort());
  expect(Object.values(head.totals.byAnswer).reduce((sum, count) => sum + count, 0)).toBe(phone.files.size);

  for (const { path, answer, photosId } of all) {
    if (answer !== "present" && answer !== "proved") continue;
    // A reference is no copy. A film beside a still of its name answers with the still where Photos shows one
    // item: whether it is a half of it, or was left out, no script can tell.
    const isBesideStill = path.endsWith(".MOV") && phone.files.has(path.replace(/MOV$/, "JPG"));
    const isScriptsWord = isOn("imports-references") || (isBesideStill && misbehaviours.length > 0);
    if (answer === "present" && isScriptsWord) continue;
    // A repair after the last look gives new ids: then the bytes are somewhere.
    const bytes = Buffer.from(phone.files.get(path)!.bytes);
    const places = isOn("ids-change") ? [...byId.values()].flat() : (byId.get(photosId!.slice(0, 36)) ?? []);
    expect(
      places.some((file) => file.equals(bytes)),
      `${path} is said to be in Photos`,
    ).toBe(true);
  }

  // What imports without a word and is hidden in the same breath no script can see.
  if (!(isOn("import-returns-nothing") && isOn("hides-items"))) {
    const originals = [...byId.values()].flat().map((file) => file.toString("base64"));
    expect(new Set(originals).size, "no bytes twice in the library").toBe(originals.length);
  }

  // An album made or deleted at the moment when another library came up, or while Photos shows an empty one,
  // is not known to be there.
  if (isOn("library-switched", "starts-slowly")) return;
  expect(Object.keys(desk.albums()).filter((title) => title.startsWith("Rollcall "))).toEqual([]);
  const { album } = head.destination as { album: { name: string } | null };
  if (album === null) return;
  const ofRun = all.filter(({ answer, thisRun }) => thisRun && (answer === "proved" || answer === "present"));
  const ids = new Set(ofRun.map(({ photosId }) => photosId));
  expect(desk.albums()[album.name] ?? [], "the album holds what this run brought").toHaveLength(ids.size);
}

/** Every original and rendering that these packages keep, by the id of its item. */
function keptIn(libraries: Iterable<string>): Map<string, Buffer[]> {
  const kept = new Map<string, Buffer[]>();
  for (const library of libraries) {
    for (const below of ["originals", "resources"]) {
      for (const entry of readdirSync(join(library, below), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const id = entry.name.slice(0, 36);
        kept.set(id, [...(kept.get(id) ?? []), readFileSync(join(entry.parentPath, entry.name))]);
      }
    }
  }
  return kept;
}
