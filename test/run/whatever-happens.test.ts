import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunScript } from "../../src/jxa/run-script.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { Desk } from "./one-desk.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

/** Cases in the normal run; more, and others, on request: ROLLCALL_TEST_CASES=10000 ROLLCALL_TEST_SEED=7. */
const numRuns = Number(process.env.ROLLCALL_TEST_CASES ?? 40);
const seed = Number(process.env.ROLLCALL_TEST_SEED ?? 20_261_122);

class Crash extends Error {}

const thing = fc.constantFrom("photo", "live", "halves", "edit", "twin", "broken", "note", "film");
const fault = fc.record({
  script: fc.integer({ min: 1, max: 40 }),
  how: fc.constantFrom(
    "crash before",
    "crash after",
    "-1712 done",
    "-1712 not done",
    "-609 done",
    "-10000",
    "-600 done",
  ),
});

type Thing = "photo" | "live" | "halves" | "edit" | "twin" | "broken" | "note" | "film";
type Fault = { script: number; how: string };

function rollOf(things: readonly Thing[]): MemoryPhone {
  const files: Record<string, Buffer> = {};
  things.forEach((what, at) => {
    const stem = `/DCIM/${100 + (at % 2)}APPLE/IMG_${String(at + 1).padStart(4, "0")}`;
    if (what === "note") files[`${stem}.TXT`] = Buffer.from(`note ${at}`);
    else if (what === "broken") files[`${stem}.JPG`] = Buffer.from(`no picture ${at}`);
    else if (what === "film") files[`${stem}.MOV`] = mov(at + 1);
    else files[`${stem}.JPG`] = jpeg(what === "twin" ? 999 : at + 1, what === "live" ? `LIVE-${at}` : null);
    if (what === "live") files[`${stem}.MOV`] = mov(at + 1, `LIVE-${at}`);
    if (what === "halves") files[`${stem}.MOV`] = mov(at + 1);
    if (what === "edit") files[`${stem}.AAE`] = aae(at + 1);
  });
  return phoneWith(files);
}

/** Each fault strikes once, at its script counted over all runs. */
function withFaults(desk: Desk, faults: readonly Fault[]): void {
  const whole = desk.runScript;
  const byScript = new Map(faults.map(({ script, how }) => [script, how]));
  let count = 0;
  const faulty: RunScript = async (script, input, options) => {
    count += 1;
    const how = byScript.get(count);
    if (how === "crash before") throw new Crash();
    const number = Number(/^-\d+/.exec(how ?? "")?.[0]);
    const isDone =
      how === undefined || how.endsWith(" done") !== how.endsWith("not done") || how === "crash after";
    const envelope = isDone ? await whole(script, input, options) : null;
    if (how === "crash after") throw new Crash();
    if (Number.isNaN(number)) return envelope!;
    return { ok: false, number, message: "made to fail", step: "test" };
  };
  desk.runScript = faulty;
}

test(`whatever fails and wherever it stops: one answer a file, nothing claimed that is not there, nothing twice (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(thing, { minLength: 1, maxLength: 10 }),
      fc.array(fault, { maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      async (things, faults, items) => {
        using desk = new Desk();
        const phone = rollOf(things as Thing[]);
        withFaults(desk, faults);
        const request = { withoutPhoneLibrary: true, batchLimits: { items, bytes: 1e9 } };
        let finished: Awaited<ReturnType<Desk["import"]>> | undefined;
        for (let tries = 0; tries < 6 && finished === undefined; tries += 1) {
          finished = await desk.import(phone, request).catch((error: unknown) => {
            const code = (error as { code?: string }).code;
            if (error instanceof Crash || code === "PHOTOS_UNAVAILABLE") return undefined;
            throw error;
          });
        }
        if (finished === undefined) throw new Error("six runs were not enough to come to an end");
        check(desk, phone, finished);
      },
    ),
    { numRuns, seed },
  );
}, 120_000);

function check(desk: Desk, phone: MemoryPhone, { answers, head }: Awaited<ReturnType<Desk["import"]>>): void {
  const all = [...answers()];
  expect(all.map(({ path }) => path).sort()).toEqual([...phone.files.keys()].sort());
  expect(Object.values(head.totals.byAnswer).reduce((sum, count) => sum + count, 0)).toBe(phone.files.size);

  const kept = keptFiles(desk);
  for (const { path, answer, photosId } of all) {
    if (answer !== "present") continue;
    const bytes = Buffer.from(phone.files.get(path)!.bytes);
    const found = kept.get(photosId!.slice(0, 36)) ?? [];
    expect(
      found.some((file) => file.equals(bytes)),
      `${path} is said to be in Photos`,
    ).toBe(true);
  }

  const originals = [...kept.values()].flat().map((file) => file.toString("base64"));
  expect(new Set(originals).size, "no bytes twice in the library").toBe(originals.length);

  const present = new Set(all.flatMap(({ answer, photosId }) => (answer === "present" ? [photosId] : [])));
  const titles = Object.keys(desk.albums());
  expect(titles.filter((title) => title !== "Last Import")).toEqual([]);
  if (all.every(({ answer }) => answer !== "unknown"))
    expect(desk.albums()["Last Import"]?.length ?? 0).toBe(present.size);
}

/** What the library package holds, by the id of the item. */
function keptFiles(desk: Desk): Map<string, Buffer[]> {
  const kept = new Map<string, Buffer[]>();
  for (const folder of ["originals", "resources"]) {
    const top = join(desk.photos.library.path, folder);
    for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const id = entry.name.slice(0, 36);
      kept.set(id, [...(kept.get(id) ?? []), readFileSync(join(entry.parentPath, entry.name))]);
    }
  }
  return kept;
}
