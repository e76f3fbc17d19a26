import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect } from "vitest";
import { RollcallError } from "../../src/errors.js";
import type { Receipt } from "../../src/receipt/receipt.js";
import type { ImportRequest } from "../../src/run/run-parts.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import type { ImportHarness } from "./import-harness.js";

/** What goes wrong during an import, and where Rollcall itself ends. */
export interface Trouble {
  readonly faults: readonly PhotosFault[];
  readonly stops: readonly Stop[];
}

/** Rollcall is killed on this side of one script. */
export interface Stop {
  /** Its number, counted from 1 over all runs; or the first one of this name. */
  readonly script: number | string;
  readonly when: "before" | "after";
}

/** Rollcall ends for good, with whatever it was doing. */
class Kill extends Error {}

type Finished = Awaited<ReturnType<ImportHarness["import"]>>;

/** An import that met trouble, the person who put Photos right, and the run that came to its end. */
export interface Ending {
  readonly harness: ImportHarness;
  readonly phone: MemoryPhone;
  readonly finished: Finished;
  /** How the runs before it ended: codes of errors, or "killed". */
  readonly broken: readonly string[];
  /** The packages that were open in between, the first one first. */
  readonly libraries: readonly string[];
  /** For each fault the number of the event that it struck first; null where it struck none. */
  readonly struckAt: readonly (number | null)[];
  isOn(...names: PhotosFault["name"][]): boolean;
  /** Once more, with a Photos that is well. */
  again(): Promise<Finished>;
}

/**
 * Imports in trouble, twice where the first run broke off; then Photos is well, the first library is open
 * again, and the run is finished.
 * @throws where it does not come to an end then
 */
export async function importInTrouble(
  harness: ImportHarness,
  phone: MemoryPhone,
  request: Partial<ImportRequest>,
  { faults, stops }: Trouble,
): Promise<Ending> {
  const libraries = new Set([harness.photos.library.path]);
  const broken: string[] = [];
  const attempt = async (): Promise<Finished | null> => {
    try {
      return await harness.import(phone, request);
    } catch (error) {
      if (!(error instanceof Kill) && (!(error instanceof RollcallError) || error.code === "BUG"))
        throw error;
      broken.push(error instanceof RollcallError ? error.code : "killed");
      return null;
    } finally {
      libraries.add(harness.photos.openLibraryPath());
    }
  };
  const untilFinished = async (): Promise<Finished> => {
    for (let time = 0; time < 3; time += 1) {
      const finished = await attempt();
      if (finished !== null) return finished;
    }
    throw new Error(`no end with a Photos that is well: ${broken.join(", ")}`);
  };

  killAt(harness, stops);
  harness.photos.faults(faults);
  if ((await attempt()) === null) await attempt();
  const struckAt = harness.photos.firstOccurrences();
  harness.photos.faults(null);
  harness.photos.openLibrary(harness.photos.library.path);
  harness.photos.answerSheet("ok");
  harness.photos.end();
  const finished = await untilFinished();
  harness.photos.catchUp();
  return {
    harness,
    phone,
    finished,
    broken,
    struckAt,
    libraries: [...libraries],
    again: untilFinished,
    isOn: (...names) => faults.some(({ name }) => names.includes(name)),
  };
}

/** Each stop strikes once; what would follow it in the same run never happens. */
function killAt(harness: ImportHarness, stops: readonly Stop[]): void {
  const whole = harness.runScript;
  let scripts = 0;
  const names = new Set<string>();
  harness.runScript = async (script, input, options) => {
    scripts += 1;
    const isFirst = !names.has(script.name);
    names.add(script.name);
    const now = stops.filter((one) => one.script === scripts || (isFirst && one.script === script.name));
    if (now.some(({ when }) => when === "before")) throw new Kill();
    const envelope = await whole(script, input, options);
    if (now.length > 0) throw new Kill();
    return envelope;
  };
}

/** Every original and rendering that a package keeps, by the id of its item. */
function keptIn(library: string): Map<string, Buffer[]> {
  const kept = new Map<string, Buffer[]>();
  for (const below of ["originals", "resources"]) {
    for (const entry of readdirSync(join(library, below), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const id = entry.name.slice(0, 36);
      kept.set(id, [...(kept.get(id) ?? []), readFileSync(join(entry.parentPath, entry.name))]);
    }
  }
  return kept;
}

function extraCopiesKnown({ ledgerPath }: ImportHarness): ReadonlySet<string> {
  const ledger = new DatabaseSync(ledgerPath, { readOnly: true });
  try {
    const rows = ledger.prepare("SELECT photos_id AS id FROM extra_copy").all();
    return new Set(rows.map(({ id }) => String(id).slice(0, 36)));
  } finally {
    ledger.close();
  }
}

/** The names of the extra copies that the receipts of all runs tell of, in their order. */
export function extraCopiesNamed({ folder }: ImportHarness): string[] {
  const receipts = join(folder, "receipts");
  return readdirSync(receipts)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(join(receipts, name), "utf8")) as Receipt)
    .flatMap(({ destination }) => (destination.kind === "photos" ? (destination.extraCopies ?? []) : []))
    .map(({ name }) => name)
    .sort();
}

/** Every file has one answer; what is said to be in Photos is there, and once; no album of ours is left behind. */
export function expectHonest(ending: Ending): void {
  const { harness, phone, finished, libraries, broken, isOn } = ending;
  const kept = libraries.map(keptIn);
  const after = `after ${broken.join(", ") || "one run"}`;
  const answers = [...finished.answers()];
  expect(answers.map(({ path }) => path).sort()).toEqual([...phone.files.keys()].sort());
  const { byAnswer } = finished.head.totals;
  expect(Object.values(byAnswer).reduce((sum, count) => sum + count, 0)).toBe(phone.files.size);

  for (const { path, answer, photosId } of answers) {
    if (answer !== "proved" && answer !== "present") continue;
    // A reference is no copy: that Photos shows it is all that `present` says.
    if (answer === "present" && isOn("imports-references")) continue;
    const bytes = Buffer.from(phone.files.get(path)!.bytes);
    // A repair after the last look gave it another id since.
    const places = kept.flatMap((library) =>
      isOn("ids-change") ? [...library.values()].flat() : (library.get(photosId!.slice(0, 36)) ?? []),
    );
    expect(
      places.some((file) => file.equals(bytes)),
      `${path} is said to be ${answer}, ${after}`,
    ).toBe(true);
  }

  expectNothingTwice(ending);

  // An album that was being made or deleted at the moment when another library came up, or while Photos
  // showed an empty one, is not known to be there.
  if (isOn("library-switched", "starts-slowly")) return;
  expect(Object.keys(harness.albums()).filter((title) => title.startsWith("Rollcall "))).toEqual([]);
}

/** But for extra copies that are told as such: what Photos made of a rendering stays when its photo comes in whole. */
export function expectNothingTwice({ harness, libraries, broken }: Ending): void {
  const extra = extraCopiesKnown(harness);
  for (const library of libraries) {
    const wanted = [...keptIn(library)].filter(([id]) => !extra.has(id));
    const all = wanted.flatMap(([, files]) => files.map((file) => file.toString("base64")));
    expect(new Set(all).size, `nothing is there twice, after ${broken.join(", ") || "one run"}`).toBe(
      all.length,
    );
  }
}
